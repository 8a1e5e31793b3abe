/** The public surface of `@tenantry/fastify`. */

export type { CredentialSource, RequestAuth, RuleOptions } from '@tenantry/core/http'
export { bearer, cookie } from '@tenantry/core/http'
export type { AuditedRoute } from './audit/audit-routes.ts'
export { auditRoutes } from './audit/audit-routes.ts'
export type {
  FastifyMessage,
  Guard,
  Guards,
  Permission,
  Register,
  Role,
  RouteConfig,
} from './augment.ts'
export { getAuth, getOptionalAuth } from './get-auth.ts'
export type { TenantryOptions } from './plugin.ts'
// biome-ignore lint/style/noDefaultExport: Fastify's way of sharing a plugin
export { tenantry, tenantry as default } from './plugin.ts'

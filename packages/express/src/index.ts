/** The public surface of `@tenantry/express`: guards for tenant routes, and the caller behind them. */

export type { CredentialSource, RequestAuth } from '@tenantry/core/http'
export { bearer, cookie } from '@tenantry/core/http'
export type { AuditedRoute } from './audit/audit-routes.ts'
export { auditRoutes } from './audit/audit-routes.ts'
export type { GuardableRequest } from './augment.ts'
export { createGuard } from './create-guard.ts'
export { getAuth, getOptionalAuth } from './get-auth.ts'
export type { ExpressGuardOptions, ExpressRuleOptions, Guard, GuardHandler } from './guard.ts'

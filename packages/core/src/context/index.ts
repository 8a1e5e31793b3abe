/** `@tenantry/core/context`: the current tenant, for data packages, jobs and scripts. */

export type { ContextAuth } from './context.ts'
export {
  currentAuth,
  currentTenantId,
  runWithAuth,
  withTenant,
} from './context.ts'

/** `@tenantry/core/context`: the current tenant, for data packages, jobs and scripts. */

export { runWithAuth, withTenant } from './context.ts'
export { currentAuth, currentSystem, currentTenantId } from './current.ts'
export type { ContextAuth, SystemContext } from './storage.ts'
export { asSystem } from './system.ts'

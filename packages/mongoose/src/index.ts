/** `@tenantry/mongoose`: every query of a scoped model stays inside of the current tenant. */

export type { ScopeAuth, ScopeOf } from './declaration.ts'
export type { MongooseLike } from './install.ts'
export { installTenantGuard } from './install.ts'
export { organization } from './organization.ts'
export type { TenantGlobalOptions } from './tenant-global.ts'
export { tenantGlobal } from './tenant-global.ts'
export type { TenantScopeOptions } from './tenant-scope.ts'
export { tenantScope } from './tenant-scope.ts'

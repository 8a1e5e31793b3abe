/** The public surface of `@tenantry/postgres`: every query inside of the current tenant. */

export type { PgClient, PgPool } from './driver.ts'
export type { TenantPoolOptions } from './options.ts'
export type { RowLevelSecurityOptions, TenantColumnType } from './row-level-security.ts'
export { rowLevelSecurity } from './row-level-security.ts'
export { tenantPool } from './tenant-pool.ts'

/** The public surface of `@tenantry/postgres`: every query inside of the current tenant. */

export type { AuditOptions } from './audit/audit.ts'
export { auditRowLevelSecurity } from './audit/audit.ts'
export type { AuditClient } from './audit/catalog.ts'
export type { Finding, FindingId } from './audit/finding.ts'
export type {
  PgClient,
  PgliteResult,
  PgliteSource,
  PgliteTransaction,
  PgPool,
} from './driver.ts'
export type { BindingOptions, TenantPoolOptions } from './options.ts'
export type { PrismaExtension } from './prisma.ts'
export { prismaTenancy } from './prisma.ts'
export type { RowLevelSecurityOptions, TenantColumnType } from './row-level-security.ts'
export { rowLevelSecurity } from './row-level-security.ts'
export type {
  TenantDatabase,
  TenantDatabaseOptions,
  TenantQueries,
  TenantResult,
} from './tenant-database.ts'
export { tenantDatabase } from './tenant-database.ts'
export { tenantPool } from './tenant-pool.ts'

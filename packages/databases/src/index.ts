/** The public surface of `@tenantry/databases`: one database per tenant. */

export type { Lease } from './lease.ts'
export type { TenantRegistry, TenantRow, TenantStatus } from './registry.ts'
export type {
  CloseReport,
  DatabaseMiddleware,
  DatabaseStats,
  DeadlineOptions,
  TenantDatabases,
} from './tenant-databases.ts'

/** The public surface of `@tenantry/databases`: one database per tenant. */

export type { Register, RegisteredDatabase } from './augment.ts'
export { createTenantDatabases } from './create-tenant-databases.ts'
export { checkDatabaseName } from './database-name.ts'
export type { DatabaseEvent } from './events.ts'
export type { Lease } from './lease.ts'
export type {
  ConnectContext,
  DatabaseBinding,
  DisconnectContext,
  TenantDatabasesOptions,
} from './options.ts'
// Provisioning
export type {
  DirectoryEntry,
  FirstUser,
  NewTenant,
  ProvisionedTenant,
  Provisioning,
  ProvisioningRegistry,
  ProvisioningStep,
  ProvisionTenantOptions,
  SweepReport,
  TenantChange,
  TenantPage,
  TenantRecord,
  TenantStorage,
} from './provision/index.ts'
export {
  canonicalEmail,
  hashPassword,
  isAcceptablePassword,
  isSlug,
  provisionTenant,
  sweepTenants,
  verifyPassword,
} from './provision/index.ts'
export type { TenantRegistry, TenantRow, TenantStatus } from './registry.ts'
export type { Shutdown, ShutdownOptions, ShutdownReport } from './shutdown/create-shutdown.ts'
export { createShutdown } from './shutdown/create-shutdown.ts'
export type { Drainable } from './shutdown/requests.ts'
export type {
  CloseReport,
  DatabaseMiddleware,
  DatabaseStats,
  DeadlineOptions,
  TenantDatabases,
} from './tenant-databases.ts'

/** `@tenantry/databases/pg`: a pool of pg for each tenant. */

export { pgRegistry } from '../registries/pg-registry.ts'
export { pgStorage } from '../storage/pg-storage.ts'
export type { PgDatabasesOptions } from './pg-databases.ts'
export { pgDatabases } from './pg-databases.ts'

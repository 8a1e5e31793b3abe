/** `@tenantry/databases/pglite`: a PGlite for each tenant, in a folder of its own. */

export { pgliteRegistry } from '../registries/pglite-registry.ts'
export { pgliteStorage } from '../storage/pglite-storage.ts'
export type { PgliteDatabasesOptions } from './pglite-databases.ts'
export { pgliteDatabases } from './pglite-databases.ts'

/** `@tenantry/databases/pglite`: a PGlite for each tenant, in a folder of its own. */

export type { PgliteDatabasesOptions } from './pglite-databases.ts'
export { pgliteDatabases } from './pglite-databases.ts'

/** `@tenantry/databases/pg`: a pool of pg for each tenant. */

export type { PgDatabasesOptions } from './pg-databases.ts'
export { pgDatabases } from './pg-databases.ts'

/** What the middleware and the plugin add to the types of requests. */
import type { TenantDatabases } from './tenant-databases.ts'

/**
 * Tells the types of requests which databases are in use:
 *
 * ```typescript
 * declare module '@tenantry/databases' {
 *   interface Register {
 *     databases: typeof databases
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications merge their databases into it
export interface Register {}

/** The database of a tenant, as the registered databases have it; unknown without any. */
export type RegisteredDatabase = Register extends {
  readonly databases: TenantDatabases<infer Database, infer _Row>
}
  ? Database
  : unknown

declare global {
  namespace Express {
    interface Request {
      /** The database of the tenant, behind `databases.middleware()`, until the response is over. */
      readonly database?: RegisteredDatabase
    }
  }
}

/** The admin database on a server of PostgreSQL. */
import type { Pool } from 'pg'
import type { ProvisioningRegistry } from '../provision/provisioning-registry.ts'
import { sqlRegistry } from './sql-registry.ts'

/**
 * A registry in PostgreSQL. The pool is one of the admin database's own: it is no tenant's, and the
 * last thing that is closed.
 *
 * @example
 * ```ts
 * import { pgRegistry } from '@tenantry/databases/pg'
 * import pg from 'pg'
 *
 * const registry = pgRegistry(new pg.Pool({ database: 'admin' }))
 * await registry.createTables()
 * ```
 */
export function pgRegistry(pool: Pick<Pool, 'query'>): ProvisioningRegistry {
  return sqlRegistry({ query: (text, values) => pool.query(text, values) })
}

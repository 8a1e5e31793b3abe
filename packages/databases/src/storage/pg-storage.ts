/** Databases of tenants on a server of PostgreSQL. */
import type { Pool } from 'pg'
import { checkDatabaseName } from '../database-name.ts'
import type { TenantStorage } from '../provision/provisioning.ts'

/** SQLSTATE: there is a database of that name. */
const duplicate = '42P04'

/**
 * Makes and drops databases for `provisionTenant`.
 *
 * @param pool - of a role that may create databases, to any database of the server
 *
 * @example
 * ```ts
 * import { pgStorage } from '@tenantry/databases/pg'
 * import pg from 'pg'
 *
 * const storage = pgStorage(new pg.Pool({ user: 'owner', database: 'admin' }))
 * ```
 */
export function pgStorage(pool: Pick<Pool, 'query'>): TenantStorage {
  return {
    async createDatabase(name) {
      checkDatabaseName(name)
      try {
        // Another template may be in use while it is copied.
        await pool.query(`create database "${name}" template template0`)
        return true
      } catch (error) {
        if (error instanceof Error && Reflect.get(error, 'code') === duplicate) return false
        throw error
      }
    },
    async dropDatabase(name) {
      checkDatabaseName(name)
      await pool.query(`drop database if exists "${name}" with (force)`)
    },
    async listDatabases() {
      const text = 'select datname from pg_database where starts_with(datname, $1)'
      const { rows } = await pool.query<{ readonly datname: string }>(text, ['tenant_'])
      return rows.map(({ datname }) => datname)
    },
  }
}

/** A server of PostgreSQL: a database for each tenant, and one for the admin database. */
import { pgDatabases, pgRegistry, pgStorage } from '@tenantry/databases/pg'
import pg from 'pg'
import type { Backend } from './backend.ts'
import { addFirstUser, migrate, sqlWorkspace } from './sql-workspace.ts'

/** Whoever holds it makes a database that two programs start on at once. */
const lock = 7_316_204

/**
 * @param url - of a database that is there, for a role that may create databases
 * @param adminDatabase - the name of the admin database; it is made when it is not there
 */
export async function openPostgres(url: string, adminDatabase: string): Promise<Backend<pg.Pool>> {
  await makeDatabase(url, adminDatabase)
  const connectionString = at(url, adminDatabase)
  const admin = new pg.Pool({ connectionString, max: 5 })
  // A connection that breaks while nobody uses it is replaced by the pool.
  admin.on('error', (error) => console.error(`The admin database: ${error.message}`))
  const registry = pgRegistry(admin)
  await registry.createTables()
  const binding = pgDatabases({ pool: { connectionString } })
  return {
    name: 'PostgreSQL',
    binding,
    provisioning: { registry, ...pgStorage(admin), ...binding, migrate, addFirstUser },
    workspaceOf: sqlWorkspace,
    close: () => admin.end(),
  }
}

async function makeDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lock])
    const there = await client.query('select from pg_database where datname = $1', [name])
    if (there.rows.length === 0) {
      await client.query(`create database ${client.escapeIdentifier(name)}`)
    }
  } finally {
    await client.end()
  }
}

/** The same server, and another database. */
function at(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${encodeURIComponent(database)}`
  return other.href
}

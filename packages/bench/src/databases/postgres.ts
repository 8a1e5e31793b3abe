/** A database of PostgreSQL for one bench. */
import { randomBytes } from 'node:crypto'
import { rowLevelSecurity } from '@tenantry/postgres'
import pg from 'pg'
import { findServer } from '../../../postgres/test/support/server.ts'
import { rows, tenants } from './rows.ts'

const server = await findServer()

export const postgresAbsence: string | undefined =
  server === undefined ? 'no PostgreSQL server answers on PGHOST or 127.0.0.1.' : undefined

/** `widgets` has row-level security, and `plain_widgets` has the same rows without any. */
const tables = (role: string): string => `
  create role ${role} login;
  create table plain_widgets (tenant_id text, key integer, name text, price integer, status text,
    primary key (tenant_id, key));
  create table widgets (like plain_widgets including all);
  grant select on plain_widgets to ${role};
  ${rowLevelSecurity('widgets', { column: 'tenant_id', role })}`

/** @returns the URL for the role of an application, and what takes everything away again */
export async function createDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (server === undefined) throw new Error(postgresAbsence)
  const { host, port, user } = server
  const name = `tenantry_bench_${randomBytes(4).toString('hex')}`
  const inDatabase = async (database: string, run: (client: pg.Client) => Promise<unknown>) => {
    const client = new pg.Client({ host, port, user, database })
    await client.connect()
    await run(client).finally(() => client.end())
  }
  await inDatabase(server.database, (client) => client.query(`create database ${name}`))
  await inDatabase(name, async (client) => {
    await client.query(tables(name))
    for (const tenantId of tenants) {
      for (const { key, name, price, status } of rows) {
        const values = [tenantId, key, name, price, status]
        await client.query('insert into plain_widgets values ($1, $2, $3, $4, $5)', values)
      }
    }
    await client.query('insert into widgets select * from plain_widgets')
    await client.query('analyze')
  })
  return {
    url: `postgres://${name}@${host}:${port}/${name}`,
    async drop() {
      await inDatabase(server.database, async (client) => {
        await client.query(`drop database ${name} with (force)`)
        await client.query(`drop role ${name}`)
      })
      await server.stop()
    },
  }
}

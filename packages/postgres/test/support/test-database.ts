/** A database of its own on a real server, with the roles that a well-kept application has. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll } from 'vitest'
import { rowLevelSecurity } from '../../src/index.ts'
import { findServer, type Server } from './server.ts'

/** The server of this file of tests; undefined where there is none. */
export const server: Server | undefined = await findServer()
// A temporary one ends with the file; hooks run in reverse, so that this is the last one.
afterAll(async () => await server?.stop())

/** The title of a suite that needs a server: it says why nothing was run. */
export function onServer(title: string): string {
  return server === undefined ? `${title} (SKIPPED: no PostgreSQL server, only PGlite)` : title
}

/** Two tenants whose rows have the same keys. */
export const seed = [
  { tenant_id: 'a', id: 1, name: 'a one', price: 10 },
  { tenant_id: 'a', id: 2, name: 'a two', price: 20 },
  { tenant_id: 'b', id: 1, name: 'b one', price: 0 },
  { tenant_id: 'b', id: 2, name: 'b two', price: 40 },
] as const

/** The table of most tests, as its owner makes it. */
export const tables = (role: string): string => `
  create table product (
    tenant_id text not null,
    id integer not null,
    name text not null,
    price integer not null default 1,
    primary key (tenant_id, id)
  );
  ${rowLevelSecurity('product', { column: 'tenant_id', role })}
`

/** The rows of both tenants, as a statement. */
export const seeding: string = `
  insert into public.product (tenant_id, id, name, price) values
  ${seed.map(({ tenant_id, id, name, price }) => `('${tenant_id}', ${id}, '${name}', ${price})`).join(', ')};
`

/** A database, and who may do what in it. */
export interface TestDatabase {
  /** The names of the roles: they have a random part. */
  readonly roles: { readonly owner: string; readonly app: string; readonly bypass: string }
  /** Sees everything, and can do everything. */
  readonly admin: pg.Pool
  /** A pool that logs in as the role. It ends with the database. */
  pool(role: string, config?: pg.PoolConfig): pg.Pool
  /** Every row of every tenant. */
  everything(): Promise<readonly unknown[]>
  /** Empties the table, and fills it again. */
  reset(): Promise<void>
  drop(): Promise<void>
}

export async function createTestDatabase(): Promise<TestDatabase> {
  if (server === undefined) throw new Error('There is no server')
  const { host, port, user, database } = server
  const id = randomBytes(6).toString('hex')
  const name = `tenantry_${id}`
  const roles = { owner: `owner_${id}`, app: `app_${id}`, bypass: `bypass_${id}` }
  const pools: pg.Pool[] = []
  const open = (config: pg.PoolConfig) => {
    const pool = new pg.Pool({ host, port, database: name, max: 2, ...config })
    pool.on('error', () => undefined)
    pools.push(pool)
    return pool
  }
  const run = async (text: string) => {
    const client = new pg.Client({ host, port, user, database })
    await client.connect()
    try {
      for (const statement of text.split(';').filter((part) => part.trim() !== '')) {
        await client.query(statement)
      }
    } finally {
      await client.end()
    }
  }
  await run(`create role ${roles.owner} login; create role ${roles.app} login;
    create role ${roles.bypass} login bypassrls; create database ${name} owner ${roles.owner}`)
  const admin = open({ user })
  await admin.query(`grant usage, create on schema public to ${roles.owner};
    grant usage on schema public to ${roles.app}; revoke temporary on database ${name} from public`)
  const owner = open({ user: roles.owner })
  await owner.query(tables(roles.app))
  await admin.query(seeding)
  return {
    roles,
    admin,
    pool: (role, config) => open({ user: role, ...config }),
    async everything() {
      const { rows } = await admin.query('select * from public.product order by tenant_id, id')
      return rows
    },
    async reset() {
      await admin.query(`truncate public.product; ${seeding}`)
    },
    async drop() {
      // After a test that failed a client may be out still, and its pool would wait for it.
      const idle = pools.filter((pool) => !pool.ending && pool.totalCount === pool.idleCount)
      await Promise.all(idle.map((pool) => pool.end()))
      await run(`drop database ${name} with (force); drop role ${roles.owner};
        drop role ${roles.app}; drop role ${roles.bypass}`)
    },
  }
}

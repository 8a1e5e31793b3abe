/** The two engines that the vectors run on, with the same roles, table and rows. */
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { type TenantDatabase, tenantDatabase } from '../../src/index.ts'
import type { Admin } from './items.ts'
import { createTestDatabase, seeding, server, tables } from './test-database.ts'
import { type Wire, watchPglite, watchPool } from './wire.ts'

/** A connection without anything of Tenantry. */
export type Bare = (text: string, values?: unknown[]) => Promise<readonly unknown[]>

/** An engine, from the inside and from the outside. */
export interface Engine {
  readonly name: string
  readonly roles: { readonly owner: string; readonly app: string; readonly bypass: string }
  /** A superuser. */
  readonly admin: Admin
  /** What is tested. */
  readonly database: TenantDatabase
  readonly wire: Wire
  /** The same on a new connection. */
  reconnect(): TenantDatabase
  /** Works on a connection of a role, as a program without Tenantry would. */
  bare<Result>(role: string, run: (query: Bare) => Promise<Result>): Promise<Result>
  /** Every row of every tenant. */
  everything(): Promise<readonly unknown[]>
  reset(): Promise<void>
  close(): Promise<void>
}

async function serverEngine(): Promise<Engine> {
  const db = await createTestDatabase()
  const raw = db.pool(db.roles.app, { max: 1 })
  const wire = watchPool(raw)
  return {
    name: 'PostgreSQL',
    roles: db.roles,
    admin: async (text, values) => (await db.admin.query(text, values)).rows,
    database: tenantDatabase(raw),
    wire,
    reconnect: () => tenantDatabase(db.pool(db.roles.app, { max: 1 })),
    async bare(role, run) {
      const client = new pg.Client({ ...db.admin.options, user: role })
      await client.connect()
      try {
        return await run(async (text, values) => (await client.query(text, values)).rows)
      } finally {
        await client.end()
      }
    },
    everything: db.everything,
    reset: db.reset,
    close: db.drop,
  }
}

async function pgliteEngine(): Promise<Engine> {
  const pglite = await PGlite.create()
  const roles = { owner: 'owner_', app: 'app_', bypass: 'bypass_' }
  await pglite.exec(`create role owner_; create role app_; create role bypass_ bypassrls;
    grant usage, create on schema public to owner_; grant usage on schema public to app_;
    revoke temporary on database postgres from public; set role owner_; ${tables('app_')};
    reset role; ${seeding}`)
  const admin: Admin = async (text, values = []) =>
    values.length > 0
      ? (await pglite.query(text, values)).rows
      : ((await pglite.exec(text)).at(-1)?.rows ?? [])
  return {
    name: 'PGlite',
    roles,
    admin,
    database: tenantDatabase(pglite, { role: 'app_' }),
    wire: watchPglite(pglite),
    reconnect: () => tenantDatabase(pglite, { role: 'app_' }),
    async bare(role, run) {
      // Settings of the session are left as a new connection would have them.
      await pglite.exec('discard all')
      await pglite.exec(`set session authorization ${role}`)
      try {
        return await run(admin)
      } finally {
        await pglite.exec('rollback')
        await pglite.exec('set session authorization postgres')
        await pglite.exec('discard all')
      }
    },
    everything: async () => await admin('select * from public.product order by tenant_id, id'),
    async reset() {
      await pglite.exec(`truncate public.product; ${seeding}`)
    },
    close: async () => await pglite.close(),
  }
}

/** Those that are here. Without a server that is one, and its suites say so. */
export const engines: readonly (() => Promise<Engine>)[] =
  server === undefined ? [pgliteEngine] : [serverEngine, pgliteEngine]

/** For the title of suites. */
export const engineNames: readonly string[] =
  server === undefined ? ['PGlite (PostgreSQL SKIPPED: no server)'] : ['PostgreSQL', 'PGlite']

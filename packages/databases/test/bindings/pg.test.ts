/** Real pools of pg on a real server. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findServer } from '../../../postgres/test/support/server.ts'
import { createTenantDatabases, type TenantDatabases } from '../../src/index.ts'
import { pgDatabases } from '../../src/pg/index.ts'
import { codeOf, createFakeRegistry, type FakeRegistry, settle } from '../support/fakes.ts'
import { frozenProxy, silentServer } from '../support/silence.ts'

const server = await findServer()
const title = server === undefined ? 'pg (SKIPPED: no PostgreSQL server)' : 'pg'
afterAll(async () => await server?.stop())

describe.skipIf(server === undefined)(title, () => {
  const tag = randomBytes(4).toString('hex')
  const nameOf = (tenantId: string) => `tenantry_${tenantId}_${tag}`
  const { host = '', port = 0, user = '', database: home = '' } = server ?? {}
  let admin: pg.Pool
  let registry: FakeRegistry
  let databases: TenantDatabases<pg.Pool>

  beforeAll(async () => {
    admin = new pg.Pool({ host, port, user, database: home, max: 1 })
    registry = createFakeRegistry('acme', 'globex', 'nobody')
    for (const tenantId of ['acme', 'globex']) {
      await admin.query(`create database ${nameOf(tenantId)}`)
      registry.change(tenantId, { databaseName: nameOf(tenantId) })
    }
    // The database of a connection string is not the one of the tenant.
    const connectionString = `postgres://${user}@${host}:${port}/${home}`
    databases = createTenantDatabases({
      registry,
      ...pgDatabases({ pool: { connectionString, max: 2 } }),
      max: 1,
      pingAfter: 0,
    })
  })
  afterAll(async () => {
    await databases.close({ deadline: 0 })
    for (const tenantId of ['acme', 'globex']) {
      await admin.query(`drop database ${nameOf(tenantId)} with (force)`)
    }
    await admin.end()
  })

  const current = async (pool: pg.Pool) =>
    (await pool.query('select current_database() as name')).rows[0]?.name

  /** The connections that the server has in the database of a tenant. */
  const sessions = async (tenantId: string) => {
    const question = 'select count(*)::int as count from pg_stat_activity where datname = $1'
    return (await admin.query(question, [nameOf(tenantId)])).rows[0]?.count
  }

  const terminate = async (tenantId: string) => {
    const cut = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1'
    await admin.query(cut, [nameOf(tenantId)])
  }

  it('connects each tenant to its own database, and leaves no socket behind', async () => {
    expect(await databases.use('acme', current)).toBe(nameOf('acme'))
    expect(await databases.use('globex', current)).toBe(nameOf('globex'))
    await expect.poll(() => sessions('acme')).toBe(0)
    expect(await sessions('globex')).toBe(1)
  })

  it('is 503 where there is no such database, and says nothing of it', async () => {
    const error = await databases.use('nobody', current).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'database_unavailable', cause: { code: '3D000' } })
    expect(String(error)).not.toContain('nobody')
    await settle()
    expect(databases.stats()).toMatchObject({ live: 0 })
  })

  it('replaces a connection that the server has cut', async () => {
    await databases.use('acme', current)
    await terminate('acme')
    expect(await databases.use('acme', current)).toBe(nameOf('acme'))
  })

  it('closes by force under a query that goes on, and under a client that nobody gives back', async () => {
    const lease = await databases.lease('acme')
    const client = await lease.database.connect()
    client.on('error', () => undefined)
    const endless = codeOf(lease.database.query('select pg_sleep(600)'))
    await expect.poll(() => sessions('acme')).toBe(2)
    await databases.suspend('acme', { deadline: 0.01 })
    expect(await endless).not.toBe('none')
    expect(databases.stats()).toMatchObject({ live: 0, forced: 1 })
    // The server finds out about the one that sleeps when it has something to say.
    await expect.poll(() => sessions('acme')).toBe(1)
    await terminate('acme')
    lease.release()
    await databases.resume('acme')
    expect(await databases.use('acme', current)).toBe(nameOf('acme'))
  })

  it('takes the credentials from the row', async () => {
    const seen: string[] = []
    const own = createTenantDatabases({
      registry,
      ...pgDatabases({
        pool: ({ tenantId }) => {
          seen.push(tenantId)
          return { host, port, user, database: home }
        },
      }),
    })
    expect(await own.use('globex', current)).toBe(nameOf('globex'))
    expect(seen).toEqual(['globex'])
    expect(await own.close()).toEqual({ forced: [], abandoned: [] })
  })

  it('gives its place back where somebody has ended the pool, also by force', async () => {
    const lease = await databases.lease('acme')
    await lease.database.connect()
    void lease.database.end()
    await databases.suspend('acme', { deadline: 0.01 })
    expect(databases.stats()).toMatchObject({ live: 0 })
    lease.release()
    await databases.resume('acme')
  })

  it('gives its place and its socket back where the server says nothing any more', async () => {
    const proxy = await frozenProxy(port)
    const clients: pg.Client[] = []
    class Client extends pg.Client {
      constructor(config?: pg.ClientConfig) {
        super(config)
        clients.push(this)
      }
    }
    const own = createTenantDatabases({
      registry,
      ...pgDatabases({ pool: { host: '127.0.0.1', port: proxy.port, user, Client } }),
      connectTimeout: 0.5,
    })
    expect(await own.use('acme', current)).toBe(nameOf('acme'))
    proxy.freeze()
    await own.evict('acme')
    expect(own.stats()).toMatchObject({ live: 0 })
    const streams = clients.map((client) => Reflect.get(client, 'connection').stream)
    expect(streams).toMatchObject([{ destroyed: true }])
  })
})

describe('a server that takes connections and says nothing', () => {
  it('is given up after connectTimeout, and nothing is left', async () => {
    const silent = await silentServer()
    const own = createTenantDatabases({
      registry: createFakeRegistry('acme'),
      ...pgDatabases({ pool: { host: '127.0.0.1', port: silent.port } }),
      connectTimeout: 0.05,
    })
    expect(await codeOf(own.lease('acme'))).toBe('database_unavailable')
    await expect.poll(() => own.stats()).toMatchObject({ live: 0, opening: 0 })
    await expect.poll(() => silent.sockets()).toBe(0)
    expect(await own.close()).toEqual({ forced: [], abandoned: [] })
  })
})

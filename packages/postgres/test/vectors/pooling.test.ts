/** Rows P5 to P9, P22, P27, P34 and P36: a pool of connections, on real PostgreSQL. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { asSystem, currentAuth, withTenant } from '@tenantry/core/context'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import Cursor from 'pg-cursor'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditRowLevelSecurity, tenantPool } from '../../src/index.ts'
import { codeOf } from '../support/prove.ts'
import {
  createTestDatabase,
  onServer,
  server,
  type TestDatabase,
} from '../support/test-database.ts'
import { type Wire, watchPool } from '../support/wire.ts'

const names = 'select name from product order by id'
const ownOf = (tenant: string) => [{ name: `${tenant} one` }, { name: `${tenant} two` }]

describe.skipIf(server === undefined)(onServer('a pool'), () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createTestDatabase()
  })
  beforeEach(async () => await db.reset())
  afterAll(async () => await db.drop())

  /** A pool of one connection, so that whoever is next gets what was left. */
  function single(config: pg.PoolConfig = {}): { raw: pg.Pool; pool: pg.Pool; wire: Wire } {
    const raw = db.pool(db.roles.app, { max: 1, ...config })
    return { raw, pool: tenantPool(raw), wire: watchPool(raw) }
  }

  /** Both tenants see their own rows, and everything that was sent has a tenant. */
  async function expectIsolated({ pool, wire }: { pool: pg.Pool; wire: Wire }): Promise<void> {
    for (const tenant of ['b', 'a', 'b']) {
      const stop = wire.record()
      const { rows } = await withTenant(tenant, () => pool.query(names))
      expect(rows).toEqual(ownOf(tenant))
      expect(stop().filter(({ tenantId }) => tenantId !== tenant)).toEqual([])
    }
    const stop = wire.record()
    await expect(pool.query(names)).rejects.toMatchObject({ code: 'tenant_context_missing' })
    expect(stop()).toEqual([])
  }

  it('P5 a setting of the session is found by the next borrower of a bare pool, and by none of this one', async () => {
    const bare = db.pool(db.roles.app, { max: 1 })
    await bare.query("set app.tenant_id = 'b'")
    expect((await bare.query(names)).rows).toEqual(ownOf('b'))
    const { raw, pool, wire } = single()
    await withTenant('a', () => pool.query("set app.tenant_id = 'b'"))
    await expectIsolated({ pool, wire })
    expect(raw.totalCount).toBe(1)
  })

  it('P5 what a tenant changes of the session is gone with its connection', async () => {
    await db.admin.query(
      `create role ${db.roles.app}_more; grant ${db.roles.app}_more to ${db.roles.app}`,
    )
    const { raw, pool, wire } = single()
    const ask =
      "select current_setting('app.user_id', true) as user, current_user::text as role, \
      current_setting('timezone') as zone, current_setting('search_path') as path, \
      (select count(*)::int from pg_prepared_statements where from_sql) as prepared, \
      (select count(*)::int from pg_listening_channels()) as channels, \
      (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks"
    const { rows: before } = await withTenant('b', () => pool.query(ask))
    const changes = [
      "set app.user_id = '7'",
      "select set_config('app.user_id', '7', false)",
      "select set_config('app.user_id', $1, false)",
      "set timezone = 'Pacific/Auckland'",
      'SET SESSION search_path = nowhere',
      `/* x */ set role ${db.roles.app}_more`,
      "select 1; set timezone = 'Pacific/Auckland'; select 2",
      "do $$ begin perform set_config('app.user_id', '7', false); end $$",
      "prepare kept as select 'secret of a'",
      'listen everything',
      'select pg_advisory_lock(7)',
      'select pg_try_advisory_lock_shared(7)',
    ]
    for (const change of changes) {
      await withTenant('a', () => pool.query(change, change.includes('$1') ? ['7'] : undefined))
      const { rows } = await withTenant('b', () => pool.query(ask))
      expect(rows, change).toEqual([{ ...before[0], user: rows[0].user || null }])
      expect(rows[0].user || null, change).toBeNull()
    }
    // What ends with its transaction keeps its connection.
    const pid = async () =>
      (await withTenant('b', () => pool.query('select pg_backend_pid() as pid'))).rows[0].pid
    const first = await pid()
    for (const kept of [
      "set local timezone = 'Pacific/Auckland'",
      "select set_config('app.user_id', '7', true)",
      'set constraints all deferred',
      'set transaction read only',
      "update product set name = 'set role' where id = 1",
      'select pg_advisory_xact_lock(7)',
    ]) {
      await withTenant('a', () => pool.query(kept))
      expect(await pid(), kept).toBe(first)
    }
    await db.reset()
    await expectIsolated({ pool, wire })
    expect(raw.totalCount).toBe(1)
    await db.admin.query(`drop role ${db.roles.app}_more`)
  })

  it('a transaction is set up after it has begun, as Prisma does it', async () => {
    const { pool, wire } = single()
    const stop = wire.record()
    await withTenant('a', async () => {
      const client = await pool.connect()
      await client.query('begin')
      const set = await client.query('set transaction isolation level serializable')
      expect(set.command).toBe('SET')
      await client.query('SET TRANSACTION READ ONLY')
      const { rows } = await client.query('show transaction_isolation')
      expect(rows).toEqual([{ transaction_isolation: 'serializable' }])
      expect((await client.query(names)).rows).toEqual(ownOf('a'))
      await expect(client.query('delete from product')).rejects.toMatchObject({ code: '25006' })
      await client.query('rollback')
      await client.query('begin')
      await expect(client.query('set transaction nonsense')).rejects.toMatchObject({
        code: '42601',
      })
      await expect(client.query(names)).rejects.toMatchObject({ code: '25P02' })
      await client.query('rollback')
      expect((await client.query(names)).rows).toEqual(ownOf('a'))
      client.release()
    })
    expect(stop().filter(({ tenantId }) => tenantId !== 'a')).toEqual([])
    await expectIsolated({ pool, wire })
  })

  it('P8 a client that is released in an open transaction is closed', async () => {
    const { raw, pool, wire } = single()
    const pids: unknown[] = []
    await withTenant('a', async () => {
      const client = await pool.connect()
      pids.push((await client.query('select pg_backend_pid() as pid')).rows[0].pid)
      await client.query('begin')
      await client.query("update product set name = 'lost' where id = 1")
      client.release()
    })
    await expectIsolated({ pool, wire })
    const after = await withTenant('a', () => pool.query('select pg_backend_pid() as pid'))
    expect(pids).not.toContain(after.rows[0].pid)
    expect(raw.totalCount).toBe(1)
  })

  it('P8 a query that timed out closes its connection, on the pool and on a client', async () => {
    const bare = db.pool(db.roles.app, { max: 1, query_timeout: 200 })
    const leaked = await bare.connect()
    await leaked.query('begin')
    await leaked.query("select set_config('app.tenant_id', 'b', true)")
    await expect(leaked.query('select pg_sleep(0.4)')).rejects.toThrow('timeout')
    leaked.release()
    // The control: the next borrower of a bare pool waits for it, and is b.
    const next = await bare.connect()
    await once(next, 'drain')
    expect((await next.query(names)).rows).toEqual(ownOf('b'))
    next.release(true)

    const { pool, wire } = single({ query_timeout: 200 })
    await expect(withTenant('a', () => pool.query('select pg_sleep(5)'))).rejects.toThrow('timeout')
    await expectIsolated({ pool, wire })
    await withTenant('a', async () => {
      const client = await pool.connect()
      await client.query('begin')
      await expect(client.query('select pg_sleep(5)')).rejects.toThrow('timeout')
      await expect(client.query('rollback')).rejects.toMatchObject({ code: 'call_refused' })
      client.release()
    })
    await expectIsolated({ pool, wire })
  })

  it('a statement that the server refuses is rolled back, and the connection stays', async () => {
    const { raw, pool, wire } = single()
    const pid = async () =>
      (await withTenant('a', () => pool.query('select pg_backend_pid() as pid'))).rows[0].pid
    const before = await pid()
    const refused = withTenant('a', () => pool.query("insert into product values ('b', 9, 'x', 1)"))
    await expect(refused).rejects.toMatchObject({ code: '42501' })
    expect(await pid()).toBe(before)
    await expectIsolated({ pool, wire })
    // A connection that the server ends is not used again.
    await expect(
      withTenant('a', () => pool.query('select pg_terminate_backend(pg_backend_pid())')),
    ).rejects.toMatchObject({ code: '57P01' })
    await expectIsolated({ pool, wire })
    expect(raw.totalCount).toBe(1)
  })

  it('a connection that breaks while a client is out ends no process, and is not used again', async () => {
    const { raw, pool, wire } = single()
    await withTenant('a', async () => {
      const client = await pool.connect()
      const { rows } = await client.query('select pg_backend_pid() as pid')
      const heard = new Promise((resolve) => client.once('error', resolve))
      await db.admin.query('select pg_terminate_backend($1)', [rows[0].pid])
      expect(await heard).toBeInstanceOf(Error)
      await expect(client.query(names)).rejects.toMatchObject({ code: 'call_refused' })
      client.release()
    })
    await expectIsolated({ pool, wire })
    expect(raw.totalCount).toBe(1)
  })

  it('listeners of a client end with it', async () => {
    const { raw, pool } = single()
    const heard: string[] = []
    const notice = "do $$ begin raise notice 'x'; end $$"
    await withTenant('a', async () => {
      const client = await pool.connect()
      const listener = () => heard.push('on')
      client.on('notice', listener).once('notice', () => heard.push('once'))
      await client.query(notice)
      await client.query(notice)
      client.off('notice', listener)
      await client.query(notice)
      client.on('notice', listener)
      client.release()
      await pool.query(notice)
    })
    expect(heard).toEqual(['on', 'once', 'on'])
    const errors: unknown[][] = []
    const listener = (...args: unknown[]) => errors.push(args)
    pool.on('error', listener)
    raw.emit('error', new Error('idle'), 'the client')
    pool.off('error', listener)
    raw.emit('error', new Error('later'), 'the client')
    expect(errors).toEqual([[new Error('idle')]])
  })

  it('P9 a client that was released runs nothing more, whatever was kept of it', async () => {
    const { pool, wire } = single()
    let kept: pg.PoolClient | undefined
    let query: pg.PoolClient['query'] | undefined
    await withTenant('a', async () => {
      kept = await pool.connect()
      query = kept.query
      await kept.query(names)
      kept.release()
    })
    const stop = wire.record()
    for (const tenant of ['a', 'b']) {
      await withTenant(tenant, async () => {
        await expect(kept?.query(names)).rejects.toMatchObject({ code: 'client_released' })
        await expect(query?.(names)).rejects.toMatchObject({ code: 'client_released' })
        expect(() => kept?.release()).toThrow(expect.objectContaining({ code: 'client_released' }))
        expect(() => kept?.on('notice', () => undefined)).toThrow()
      })
    }
    expect(stop()).toEqual([])
    await expectIsolated({ pool, wire })
  })

  it('P9 queries that nobody waited for are not sent after the release', async () => {
    const { pool, wire } = single()
    const late: Promise<unknown>[] = []
    await withTenant('a', async () => {
      const client = await pool.connect()
      for (let index = 0; index < 5; index++) {
        late.push(client.query(`update product set name = 'late' where id = 1`).catch(codeOf))
      }
      client.release()
    })
    expect(new Set(await Promise.all(late))).not.toContain('b')
    await expectIsolated({ pool, wire }).catch(async () => undefined)
    const { rows } = await db.admin.query(
      "select name from product where tenant_id = 'b' order by id",
    )
    expect(rows).toEqual(ownOf('b'))
    expect(wire.sent.filter(({ tenantId }) => tenantId === undefined)).toEqual([])
  })

  it('a client stays with the tenant that checked it out', async () => {
    const { pool, wire } = single()
    let client: pg.PoolClient | undefined
    await withTenant('a', async () => {
      client = await pool.connect()
    })
    const stop = wire.record()
    await withTenant('b', async () => {
      await expect(client?.query(names)).rejects.toMatchObject({ code: 'tenant_switched' })
    })
    await expect(client?.query(names)).rejects.toMatchObject({ code: 'tenant_context_missing' })
    expect(stop()).toEqual([])
    client?.release()
    await expectIsolated({ pool, wire })
  })

  it('a callback is refused everywhere', async () => {
    const { pool, wire } = single()
    const refused = { code: 'call_refused' }
    const call = () => undefined
    await withTenant('a', async () => {
      const client = await pool.connect()
      const stop = wire.record()
      // What the types allow is refused when it is called.
      const loose = (object: object, name: string) =>
        Reflect.get(object, name) as (...args: unknown[]) => Promise<unknown>
      await expect(loose(pool, 'query')(names, call)).rejects.toMatchObject(refused)
      await expect(loose(pool, 'query')(names, [], call)).rejects.toMatchObject(refused)
      await expect(loose(pool, 'query')(call)).rejects.toMatchObject(refused)
      await expect(loose(pool, 'query')({ text: names, callback: call })).rejects.toMatchObject(
        refused,
      )
      await expect(loose(pool, 'connect')(call)).rejects.toMatchObject(refused)
      await expect(loose(pool, 'end')(call)).rejects.toMatchObject(refused)
      await expect(loose(client, 'query')(names, call)).rejects.toMatchObject(refused)
      await expect(loose(client, 'query')(null)).rejects.toMatchObject(refused)
      expect(() => pool.on('connect', call)).toThrow(expect.objectContaining(refused))
      expect(() => client.on('notification', call)).toThrow(expect.objectContaining(refused))
      expect(() => Reflect.set(client, 'query', call)).toThrow(expect.objectContaining(refused))
      expect(stop()).toEqual([])
      client.release()
    })
    await expectIsolated({ pool, wire })
  })

  it('P22 COPY to the client has its own rows, and COPY from it is refused by the server', async () => {
    const { pool, wire } = single()
    await withTenant('a', async () => {
      const client = await pool.connect()
      expect(() => client.query(copyTo('copy product to stdout'))).toThrow(
        expect.objectContaining({ code: 'call_refused' }),
      )
      await client.query('begin')
      const chunks: string[] = []
      const stream = client.query(copyTo('copy product (name) to stdout'))
      for await (const chunk of stream) chunks.push(String(chunk))
      expect(chunks.join('').split('\n').filter(Boolean).sort()).toEqual(['a one', 'a two'])
      await client.query('commit')
      await client.query('begin')
      const into = client.query(copyFrom('copy product from stdin'))
      await expect(
        pipeline(async function* () {
          yield 'b\t9\tx\t1\n'
        }, into),
      ).rejects.toMatchObject({ code: '0A000' })
      await client.query('rollback')
      client.release()
    })
    await expectIsolated({ pool, wire })
  })

  it('a cursor needs a transaction, and one that is left open takes its connection with it', async () => {
    const { pool, wire } = single()
    await withTenant('a', async () => {
      const client = await pool.connect()
      expect(() => client.query(new Cursor(names))).toThrow(
        expect.objectContaining({ code: 'call_refused' }),
      )
      await client.query('begin')
      const cursor = client.query(new Cursor(names))
      expect(await cursor.read(1)).toEqual([{ name: 'a one' }])
      client.release()
      await cursor.read(1).catch(() => undefined)
    })
    await expectIsolated({ pool, wire })
  })

  it('P10 every transaction of a client is bound again: after commit, and after commit and chain', async () => {
    const { pool, wire } = single()
    const stop = wire.record()
    await withTenant('a', async () => {
      const client = await pool.connect()
      expect((await client.query(names)).rows).toEqual(ownOf('a'))
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE')
      const level = await client.query('show transaction_isolation')
      expect(level.rows).toEqual([{ transaction_isolation: 'serializable' }])
      expect((await client.query(names)).rows).toEqual(ownOf('a'))
      await client.query('commit and chain')
      expect((await client.query(names)).rows).toEqual(ownOf('a'))
      await client.query('rollback; begin')
      expect((await client.query(names)).rows).toEqual(ownOf('a'))
      await client.query('savepoint one')
      await expect(client.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' })
      await client.query('rollback to one')
      expect((await client.query(names)).rows).toEqual(ownOf('a'))
      await client.query('rollback')
      expect((await client.query('rollback')).command).toBe('ROLLBACK')
      expect((await client.query(names)).rows).toEqual(ownOf('a'))
      await expect(client.query(`begin; ${names}`)).rejects.toMatchObject({ code: 'call_refused' })
      client.release()
    })
    expect(stop().filter(({ tenantId }) => tenantId !== 'a')).toEqual([])
    await expectIsolated({ pool, wire })
  })

  it('P27 notifications cross tenants, so that nobody can listen', async () => {
    const { pool, wire } = single()
    await withTenant('a', async () => {
      const client = await pool.connect()
      await client.query('listen everything')
      expect(() => client.on('notification', () => undefined)).toThrow()
      client.release()
    })
    await expectIsolated({ pool, wire })
  })

  it('P28 a limit: advisory locks are of the whole database', async () => {
    const { pool, wire } = single({ max: 2 })
    const lock = 'select pg_try_advisory_xact_lock(7) as got'
    await withTenant('a', async () => {
      const client = await pool.connect()
      await client.query('begin')
      expect((await client.query(lock)).rows).toEqual([{ got: true }])
      const other = pool
      const seen = await withTenant('a', () => other.query(lock))
      expect(seen.rows).toEqual([{ got: false }])
      await client.query('rollback')
      client.release()
    })
    await expectIsolated({ pool, wire })
  })

  it('P34 two hundred requests of two tenants on a pool of 2', async () => {
    const { raw, pool, wire } = single({ max: 2 })
    const stop = wire.record()
    const requests = Array.from({ length: 200 }, (_, index) => {
      const tenant = index % 2 === 0 ? 'a' : 'b'
      return withTenant(tenant, async () => {
        if (index % 5 === 0) {
          const client = await pool.connect()
          await client.query('begin')
          expect((await client.query(names)).rows).toEqual(ownOf(tenant))
          await client.query('commit')
          client.release()
        }
        if (index % 7 === 0) await pool.query('select 1 / 0').catch(() => undefined)
        expect((await pool.query(names)).rows).toEqual(ownOf(tenant))
      })
    })
    await Promise.all(requests)
    expect(raw.totalCount).toBeLessThanOrEqual(2)
    expect(stop().filter(({ tenantId }) => tenantId === undefined)).toEqual([])
    await expectIsolated({ pool, wire })
  })

  it('a connection is opened outside of the request that asked for it', async () => {
    const { raw, pool } = single()
    const heard: (string | undefined)[] = []
    raw.on('connect', (client) => {
      client.on('notice', () => heard.push(currentAuth()?.tenantId))
    })
    await withTenant('a', () => pool.query("do $$ begin raise notice 'x'; end $$"))
    await withTenant('b', () => pool.query("do $$ begin raise notice 'x'; end $$"))
    expect(heard).toEqual([undefined, undefined])
  })

  it('asSystem needs a pool of its own, and a tenant inside of it is that tenant', async () => {
    const { pool } = single()
    const reason = { reason: 'nightly report' }
    await expect(asSystem(reason, () => pool.query(names))).rejects.toMatchObject({
      code: 'call_refused',
    })
    const system = db.pool(db.roles.bypass)
    await db.admin.query(`grant select on product to ${db.roles.bypass}`)
    const both = tenantPool(db.pool(db.roles.app), { system })
    expect((await asSystem(reason, () => both.query(names))).rows).toHaveLength(4)
    const inside = asSystem(reason, () => withTenant('a', () => both.query(names)))
    expect((await inside).rows).toEqual(ownOf('a'))
    let kept: pg.PoolClient | undefined
    await asSystem(reason, async () => {
      kept = await both.connect()
      expect((await kept.query(names)).rows).toHaveLength(4)
    })
    await withTenant('a', async () => {
      await expect(kept?.query(names)).rejects.toMatchObject({ code: 'tenant_switched' })
    })
    kept?.release()
    expect(() => tenantPool(system, { system })).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })

  it('P36 pg_dump as the application fails, and foreign tables and replication are found', async () => {
    const { host, port } = server ?? { host: '', port: 0 }
    const { rows } = await db.admin.query('select current_database() as name')
    const dump = (...flags: string[]) => {
      const args = [
        '-h',
        host,
        '-p',
        String(port),
        '-U',
        db.roles.app,
        '--data-only',
        ...flags,
        rows[0].name,
      ]
      return execFileSync('pg_dump', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    }
    if (hasCommand('pg_dump')) {
      expect(() => dump()).toThrow(/row-level security/)
      expect(dump('--enable-row-security')).not.toMatch(/\b[ab] one\b/)
    }
    const audit = () =>
      auditRowLevelSecurity(db.admin, { role: db.roles.app }).then((all) =>
        all.map(({ id, object }) => `${id} ${object}`),
      )
    expect(await audit()).toEqual([])
    await db.admin.query(`alter role ${db.roles.app} replication`)
    expect(await audit()).toEqual([`role_replication ${db.roles.app}`])
    await db.admin.query(`alter role ${db.roles.app} noreplication`)
    const installed = await db.admin.query(
      "select 1 from pg_available_extensions where name = 'postgres_fdw'",
    )
    if (installed.rows.length > 0) {
      await db.admin.query(`create extension postgres_fdw; create server elsewhere foreign data wrapper postgres_fdw;
        create foreign table far (tenant_id text) server elsewhere; grant select on far to ${db.roles.app}`)
      expect(await audit()).toEqual(['foreign_table public.far'])
      await db.admin.query('drop extension postgres_fdw cascade')
    }
  })

  const bouncer = hasCommand('pgbouncer')
  it.skipIf(!bouncer)(
    `P6 pgbouncer in transaction mode${bouncer ? '' : ' (SKIPPED: no pgbouncer here)'}`,
    async () => {
      const { host, port } = server ?? { host: '', port: 0 }
      const { rows } = await db.admin.query('select current_database() as name')
      const folder = mkdtempSync(join(tmpdir(), 'tenantry-bouncer-'))
      const listen = await freePort()
      writeFileSync(join(folder, 'users.txt'), `"${db.roles.app}" ""\n`)
      writeFileSync(
        join(folder, 'bouncer.ini'),
        `[databases]\n${rows[0].name} = host=${host} port=${port} dbname=${rows[0].name}\n[pgbouncer]\n` +
          `listen_addr = 127.0.0.1\nlisten_port = ${listen}\nauth_type = trust\nauth_file = ${folder}/users.txt\n` +
          'pool_mode = transaction\ndefault_pool_size = 1\nunix_socket_dir =\n',
      )
      execFileSync('chmod', ['-R', 'a+rX', folder])
      const as = process.getuid?.() === 0 ? ['-u', 'postgres'] : []
      const child = spawn('pgbouncer', [...as, join(folder, 'bouncer.ini')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      try {
        await new Promise<void>((resolve, reject) => {
          child.once('exit', () => reject(new Error('pgbouncer ended')))
          child.stderr.on('data', (chunk) => {
            if (String(chunk).includes('process up')) resolve()
          })
        })
        const at = { host: '127.0.0.1', port: listen, max: 2 }
        // The control: two clients of a bare pool share the one connection, and the setting of one is the other's.
        const bare = db.pool(db.roles.app, at)
        const [one, two] = await Promise.all([bare.connect(), bare.connect()])
        await one.query("set app.tenant_id = 'b'")
        expect((await two.query(names)).rows).toEqual(ownOf('b'))
        await one.query('reset app.tenant_id')
        one.release()
        two.release()
        const raw = db.pool(db.roles.app, at)
        const pool = tenantPool(raw)
        const wire = watchPool(raw)
        const many = Array.from({ length: 60 }, (_, index) => {
          const tenant = index % 2 === 0 ? 'a' : 'b'
          return withTenant(tenant, async () =>
            expect((await pool.query(names)).rows).toEqual(ownOf(tenant)),
          )
        })
        await Promise.all(many)
        await expectIsolated({ pool, wire })
        await Promise.all([raw.end(), bare.end()])
      } finally {
        const exited = once(child, 'exit')
        child.kill('SIGKILL')
        await exited
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
})

function hasCommand(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const listening = createServer().listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  listening.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

import { EventEmitter } from 'node:events'
import { withTenant } from '@tenantry/core/context'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PgClient, type PgPool, tenantPool } from '../src/index.ts'
import {
  createTestDatabase,
  onServer,
  seed,
  server,
  type TestDatabase,
} from './support/test-database.ts'

describe.skipIf(server === undefined)(onServer('tenantPool'), () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createTestDatabase()
  })
  beforeEach(async () => await db.reset())
  afterAll(async () => await db.drop())

  it('answers with the rows of the current tenant', async () => {
    const pool = tenantPool(db.pool(db.roles.app))
    for (const tenant of ['a', 'b', 'a']) {
      const { rows } = await withTenant(tenant, () =>
        pool.query('select * from product order by id'),
      )
      expect(rows).toEqual(seed.filter(({ tenant_id }) => tenant_id === tenant))
    }
  })

  it('throws outside of any tenant, and opens no connection', async () => {
    const raw = db.pool(db.roles.app)
    const pool = tenantPool(raw)
    await expect(pool.query('select 1')).rejects.toMatchObject({
      code: 'tenant_context_missing',
      status: 401,
    })
    await expect(pool.connect()).rejects.toMatchObject({ code: 'tenant_context_missing' })
    expect(raw.totalCount).toBe(0)
  })

  it('refuses a role that no policy holds for', async () => {
    for (const pool of [tenantPool(db.admin), tenantPool(db.pool(db.roles.bypass))]) {
      await expect(
        withTenant('a', () => pool.query('select * from product')),
      ).rejects.toMatchObject({
        code: 'row_security_bypassed',
      })
    }
  })
})

it('a connection that is closed may break before it is gone, and the process goes on', async () => {
  class Client extends EventEmitter implements PgClient {
    readonly readyForQuery = true
    readonly released: unknown[] = []
    query = async () => []
    getTransactionStatus = () => 'T'
    release = (destroy?: unknown) => {
      this.released.push(destroy)
    }
  }
  const client = new Client()
  const source = { connect: async () => client, end: async () => undefined, on: () => undefined }
  const pool: PgPool = tenantPool<PgPool>(source)
  await withTenant('a', async () => {
    const own = await pool.connect()
    own.release()
  })
  expect(client.released).toEqual([true])
  expect(client.emit('error', new Error('The server has gone.'))).toBe(true)
})

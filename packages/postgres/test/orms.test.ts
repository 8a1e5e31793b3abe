/** Drizzle and Kysely on a pool of tenants, unmodified, with what they send watched on the wire. */
import { setImmediate } from 'node:timers/promises'
import { withTenant } from '@tenantry/core/context'
import { sql as drizzleSql, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { type Generated, Kysely, PostgresDialect, sql } from 'kysely'
import Cursor from 'pg-cursor'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tenantPool } from '../src/index.ts'
import { createTestDatabase, onServer, server, type TestDatabase } from './support/test-database.ts'
import { type Wire, watchPool } from './support/wire.ts'

const product = pgTable(
  'product',
  {
    tenantId: text('tenant_id').notNull().default(drizzleSql`null`),
    id: integer().notNull(),
    name: text().notNull(),
    price: integer().notNull().default(1),
  },
  ({ tenantId, id }) => [primaryKey({ columns: [tenantId, id] })],
)

interface Tables {
  readonly product: {
    readonly tenant_id: Generated<string>
    readonly id: number
    readonly name: string
    readonly price: Generated<number>
  }
}

const ownOf = (tenant: string) => [`${tenant} one`, `${tenant} two`]

describe.skipIf(server === undefined)(onServer('on tenantPool'), () => {
  let db: TestDatabase
  let wire: Wire
  let open: ReturnType<typeof createOrms>
  beforeAll(async () => {
    db = await createTestDatabase()
    const raw = db.pool(db.roles.app)
    wire = watchPool(raw)
    open = createOrms(raw)
  })
  beforeEach(async () => await db.reset())
  afterAll(async () => await db.drop())

  function createOrms(raw: Parameters<typeof tenantPool>[0] & ReturnType<TestDatabase['pool']>) {
    const pool = tenantPool(raw)
    return {
      drizzle: drizzle({ client: pool, schema: { product } }),
      kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool, cursor: Cursor }) }),
    }
  }

  /** What a tenant does, with everything that was sent bound to it. */
  async function as<Result>(tenant: string, run: () => PromiseLike<Result>): Promise<Result> {
    const stop = wire.record()
    const result = await withTenant(tenant, run)
    const sent = stop()
    expect(sent.length).toBeGreaterThan(0)
    expect(sent.filter(({ tenantId }) => tenantId !== tenant)).toEqual([])
    return result
  }

  it('Drizzle reads, writes, joins and prepares inside of the tenant', async () => {
    const to = open.drizzle
    for (const tenant of ['a', 'b', 'a']) {
      const rows = await as(tenant, () => to.select().from(product).orderBy(product.id))
      expect(rows.map(({ name }) => name)).toEqual(ownOf(tenant))
      const found = await as(tenant, () => to.query.product.findFirst({ where: eq(product.id, 1) }))
      expect(found?.name).toBe(`${tenant} one`)
      const named = to.select().from(product).where(eq(product.id, 2)).prepare('by_id')
      expect((await as(tenant, () => named.execute())).map(({ name }) => name)).toEqual([
        `${tenant} two`,
      ])
    }
    await as('a', () => to.update(product).set({ price: 99 }))
    await as('a', () => to.delete(product).where(eq(product.id, 1)))
    const foreign = to.insert(product).values({ tenantId: 'b', id: 9, name: 'x' })
    await expect(as('a', () => foreign)).rejects.toMatchObject({ cause: { code: '42501' } })
    expect((await db.everything()).slice(1)).toEqual([
      { tenant_id: 'b', id: 1, name: 'b one', price: 0 },
      { tenant_id: 'b', id: 2, name: 'b two', price: 40 },
    ])
    await expect(to.select().from(product)).rejects.toMatchObject({
      cause: { code: 'tenant_context_missing' },
    })
  })

  it('Drizzle has transactions, levels of isolation, and savepoints', async () => {
    const to = open.drizzle
    const seen = await as('a', () =>
      to.transaction(
        async (tx) => {
          await tx.update(product).set({ name: 'changed' }).where(eq(product.id, 1))
          await tx
            .transaction(async (inner) => {
              await inner.delete(product)
              inner.rollback()
            })
            .catch(() => undefined)
          return await tx.select({ name: product.name }).from(product).orderBy(product.id)
        },
        { isolationLevel: 'serializable' },
      ),
    )
    expect(seen).toEqual([{ name: 'changed' }, { name: 'a two' }])
    const failed = as('a', () =>
      to.transaction(async (tx) => {
        await tx.delete(product)
        throw new Error('On purpose')
      }),
    )
    await expect(failed).rejects.toThrow('On purpose')
    expect(await as('a', () => to.$count(product))).toBe(2)
  })

  it('Kysely reads, writes and streams inside of the tenant', async () => {
    const to = open.kysely
    for (const tenant of ['a', 'b', 'a']) {
      const rows = await as(tenant, () =>
        to.selectFrom('product').select('name').orderBy('id').execute(),
      )
      expect(rows.map(({ name }) => name)).toEqual(ownOf(tenant))
    }
    await as('a', () => to.insertInto('product').values({ id: 9, name: 'new' }).execute())
    await as('a', () => to.deleteFrom('product').where('id', '=', 1).execute())
    expect((await as('b', () => sql`select * from product`.execute(to))).rows).toHaveLength(2)
    await expect(to.selectFrom('product').selectAll().execute()).rejects.toMatchObject({
      code: 'tenant_context_missing',
    })
    const streamed = await as('b', () =>
      to.transaction().execute(async (tx) => {
        const names: string[] = []
        for await (const row of tx.selectFrom('product').select('name').orderBy('id').stream(1))
          names.push(row.name)
        return names
      }),
    )
    expect(streamed).toEqual(ownOf('b'))
  })

  it('Kysely has transactions, savepoints and connections', async () => {
    const to = open.kysely
    const failed = as('a', () =>
      to
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (tx) => {
          await tx.deleteFrom('product').execute()
          throw new Error('On purpose')
        }),
    )
    await expect(failed).rejects.toThrow('On purpose')
    const names = await as('a', async () => {
      const tx = await to.startTransaction().execute()
      const saved = await tx.savepoint('one').execute()
      await saved.deleteFrom('product').execute()
      await saved.rollbackToSavepoint('one').execute()
      const rows = await tx.selectFrom('product').select('name').orderBy('id').execute()
      await tx.commit().execute()
      return rows.map(({ name }) => name)
    })
    expect(names).toEqual(ownOf('a'))
    const one = await as('b', () =>
      to
        .connection()
        .execute(async (own) => await own.selectFrom('product').select('name').execute()),
    )
    expect(one).toHaveLength(2)
  })

  it('both keep two hundred interleaved requests of two tenants apart on a pool of 2', async () => {
    const stop = wire.record()
    const requests = Array.from({ length: 200 }, (_, index) => {
      const tenant = index % 2 === 0 ? 'a' : 'b'
      return withTenant(tenant, async () => {
        for (let turn = 0; turn < index % 3; turn++) await setImmediate()
        const rows =
          index % 4 < 2
            ? await open.drizzle.transaction(async (tx) => await tx.select().from(product))
            : await open.kysely.selectFrom('product').selectAll().execute()
        expect(rows.map(({ name }) => name).sort()).toEqual(ownOf(tenant))
      })
    })
    await Promise.all(requests)
    expect(stop().filter(({ tenantId }) => tenantId === undefined)).toEqual([])
  })
})

/** The isolation suite on PostgreSQL and on PGlite, and against two implementations that are wrong. */
import { PGlite } from '@electric-sql/pglite'
import { describeIsolation, type IsolationAdapter, runIsolation } from '@tenantry/testing/isolation'
import { afterAll, describe, expect, it } from 'vitest'
import { rowLevelSecurity, tenantDatabase } from '../src/index.ts'
import { createGlobalTenancy } from './fixtures/save-and-restore-global.ts'
import { createWhereTenancy } from './fixtures/where-adding-wrapper.ts'
import { itemOperations, itemStore, itemTable } from './support/items.ts'
import { createTestDatabase, onServer, server, type TestDatabase } from './support/test-database.ts'
import { watchPglite, watchPool } from './support/wire.ts'

const policies = (role: string) => rowLevelSecurity('item', { column: 'tenant_id', role })

async function serverDatabase(): Promise<TestDatabase> {
  const db = await createTestDatabase()
  const owner = db.pool(db.roles.owner)
  await owner.query(itemTable('item', true) + policies(db.roles.app))
  return db
}

function storeOf(db: TestDatabase): Pick<IsolationAdapter, 'seed' | 'readAll'> {
  return itemStore(async (text, values) => (await db.admin.query(text, values)).rows)
}

if (server !== undefined) {
  const db = await serverDatabase()
  afterAll(async () => await db.drop())
  const raw = db.pool(db.roles.app)
  const { record } = watchPool(raw)
  const operations = itemOperations(tenantDatabase(raw))
  describeIsolation(
    'tenantDatabase on a pool of 2',
    { operations, record, ...storeOf(db) },
    { describe, it },
  )
}

const pglite = await PGlite.create()
await pglite.exec(
  `create role app; grant usage on schema public to app; ${itemTable('item', true)} ${policies('app')}`,
)
const watched = watchPglite(pglite)
describeIsolation(
  'tenantDatabase on PGlite',
  {
    operations: itemOperations(tenantDatabase(pglite, { role: 'app' })),
    record: watched.record,
    ...itemStore(async (text, values) => (await pglite.query(text, values)).rows),
  },
  { describe, it },
)
afterAll(async () => await pglite.close())

/** The vectors that fail. */
async function leaksOf(adapter: IsolationAdapter): Promise<readonly string[]> {
  const results = await runIsolation(adapter)
  return results.filter(({ failure }) => failure !== undefined).map(({ id }) => id)
}

describe.skipIf(server === undefined)(onServer('the suite fails against'), () => {
  it('a tenant that is a global, saved and restored', async () => {
    const db = await serverDatabase()
    const { inTenant, queries } = createGlobalTenancy(db.pool(db.roles.app))
    const leaks = await leaksOf({ operations: itemOperations(queries), inTenant, ...storeOf(db) })
    await db.drop()
    expect(leaks).toEqual(
      expect.arrayContaining([
        'interleaved-first-finishes-last',
        'interleaved-first-finishes-first',
        'many-at-once',
      ]),
    )
  })

  it('a wrapper that adds a condition on the tenant, without policies', async () => {
    const db = await serverDatabase()
    const leaks = await leaksOf({
      operations: itemOperations(createWhereTenancy(db.admin)),
      ...storeOf(db),
    })
    await db.drop()
    expect(leaks).toEqual(
      expect.arrayContaining(['list-of-other', 'insert-as-other', 'move-to-other']),
    )
    expect(leaks).not.toContain('find')
  })
})

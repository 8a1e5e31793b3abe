/** Random programs of several tenants on a pool of 2, compared with a schema that each has for itself. */
import { compareWithPrivate } from '@tenantry/testing/isolation'
import { describe, expect, it } from 'vitest'
import { rowLevelSecurity, type TenantQueries, tenantDatabase } from '../src/index.ts'
import { itemOperations, itemTable } from './support/items.ts'
import { createTestDatabase, onServer, server } from './support/test-database.ts'

const steps = Number(process.env['TENANTRY_PROGRAM_STEPS'] ?? 10_000)
const seed = Number(process.env['TENANTRY_PROGRAM_SEED'] ?? 20_261_120)

describe.skipIf(server === undefined)(onServer('random programs'), () => {
  it(`of 5 tenants answer as they would alone, over ${steps} steps (seed ${seed})`, {
    timeout: 90_000,
  }, async () => {
    const tenants = ['acme', 'globex', 'initech', 'umbrella', "o'hara"]
    const db = await createTestDatabase()
    const owner = db.pool(db.roles.owner)
    await owner.query(
      itemTable('item', true) +
        rowLevelSecurity('item', { column: 'tenant_id', role: db.roles.app }),
    )
    for (const index of tenants.keys()) {
      await db.admin.query(`create schema own_${index}; ${itemTable(`own_${index}.item`, false)}`)
    }
    const raw = db.pool(db.roles.app, { max: 2 })
    const report = await compareWithPrivate({
      shared: { operations: itemOperations(tenantDatabase(raw)) },
      private: (tenantId) =>
        itemOperations(plainQueries(db.admin), `own_${tenants.indexOf(tenantId)}.item`, false),
      tenants,
      steps,
      seed,
    })
    await db.drop()
    expect(report).toMatchObject({ crossed: 0, differences: [] })
    expect(report.steps).toBeGreaterThanOrEqual(steps)
    expect(raw.totalCount).toBeLessThanOrEqual(2)
  })
})

/** A database without tenants. */
function plainQueries(
  pool: Awaited<ReturnType<typeof createTestDatabase>>['admin'],
): TenantQueries {
  const queriesOf = (to: { query: typeof pool.query }): TenantQueries => ({
    async query<Row>(text: string, values: readonly unknown[] = []) {
      const { rows, rowCount } = await to.query(text, [...values])
      return { rows: rows as Row[], rowCount: rowCount ?? 0 }
    },
    async transaction(run) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const result = await run(queriesOf(client))
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    },
  })
  return queriesOf(pool)
}

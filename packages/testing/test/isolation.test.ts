/** The suite against storage in memory: it passes what is right, and names what leaks. */
import { currentTenantId } from '@tenantry/core/context'
import { describe, expect, it } from 'vitest'
import {
  compareWithPrivate,
  describeIsolation,
  type IsolationAdapter,
  type Item,
  type ItemOperations,
  runIsolation,
  type StoredItem,
} from '../src/isolation/index.ts'

type Rows = Map<string, StoredItem>

/** Operations on a map, for the tenant that `tenantOf` names. */
function operationsOn(rows: Rows, tenantOf: () => string): ItemOperations {
  const own = () => {
    const tenantId = tenantOf()
    return [...rows.values()].filter((row) => row.tenantId === tenantId)
  }
  const put = (tenantId: string, item: Item) =>
    rows.set(`${tenantId}/${item.key}`, { ...item, tenantId })
  const find = async (key: string) => own().find((row) => row.key === key)
  const insert = async (item: Item) => {
    if ((await find(item.key)) !== undefined) throw new Error('There is one already')
    put(tenantOf(), item)
  }
  return {
    list: async () => own(),
    find,
    insert,
    async update(key, changes) {
      const row = await find(key)
      if (row !== undefined) put(row.tenantId, { ...row, ...changes })
    },
    remove: async (key) => rows.delete(`${tenantOf()}/${key}`),
    count: async () => own().length,
    async upsert(item) {
      put(tenantOf(), item)
    },
  }
}

function adapterOf(rows: Rows, tenantOf: () => string): IsolationAdapter {
  return {
    operations: operationsOn(rows, tenantOf),
    async seed(items) {
      rows.clear()
      for (const item of items) rows.set(`${item.tenantId}/${item.key}`, item)
    },
    readAll: async () => [...rows.values()],
  }
}

describeIsolation('a map in memory', adapterOf(new Map(), currentTenantId), { describe, it })

describe('the isolation suite', () => {
  it('fails where the tenant is a variable that is set and restored', async () => {
    let current: string | undefined
    const tenantOf = () => {
      if (current === undefined) throw new Error('There is no tenant')
      return current
    }
    const results = await runIsolation({
      ...adapterOf(new Map(), tenantOf),
      async inTenant(tenantId, run) {
        const before = current
        current = tenantId
        try {
          return await run()
        } finally {
          current = before
        }
      },
    })
    const failed = results.filter(({ failure }) => failure !== undefined).map(({ id }) => id)
    expect(failed).toEqual(
      expect.arrayContaining([
        'interleaved-first-finishes-last',
        'interleaved-first-finishes-first',
        'many-at-once',
        'left-running',
      ]),
    )
  })

  it('fails where nothing is scoped', async () => {
    const rows: Rows = new Map()
    const scoped = adapterOf(rows, currentTenantId)
    const leaky = { ...scoped.operations, list: async () => [...rows.values()] }
    const results = await runIsolation({ ...scoped, operations: leaky })
    const failed = results.filter(({ failure }) => failure !== undefined).map(({ id }) => id)
    expect(failed).toContain('list')
    expect(failed).toContain('many-at-once')
    expect(failed).not.toContain('find')
  })

  it('says whose row came back, where, and what has another answer', async () => {
    const rows: Rows = new Map()
    const scoped = adapterOf(rows, currentTenantId)
    const all = () => {
      currentTenantId()
      return [...rows.values()]
    }
    const leaky: ItemOperations = {
      ...scoped.operations,
      list: async () => all(),
      count: async () => all().length,
      find: async (key) => (key === 'k2' ? all().at(-1) : scoped.operations.find(key)),
      remove: async (key) => scoped.operations.find(key),
    }
    const results = await runIsolation({ ...scoped, operations: leaky })
    const saidOf = (id: string) => String(results.find((one) => one.id === id)?.failure)
    expect(saidOf('list')).toContain('A row of globex came back')
    expect(saidOf('count')).toContain('As acme, count has another answer than its own rows give.')
    expect(saidOf('remove')).toContain('As acme, remove has another answer')
    const other = 'In the work for acme a row came back: owned-by-globex k1'
    for (const id of [
      'interleaved-first-finishes-last',
      'many-at-once',
      'after-a-failure',
      'nested',
    ]) {
      expect(saidOf(id)).toContain(other)
    }
    expect(saidOf('lazy')).toContain('In the work for globex a row came back: owned-by-acme k1')
  })

  it('shows what is no row', async () => {
    const scoped = adapterOf(new Map(), currentTenantId)
    const find = async () => {
      currentTenantId()
      return null as never
    }
    const results = await runIsolation({ ...scoped, operations: { ...scoped.operations, find } })
    const failure = results.find(({ id }) => id === 'find')?.failure
    expect(String(failure)).toMatch(/As acme, find has another answer.+null/s)
  })

  it('finds with random programs what crosses', async () => {
    const rows: Rows = new Map()
    const options = {
      private: () => operationsOn(new Map(), () => 'alone'),
      tenants: ['acme', 'globex', 'initech'],
      steps: 600,
      seed: 7,
    }
    const good = operationsOn(rows, currentTenantId)
    expect(await compareWithPrivate({ ...options, shared: { operations: good } })).toMatchObject({
      differences: [],
      crossed: 0,
    })
    rows.clear()
    const bad = { ...good, list: async () => [...rows.values()] }
    const report = await compareWithPrivate({ ...options, shared: { operations: bad } })
    expect(report.steps).toBeGreaterThanOrEqual(600)
    expect(report.crossed).toBeGreaterThan(0)
    expect(report.differences.length).toBeGreaterThan(0)
  })
})

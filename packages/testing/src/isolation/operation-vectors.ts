/** One vector for each operation: acting as one tenant, aiming at the rows of the other. */
import assert from 'node:assert/strict'
import type { IsolationAdapter, Item, ItemOperations } from './adapter.ts'
import { itemsOf, markOf, prove, saying, tenants } from './stage.ts'

/** Something to prove of an adapter. */
export interface IsolationVector {
  /** Stable: `find`, `move-to-other`. */
  readonly id: string
  readonly title: string
  /** Rejects when the adapter leaks. */
  prove(): Promise<void>
}

/** An operation, and what has to be true of its answer for the tenant that acts. */
interface Case {
  readonly id: string
  readonly title: string
  readonly needs: keyof ItemOperations
  run(operations: ItemOperations, self: string, other: string): unknown
  /** What comes back; without it, or when the call is refused, the four parts are all there is to prove. */
  expect?(value: unknown, self: string, operations: ItemOperations): unknown
  readonly mayRefuse?: boolean
}

const created = (tenantId: string, key: string): Item => ({
  key,
  name: `${markOf(tenantId)} ${key}`,
  amount: 1,
})
const keyOf = (item: unknown): string => String(Reflect.get(Object(item), 'key'))
const byKey = (items: unknown): unknown =>
  Array.isArray(items)
    ? items.map(plain).sort((one, two) => (keyOf(one) < keyOf(two) ? -1 : 1))
    : items
/** What is compared of a row; what is no row stays as it is, and is shown. */
const plain = (item: unknown): unknown => {
  if (typeof item !== 'object' || item === null) return item
  const { key, name, amount } = item as Partial<Item>
  return { key, name, amount }
}
const ownRows = (value: unknown, self: string) => assert.deepEqual(byKey(value), itemsOf(self))

const cases: readonly Case[] = [
  {
    id: 'list',
    title: 'list has its own rows',
    needs: 'list',
    run: (to) => to.list(),
    expect: ownRows,
  },
  {
    id: 'find',
    title: 'find by a key that both tenants have',
    needs: 'find',
    run: (to) => to.find('k1'),
    expect: (value, self) => assert.deepEqual(plain(value), itemsOf(self)[0]),
  },
  {
    id: 'count',
    title: 'count counts its own rows',
    needs: 'count',
    run: (to) => to.count?.(),
    expect: (value) => assert.equal(value, 3),
  },
  {
    id: 'total',
    title: 'an aggregate sums its own rows',
    needs: 'total',
    run: (to) => to.total?.(),
    expect: (value, self) =>
      assert.equal(
        value,
        itemsOf(self).reduce((sum, { amount }) => sum + amount, 0),
      ),
  },
  {
    id: 'search',
    title: 'a search for a name of the other tenant finds nothing',
    needs: 'search',
    run: async (to, _, other) => (await to.search?.(`${markOf(other)} k1`))?.length,
    expect: (value) => assert.equal(value, 0),
  },
  {
    id: 'list-of-other',
    title: 'a filter that names the other tenant',
    needs: 'listOf',
    run: (to, _, other) => to.listOf?.(other),
    expect: (value) => assert.deepEqual(value, []),
    mayRefuse: true,
  },
  {
    id: 'insert-same-key',
    title: 'a new row with a key that only the other tenant has',
    needs: 'insert',
    run: async (to, self) => {
      await to.remove('k1')
      await to.insert(created(self, 'k1'))
      return await to.find('k1')
    },
    expect: (value, self) => assert.deepEqual(plain(value), created(self, 'k1')),
  },
  {
    id: 'insert',
    title: 'a new row is found by its own tenant',
    needs: 'insert',
    run: async (to, self) => {
      await to.insert(created(self, 'k9'))
      return await to.find('k9')
    },
    expect: (value, self) => assert.deepEqual(plain(value), created(self, 'k9')),
  },
  {
    id: 'insert-many',
    title: 'several new rows at once',
    needs: 'insertMany',
    run: (to, self) => to.insertMany?.([created(self, 'k8'), created(self, 'k9')]),
  },
  {
    id: 'insert-as-other',
    title: 'a new row that says it is the other tenant’s',
    needs: 'insertAs',
    run: (to, self, other) => to.insertAs?.(other, created(self, 'k9')),
    mayRefuse: true,
  },
  {
    id: 'update',
    title: 'an update by a key that both tenants have',
    needs: 'update',
    run: async (to) => {
      await to.update('k1', { amount: 99 })
      return (await to.find('k1'))?.amount
    },
    expect: (value) => assert.equal(value, 99),
  },
  {
    id: 'update-all',
    title: 'an update without a condition',
    needs: 'updateAll',
    run: (to) => to.updateAll?.({ amount: 99 }),
  },
  {
    id: 'move-to-other',
    title: 'a row that is given to the other tenant',
    needs: 'moveTo',
    run: async (to, self, other) => {
      // A key that the other tenant does not have: a collision would hide that it was let through.
      await to.insert(created(self, 'k9'))
      return await to.moveTo?.('k9', other)
    },
    mayRefuse: true,
  },
  {
    id: 'upsert',
    title: 'an upsert on a key that both tenants have',
    needs: 'upsert',
    run: async (to, self) => {
      await to.upsert?.(created(self, 'k1'))
      return await to.find('k1')
    },
    expect: (value, self) => assert.deepEqual(plain(value), created(self, 'k1')),
  },
  {
    id: 'remove',
    title: 'a removal by a key that both tenants have',
    needs: 'remove',
    run: async (to) => {
      await to.remove('k1')
      return (await to.list()).length
    },
    expect: (value) => assert.equal(value, 2),
  },
  {
    id: 'remove-all',
    title: 'a removal without a condition',
    needs: 'removeAll',
    run: async (to) => {
      await to.removeAll?.()
      return (await to.list()).length
    },
    expect: (value) => assert.equal(value, 0),
  },
  {
    id: 'transaction',
    title: 'a transaction that commits',
    needs: 'transaction',
    run: async (to) => {
      await to.transaction?.(async (inside) => {
        await inside.update('k1', { amount: 99 })
        await inside.list()
      })
      return (await to.find('k1'))?.amount
    },
    expect: (value) => assert.equal(value, 99),
  },
  {
    id: 'transaction-rolled-back',
    title: 'a transaction that is rolled back',
    needs: 'transaction',
    run: async (to) => {
      const failure = new Error('Rolled back on purpose')
      await to
        .transaction?.(async (inside) => {
          await inside.remove('k1')
          throw failure
        })
        .then(undefined, (error) => {
          if (error !== failure) throw error
        })
      return await to.list()
    },
    expect: ownRows,
  },
]

/** What the adapter does not offer, and what is therefore not proved. */
export function missingOperations({ operations }: IsolationAdapter): readonly string[] {
  return [...new Set(cases.map(({ needs }) => needs))].filter(
    (name) => operations[name] === undefined,
  )
}

/** The vectors of every operation that the adapter offers, each for both tenants. */
export function operationVectors(adapter: IsolationAdapter): readonly IsolationVector[] {
  const { operations } = adapter
  const offered = cases.filter(({ needs }) => operations[needs] !== undefined)
  return [...offered.map(toVector), ...furtherVectors(adapter)]

  function toVector({ id, title, needs, run, expect, mayRefuse = false }: Case): IsolationVector {
    return {
      id,
      title,
      prove: async () => {
        for (const self of tenants) {
          const other = tenants.find((tenant) => tenant !== self) ?? ''
          const outcome = await prove(adapter, self, () => run(operations, self, other))
          if (outcome.kind === 'answered') {
            await saying(`As ${self}, ${needs} has another answer than its own rows give.`, () =>
              expect?.(outcome.value, self, operations),
            )
          } else if (!mayRefuse) throw outcome.error
        }
      },
    }
  }
}

function furtherVectors(adapter: IsolationAdapter): readonly IsolationVector[] {
  return (adapter.further ?? []).map(({ title, run, outcome: wanted = 'answers' }) => ({
    id: `further: ${title}`,
    title,
    prove: async () => {
      for (const self of tenants) {
        const outcome = await prove(adapter, self, run)
        if (wanted === 'refused') assert.equal(outcome.kind, 'refused', 'It was not refused.')
        if (wanted === 'answers' && outcome.kind === 'refused') throw outcome.error
      }
    },
  }))
}

/** Random programs of several tenants on a pool of 2, compared with a database that each has for itself. */
import { withTenant } from '@tenantry/core/context'
import { compareWithPrivate, type ItemOperations } from '@tenantry/testing/isolation'
import type { Model } from 'mongoose'
import { expect, it } from 'vitest'
import { installTenantGuard, tenantScope } from '../src/index.ts'
import { describeVersions, type Setup } from './support/each-version.ts'
import { type ItemRow, itemOperations, itemSchema } from './support/items.ts'
import { settle } from './support/vector.ts'

const steps = Number(process.env['TENANTRY_PROGRAM_STEPS'] ?? 10_000)
const seed = Number(process.env['TENANTRY_PROGRAM_SEED'] ?? 20_261_120)
const tenants = ['acme', 'globex', 'initech', 'umbrella', "o'hara"]

/**
 * The stand-in loses writes of others that happen while a transaction is committed, with and without
 * the guard. So there, a step with a transaction in it has the collection for itself.
 */
const isStandIn = !process.env['MONGODB_URI']
const note = isStandIn
  ? ' [one step at a time: the stand-in loses writes beside a transaction]'
  : ''

describeVersions('random programs', (setup) => {
  it(`of 5 tenants answer as they would alone, over ${steps} steps (seed ${seed})`, {
    timeout: 180_000,
  }, async () => {
    const { shared, alone } = await open(setup)
    const odd: unknown[] = []
    const report = await compareWithPrivate({
      shared: { operations: withoutTransactions(watched(shared, odd)) },
      private: (tenantId) => withoutTransactions(watched(alone(tenantId), odd)),
      tenants,
      steps,
      seed,
    })
    expect(odd).toEqual([])
    expect(report).toMatchObject({ crossed: 0, differences: [] })
    expect(report.steps).toBeGreaterThanOrEqual(steps)
  })

  const some = Math.ceil(steps / 4)
  it(`with transactions, over ${some} steps (seed ${seed})${note}`, {
    timeout: 180_000,
  }, async () => {
    const { shared, alone } = await open(setup)
    const inTurn = createTurns()
    const report = await compareWithPrivate({
      shared: {
        operations: itemOperations(shared),
        inTenant: (tenantId, run) =>
          isStandIn ? inTurn(() => withTenant(tenantId, run)) : withTenant(tenantId, run),
      },
      private: (tenantId) => itemOperations(alone(tenantId)),
      tenants,
      steps: some,
      seed,
    })
    expect(report).toMatchObject({ crossed: 0, differences: [] })
    expect(report.steps).toBeGreaterThanOrEqual(some)
  })
})

async function open({ create, connect }: Setup) {
  const mongoose = create()
  installTenantGuard(mongoose)
  const schema = itemSchema(mongoose)
  schema.plugin(tenantScope, { field: 'organizationId' })
  const shared = mongoose.model<ItemRow>('Item', schema)
  await connect(mongoose, { maxPoolSize: 2 })
  await shared.init()

  const plain = create()
  await connect(plain)
  const own = new Map<string, Model<ItemRow>>()
  for (const [index, tenantId] of tenants.entries()) {
    const model = plain.model<ItemRow>(`Item${index}`, itemSchema(plain))
    await model.init()
    own.set(tenantId, model)
  }
  const alone = (tenantId: string): Model<ItemRow> => {
    const model = own.get(tenantId)
    if (model === undefined) throw new Error('no such tenant')
    return model
  }
  return { shared, alone }
}

function withoutTransactions(operations: ItemOperations): ItemOperations {
  const { transaction: _, ...others } = operations
  return others
}

/** What was refused for another reason than a key that is taken: there is none. */
function watched(model: Model<ItemRow>, odd: unknown[]): ItemOperations {
  const operations = itemOperations(model)
  return new Proxy(operations, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name)
      if (typeof own !== 'function' || name === 'transaction') return own
      return async (...args: unknown[]) => {
        const outcome = await settle(() => Reflect.apply(own, target, args))
        if (!('error' in outcome)) return outcome.result
        const isTaken = ['duplicate_key', 11000].includes(Object(outcome.error).code)
        if (!isTaken) odd.push(outcome.error)
        throw outcome.error
      }
    },
  })
}

/** One after the other, in the order in which they came. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(run: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(run)
    last = turn.catch(() => undefined)
    return turn
  }
}

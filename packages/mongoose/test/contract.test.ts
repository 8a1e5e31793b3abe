import { asSystem } from '@tenantry/core/context'
import {
  describeIsolation,
  type FurtherOperation,
  type IsolationAdapter,
  runIsolation,
  type WireCommand,
} from '@tenantry/testing/isolation'
import type { Model, Mongoose } from 'mongoose'
import { beforeAll, describe, expect, it } from 'vitest'
import { installTenantGuard, tenantScope } from '../src/index.ts'
import { hooksOnly } from './fixtures/hooks-only.ts'
import { describeVersions } from './support/each-version.ts'
import { type ItemRow, itemOperations, itemSchema } from './support/items.ts'
import { judge, observe, type Wire } from './support/wire.ts'
import type { Subject } from './support/world.ts'

const guarded: Pick<Subject, 'install' | 'scope'> = {
  install: installTenantGuard,
  scope: tenantScope,
}

/** `products` is what the judge of the wire knows. */
function createItems(mongoose: Mongoose, subject: Pick<Subject, 'install' | 'scope'>) {
  subject.install(mongoose)
  const schema = itemSchema(mongoose)
  subject.scope(schema, { field: 'organizationId' })
  return mongoose.model<ItemRow>('Item', schema, 'products')
}

function adapterOf(Item: Model<ItemRow>, mongoose: Mongoose): IsolationAdapter {
  let wire: Wire | undefined
  const around = <Result>(run: () => Result) => asSystem({ reason: 'the proof' }, run)
  const collection = () => mongoose.connection.collection<ItemRow>('products')
  return {
    operations: itemOperations(Item),
    further: further(Item),
    seed: (items) =>
      around(async () => {
        await collection().deleteMany({})
        const rows = items.map(({ tenantId, ...item }) => ({ ...item, organizationId: tenantId }))
        await collection().insertMany(rows)
      }),
    readAll: async () => {
      const rows = await around(() => collection().find({}).toArray())
      return rows.map(({ key, name, amount, organizationId = '' }) => {
        return { key, name, amount, tenantId: organizationId }
      })
    },
    record() {
      wire ??= observe(mongoose.connection)
      const own = wire
      own.clear()
      return () =>
        own.commands().map((sent): WireCommand => {
          const tenantId = ['acme', 'globex'].find((id) => judge(sent, id) === undefined)
          return { text: JSON.stringify(sent.command['filter'] ?? sent.name), tenantId }
        })
    },
  }
}

/** What only Mongoose can do. */
function further(Item: Model<ItemRow>): readonly FurtherOperation[] {
  return [
    { title: 'the collection of the driver', run: () => Item.collection.find({}).toArray() },
    { title: 'distinct', run: () => Item.distinct('name') },
    { title: 'estimatedDocumentCount', run: () => Item.estimatedDocumentCount() },
    {
      title: 'bulkWrite',
      run: () => Item.bulkWrite([{ updateMany: { filter: {}, update: { amount: 1 } } }]),
    },
    {
      title: '$lookup into itself',
      run: () =>
        Item.aggregate([{ $lookup: { from: 'products', pipeline: [{ $limit: 9 }], as: 'all' } }]),
    },
    {
      title: '$out',
      run: () => Item.aggregate([{ $out: 'elsewhere' }]),
      outcome: 'refused',
    },
  ]
}

describeVersions('the isolation suite of @tenantry/testing', ({ create, connect }) => {
  const mongoose = create()
  const Item = createItems(mongoose, guarded)
  beforeAll(async () => {
    await connect(mongoose)
    await Item.init()
  })
  describeIsolation('models behind the guard', adapterOf(Item, mongoose), { describe, it })

  it('is seen to fail with hooks alone', async ({ annotate }) => {
    const wrong = create()
    const Wrong = createItems(wrong, hooksOnly)
    await connect(wrong)
    await Wrong.init()
    const results = await runIsolation(adapterOf(Wrong, wrong))
    const failed = results.filter(({ failure }) => failure !== undefined).map(({ id }) => id)
    await annotate(`${failed.length} of ${results.length} fail: ${failed.join(' ')}`)
    expect(failed.length).toBeGreaterThan(5)
    expect(results.length).toBeGreaterThan(failed.length)
  })
})

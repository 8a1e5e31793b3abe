/** M10 to M19, M37, M42: writing. */
import type { Vector } from '../support/vector.ts'
import { withMember } from './rows.ts'

const mismatch = ['tenant_mismatch']
const anyRefusal = ['tenant_mismatch', 'call_refused']

export const writes: readonly Vector[] = [
  {
    row: 'M10',
    name: 'updateMany',
    act: ({ Product }) => Product.updateMany({}, { $set: { price: 1 } }),
    check: withMember('modifiedCount', 2),
  },
  {
    row: 'M10',
    name: "updateOne aimed at b's document",
    act: ({ Product, ids }) => Product.updateOne({ _id: ids.b1 }, { $set: { price: 1 } }),
    check: withMember('matchedCount', 0),
  },
  {
    row: 'M10',
    name: 'findOneAndUpdate by a key that collides',
    act: ({ Product }) => Product.findOneAndUpdate({ sku: 's1' }, { price: 1 }),
    check: withMember('price', 10),
  },
  {
    row: 'M10',
    name: "findByIdAndUpdate of b's document",
    act: ({ Product, ids }) => Product.findByIdAndUpdate(ids.b1, { price: 1 }),
    check: (row) => row === null,
  },
  {
    row: 'M10',
    name: "findByIdAndDelete of b's document",
    act: ({ Product, ids }) => Product.findByIdAndDelete(ids.b1),
    check: (row) => row === null,
    wireOnly: 'no findOneAndDelete as Mongoose sends it',
  },
  {
    row: 'M10',
    name: 'an update that says the same tenant',
    act: ({ Product }) =>
      Product.updateOne({ sku: 's1' }, { $set: { organizationId: 'a', price: 7 } }),
    check: withMember('modifiedCount', 1),
  },
  ...operators(),
  {
    row: 'M12',
    name: '$rename from the tenant',
    act: ({ Product }) =>
      Product.collection.updateMany({}, { $rename: { organizationId: 'name' } } as never),
    refused: mismatch,
  },
  {
    row: 'M12',
    name: '$rename to the tenant',
    act: ({ Product }) =>
      Product.collection.updateMany({}, { $rename: { secret: 'organizationId' } } as never),
    refused: mismatch,
  },
  ...pipelines(),
  {
    row: 'M14',
    name: 'replaceOne without the tenant',
    act: ({ Product }) => Product.replaceOne({ sku: 's1' }, { sku: 's1', name: 'new' }),
    check: withMember('modifiedCount', 1),
  },
  {
    row: 'M14',
    name: 'replaceOne into another tenant',
    act: ({ Product }) => Product.replaceOne({ sku: 's1' }, { sku: 's1', organizationId: 'b' }),
    refused: mismatch,
  },
  {
    row: 'M14',
    name: "replaceOne of b's document",
    act: ({ Product, ids }) => Product.replaceOne({ _id: ids.b1 }, { sku: 's9', name: 'mine' }),
    check: withMember('matchedCount', 0),
  },
  {
    row: 'M14',
    name: 'findOneAndReplace without the tenant',
    act: ({ Product }) => Product.findOneAndReplace({ sku: 's1' }, { sku: 's1', name: 'new' }),
    check: withMember('price', 10),
  },
  {
    row: 'M14',
    name: 'findOneAndReplace of the driver into another tenant',
    act: ({ Product }) =>
      Product.collection.findOneAndReplace({ sku: 's1' }, {
        sku: 's1',
        organizationId: 'b',
      } as never),
    refused: mismatch,
  },
  {
    row: 'M15',
    name: 'an upsert of something new',
    act: ({ Product }) =>
      Product.updateOne({ sku: 's9' }, { $set: { price: 9 } }, { upsert: true }),
    check: withMember('upsertedCount', 1),
  },
  {
    row: 'M15',
    name: "an upsert aimed at b's document",
    act: ({ Product, ids }) =>
      Product.updateOne({ _id: ids.b1 }, { $set: { sku: 's9' } }, { upsert: true }),
    refused: ['duplicate_key'],
  },
  {
    row: 'M15',
    name: 'an upsert of another tenant',
    act: ({ Product }) =>
      Product.updateOne({ organizationId: 'b', sku: 's1' }, { price: 9 }, { upsert: true }),
    refused: mismatch,
  },
  {
    row: 'M15',
    name: 'findOneAndUpdate with upsert, by a key that only b has',
    act: ({ Product }) =>
      Product.findOneAndUpdate({ sku: 's3' }, { price: 9 }, { upsert: true, new: true }),
    check: withMember('organizationId', 'a'),
  },
  {
    row: 'M15',
    name: 'an upsert that replaces',
    act: ({ Product }) => Product.replaceOne({ sku: 's9' }, { sku: 's9' }, { upsert: true }),
    check: withMember('upsertedCount', 1),
  },
  ...inserts(),
  {
    row: 'M17',
    name: "save of b's document, loaded under b",
    prepare: ({ Product, ids, subject }) => subject.asSystem(() => Product.findById(ids.b1).exec()),
    act: async (_world, row) => {
      Reflect.set(Object(row), 'name', 'mine')
      return await Object(row).save()
    },
    refused: ['DocumentNotFoundError', 'VersionError'],
  },
  {
    row: 'M17',
    name: "save of a forged document with b's id",
    act: async ({ Product, ids }) => {
      const row = Product.hydrate({ _id: ids.b1, organizationId: 'a', sku: 's1', __v: 0 })
      row.name = 'mine'
      return await row.save()
    },
    refused: ['DocumentNotFoundError', 'VersionError'],
  },
  {
    row: 'M17',
    name: 'save of an own document that is moved to b',
    act: async ({ Product, ids }) => {
      const row = Product.hydrate({ _id: ids.a1, organizationId: 'a', sku: 's1', __v: 0 })
      row.organizationId = 'b'
      return await row.save()
    },
    refused: mismatch,
  },
  {
    row: 'M17',
    name: 'save of an own document',
    act: async ({ Product, ids }) => {
      const row = Product.hydrate({ _id: ids.a1, organizationId: 'a', sku: 's1', __v: 0 })
      row.name = 'better'
      return await row.save()
    },
    check: withMember('name', 'better'),
  },
  {
    row: 'M18',
    name: "deleteOne of b's document",
    act: ({ Product, ids }) => Product.hydrate({ _id: ids.b1, organizationId: 'b' }).deleteOne(),
    check: withMember('deletedCount', 0),
  },
  {
    row: 'M18',
    name: "updateOne of b's document",
    act: ({ Product, ids }) => Product.hydrate({ _id: ids.b1 }).updateOne({ $set: { price: 1 } }),
    check: withMember('matchedCount', 0),
  },
  {
    row: 'M18',
    name: "bulkSave of b's documents",
    act: async ({ Product, ids }) => {
      const rows = [ids.b1, ids.b2].map((_id) =>
        Product.hydrate({ _id, organizationId: 'b', __v: 0 }),
      )
      for (const row of rows) row.name = 'mine'
      return await Product.bulkSave(rows)
    },
    refused: ['DocumentNotFoundError', 'VersionError', 'MongooseBulkSaveIncompleteError'],
  },
  {
    row: 'M18',
    name: "save of a subdocument of b's document",
    act: async ({ Product, ids }) => {
      const parts = [{ name: 'lid', price: 1 }]
      const row = Product.hydrate({ _id: ids.b1, organizationId: 'b', parts, __v: 0 })
      Reflect.set(Object(row.parts?.[0]), 'price', 2)
      return await row.save()
    },
    refused: ['DocumentNotFoundError', 'VersionError'],
  },
  ...bulks(),
  {
    row: 'M37',
    name: "an insert with the id of b's document",
    act: ({ Product, ids }) => Product.create({ _id: ids.b1, sku: 's9' }),
    refused: ['duplicate_key'],
  },
  {
    row: 'M42',
    name: 'deleteMany of everything',
    act: ({ Product }) => Product.deleteMany({}),
    check: withMember('deletedCount', 2),
  },
  {
    row: 'M42',
    name: 'deleteMany of the driver, of everything',
    act: ({ Product }) => Product.collection.deleteMany({}),
    check: withMember('deletedCount', 2),
  },
  {
    row: 'M42',
    name: "deleteOne aimed at b's document",
    act: ({ Product, ids }) => Product.deleteOne({ _id: ids.b1 }),
    check: withMember('deletedCount', 0),
  },
]

/** M11: each operator on the tenant itself, below it, and on it as a part of something. */
function operators(): Vector[] {
  const changes: [operator: string, value: unknown][] = [
    ['$set', 'b'],
    ['$set', null],
    ['$setOnInsert', 'b'],
    ['$unset', ''],
    ['$inc', 1],
    ['$mul', 2],
    ['$min', 'B'],
    ['$max', 'b'],
    ['$currentDate', true],
    ['$bit', { or: 1 }],
    ['$push', 'b'],
    ['$addToSet', 'b'],
    ['$pull', 'a'],
    ['$pullAll', ['a']],
    ['$pop', 1],
  ]
  const paths = ['organizationId', 'organizationId.x', 'organizationId.0']
  const alone = changes.flatMap(([operator, value]) =>
    paths.map((path): Vector => {
      const update = { [operator]: { [path]: value } }
      return {
        row: 'M11',
        name: `${operator} of ${path} to ${JSON.stringify(value)}`,
        act: ({ Product }) => Product.collection.updateMany({}, update as never),
        refused: mismatch,
      }
    }),
  )
  return [
    ...alone,
    {
      row: 'M11',
      name: '$set of the tenant by a model',
      act: ({ Product }) => Product.updateMany({}, { organizationId: 'b' }),
      refused: mismatch,
    },
    {
      row: 'M11',
      name: '$unset of the tenant by findOneAndUpdate',
      act: ({ Product }) => Product.findOneAndUpdate({}, { $unset: { organizationId: 1 } }),
      refused: mismatch,
    },
    {
      row: 'M11',
      name: 'an operator that nobody knows',
      act: ({ Product }) => Product.collection.updateMany({}, { $move: { x: 1 } } as never),
      refused: ['call_refused'],
    },
  ]
}

/** M13: what a pipeline writes is known to the server only. */
function pipelines(): Vector[] {
  const stages: [name: string, stage: object, refused?: readonly string[]][] = [
    ['$set of the tenant', { $set: { organizationId: 'b' } }, mismatch],
    ['$addFields below the tenant', { $addFields: { 'organizationId.x': 'b' } }, mismatch],
    ['$unset of the tenant', { $unset: 'organizationId' }, mismatch],
    ['$unset of a list with the tenant', { $unset: ['x', 'organizationId'] }, mismatch],
    ['$replaceWith another document', { $replaceWith: { organizationId: 'b', sku: 's1' } }],
    ['$replaceRoot by another document', { $replaceRoot: { newRoot: { organizationId: 'b' } } }],
    ['$project without the tenant', { $project: { sku: 1 } }],
    ['$set of something else', { $set: { price: { $add: ['$price', 1] } } }],
    ['a stage that is none of updates', { $lookup: { from: 'users' } }, ['call_refused']],
  ]
  return stages.map(([name, stage, refused]) => ({
    row: 'M13',
    name: `a pipeline with ${name}`,
    act: ({ Product }) => Product.collection.updateMany({}, [stage] as never),
    ...(refused ? { refused } : { wireOnly: 'no pipelines in updates' }),
  }))
}

/** M16: whatever stands in the place of the tenant, but the tenant itself, is refused. */
function inserts(): Vector[] {
  const odd: unknown[] = ['b', 'A', ' a', '', null, ['a'], {}, { $eq: 'a' }, 7]
  const refused = odd.flatMap((value): Vector[] => [
    {
      row: 'M16',
      name: `insertOne of the driver with ${JSON.stringify(value)} as the tenant`,
      act: ({ Product }) =>
        Product.collection.insertOne({ sku: 's9', organizationId: value } as never),
      refused: mismatch,
    },
    {
      row: 'M16',
      name: `insertMany of the driver with ${JSON.stringify(value)} as the tenant`,
      act: ({ Product }) =>
        Product.collection.insertMany([
          { sku: 's8' },
          { sku: 's9', organizationId: value },
        ] as never),
      refused: mismatch,
    },
  ])
  const created: Vector[] = [
    {
      row: 'M16',
      name: 'create without the tenant',
      act: ({ Product }) => Product.create({ sku: 's9' }),
      check: withMember('organizationId', 'a'),
    },
    {
      row: 'M16',
      name: 'create with the tenant of b',
      act: ({ Product }) => Product.create({ sku: 's9', organizationId: 'b' }),
      refused: mismatch,
    },
    {
      row: 'M16',
      name: 'insertMany without the tenant',
      act: ({ Product }) => Product.insertMany([{ sku: 's8' }, { sku: 's9' }]),
      check: (rows) => withMember('organizationId', 'a')(Object(rows)[1]),
    },
    {
      row: 'M16',
      name: 'insertMany with one document of b',
      act: ({ Product }) => Product.insertMany([{ sku: 's8' }, { sku: 's9', organizationId: 'b' }]),
      refused: mismatch,
    },
    {
      row: 'M16',
      name: 'insertOne of the driver without the tenant',
      act: ({ Product }) => Product.collection.insertOne({ sku: 's9' } as never),
      check: withMember('acknowledged', true),
    },
    {
      row: 'M16',
      name: 'a document that is made before the context and saved in it',
      act: ({ unsaved }) => unsaved().save(),
      check: withMember('organizationId', 'a'),
    },
  ]
  return [...created, ...refused]
}

/** M19: all six operations, alone and together. */
function bulks(): Vector[] {
  const mix = [
    { insertOne: { document: { sku: 's9' } } },
    { updateOne: { filter: { sku: 's1' }, update: { $set: { price: 1 } } } },
    { updateMany: { filter: {}, update: { $set: { name: 'all' } } } },
    { replaceOne: { filter: { sku: 's2' }, replacement: { sku: 's2', name: 'new' } } },
    { deleteOne: { filter: { sku: 's9' } } },
    { deleteMany: { filter: {} } },
  ]
  const foreign: [name: string, operation: object, refused: readonly string[]][] = [
    ['insertOne', { insertOne: { document: { organizationId: 'b' } } }, mismatch],
    ['insertOne in its old form', { insertOne: { organizationId: 'b' } }, anyRefusal],
    [
      'updateOne',
      { updateOne: { filter: {}, update: { $set: { organizationId: 'b' } } } },
      mismatch,
    ],
    [
      'updateMany',
      { updateMany: { filter: {}, update: { $unset: { organizationId: 1 } } } },
      mismatch,
    ],
    ['replaceOne', { replaceOne: { filter: {}, replacement: { organizationId: 'b' } } }, mismatch],
    [
      'an upsert',
      {
        updateOne: {
          filter: { organizationId: 'b' },
          update: { $set: { price: 1 } },
          upsert: true,
        },
      },
      mismatch,
    ],
    ['an operation that nobody knows', { moveOne: { filter: {} } }, ['call_refused']],
    [
      'two operations in one',
      { deleteOne: { filter: {} }, deleteMany: { filter: {} } },
      anyRefusal,
    ],
  ]
  return [
    {
      row: 'M19',
      name: 'all six in order',
      act: ({ Product }) => Product.bulkWrite(structuredClone(mix) as never),
      check: withMember('deletedCount', 3),
    },
    {
      row: 'M19',
      name: 'all six without order',
      act: ({ Product }) => Product.bulkWrite(structuredClone(mix) as never, { ordered: false }),
      check: withMember('insertedCount', 1),
    },
    {
      row: 'M19',
      name: 'all six with { middleware: false }',
      act: ({ Product }) =>
        Product.bulkWrite(structuredClone(mix) as never, { middleware: false } as never),
      check: withMember('deletedCount', 3),
    },
    {
      row: 'M19',
      name: 'all six of the driver',
      act: ({ Product }) => Product.collection.bulkWrite(structuredClone(mix) as never),
      check: withMember('deletedCount', 3),
    },
    ...['updateOne', 'updateMany'].map(
      (operation): Vector => ({
        row: 'M19',
        name: `${operation} aimed at b's document`,
        act: ({ Product, ids }) => {
          const aimed = { filter: { _id: ids.b1 }, update: { $set: { price: 1 } } }
          return Product.bulkWrite([{ [operation]: aimed }] as never)
        },
        check: withMember('matchedCount', 0),
      }),
    ),
    ...['deleteOne', 'deleteMany'].map(
      (operation): Vector => ({
        row: 'M19',
        name: `${operation} aimed at b's document`,
        act: ({ Product, ids }) =>
          Product.bulkWrite([{ [operation]: { filter: { _id: ids.b1 } } }] as never),
        check: withMember('deletedCount', 0),
      }),
    ),
    ...foreign.map(
      ([name, operation, refused]): Vector => ({
        row: 'M19',
        name: `${name} for another tenant`,
        act: ({ Product }) => Product.collection.bulkWrite([operation] as never),
        refused,
      }),
    ),
  ]
}

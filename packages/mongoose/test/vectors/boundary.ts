/** M20 to M22, M33 to M36, M39, M44: ways around the models, and around the collections. */
import type { Vector } from '../support/vector.ts'
import type { World } from '../support/world.ts'
import { withMember, withSkus } from './rows.ts'

const refused = ['call_refused']
const mine = withSkus('s1', 's2')
const sort = { sku: 1 } as const

/** Typed as less than it is: what is tried is not always there. */
function call(target: unknown, method: string, ...args: unknown[]): unknown {
  const own: unknown = Reflect.get(Object(target), method)
  if (typeof own !== 'function') throw new TypeError(`${method} is not there`)
  return Reflect.apply(own, target, args)
}

function readAll(collection: unknown): unknown {
  const cursor = call(collection, 'find', {}, { sort })
  return call(cursor, 'toArray')
}

export const boundary: readonly Vector[] = [
  {
    row: 'M20',
    name: 'Model.collection',
    act: ({ Product }) => readAll(Product.collection),
    check: mine,
  },
  {
    row: 'M20',
    name: 'connection.collection(name)',
    act: ({ connection }) => readAll(connection.collection('products')),
    check: mine,
  },
  {
    row: 'M20',
    name: 'a second model of the same collection, without a schema',
    act: ({ Loose }) => Loose.find().sort(sort),
    check: mine,
  },
  {
    row: 'M20',
    name: 'updateMany of a second model',
    act: ({ Loose }) => Loose.updateMany({}, { $set: { price: 1 } }),
    check: withMember('modifiedCount', 2),
  },
  {
    row: 'M20',
    name: 'a second model that moves documents',
    act: ({ Loose }) => Loose.updateMany({}, { $set: { organizationId: 'b' } }),
    refused: ['tenant_mismatch'],
  },
  {
    row: 'M20',
    name: 'what is not declared',
    act: ({ Undeclared }) => Undeclared.find(),
    refused: ['collection_undeclared'],
  },
  {
    row: 'M20',
    name: 'what is not declared, written',
    act: ({ connection }) => connection.collection('taken').insertOne({ x: 1 }),
    refused: ['collection_undeclared'],
  },
  {
    row: 'M20',
    name: 'the collection of the driver in the one of Mongoose',
    act: ({ Product }) => readAll(Reflect.get(Product.collection, 'collection')),
    check: mine,
  },
  {
    row: 'M20',
    name: '_getCollection',
    act: ({ Product }) => readAll(call(Product.collection, '_getCollection')),
    check: mine,
  },
  {
    row: 'M20',
    name: 'a call that is put into the queue',
    act: ({ Product }) => {
      call(Product.collection, 'addQueue', 'deleteMany', [{}])
      return call(Product.collection, 'doQueue')
    },
    refused,
  },
  {
    row: 'M21',
    name: 'useConnection',
    act: async (world) => {
      const { mongoose, connection } = world
      const other = await open(world)
      try {
        const Rebound = connection.model('Rebound', new mongoose.Schema({}), 'products')
        Rebound.useConnection(other)
        return await Rebound.find().sort(sort).lean()
      } finally {
        connection.deleteModel(/^Rebound$/)
        await other.close()
      }
    },
    check: (rows) => Array.isArray(rows) && rows.length === 2,
  },
  {
    row: 'M21',
    name: 'a second connection',
    act: async (world) => {
      const other = await open(world)
      try {
        return await readAll(other.collection('products'))
      } finally {
        await other.close()
      }
    },
    check: mine,
  },
  {
    row: 'M21',
    name: 'useDb',
    act: ({ connection }) => readAll(connection.useDb(connection.name).collection('products')),
    check: mine,
  },
  {
    row: 'M21',
    name: 'a model on useDb',
    act: ({ connection, Product }) => {
      const child = connection.useDb(connection.name)
      return child.model('Product', Product.schema).find().sort(sort)
    },
    check: mine,
  },
  {
    row: 'M22',
    name: 'connection.db.collection',
    act: ({ connection }) => readAll(connection.db?.collection('products')),
    check: mine,
  },
  {
    row: 'M22',
    name: 'connection.db.collection, written',
    act: ({ connection }) => connection.db?.collection('products').deleteMany({}),
    check: withMember('deletedCount', 2),
  },
  {
    row: 'M22',
    name: 'connection.db.collection of what is not declared',
    act: ({ connection }) => readAll(connection.db?.collection('undeclareds')),
    refused: ['collection_undeclared'],
  },
  {
    row: 'M22',
    name: 'getClient().db().collection',
    act: ({ connection }) =>
      readAll(connection.getClient().db(connection.name).collection('products')),
    check: mine,
  },
  {
    row: 'M22',
    name: 'the filter of a cursor that is replaced',
    act: ({ Product }) => Product.collection.find({ sku: 's1' }).filter({}).sort(sort).toArray(),
    check: mine,
  },
  {
    row: 'M22',
    name: 'the filter of a copy of a cursor that is replaced',
    act: ({ Product }) => Product.collection.find({}).clone().filter({}).sort(sort).toArray(),
    check: mine,
  },
  {
    row: 'M22',
    name: 'the filter of the cursor in the cursor of Mongoose',
    act: async ({ Product }) => {
      const cursor = Product.find().cursor()
      await cursor.next()
      const inner: unknown = Reflect.get(cursor, 'cursor')
      return await call(call(call(call(inner, 'clone'), 'filter', {}), 'sort', sort), 'toArray')
    },
    check: mine,
  },
  {
    row: 'M22',
    name: 'the old modifiers of a query',
    act: ({ Product }) => Product.collection.find({}).addQueryModifier('$query', {}).toArray(),
    refused,
  },
  {
    row: 'M22',
    name: 'Connection.bulkWrite',
    act: ({ connection, Product, ids }) =>
      connection.bulkWrite([
        { model: Product, name: 'insertOne', document: { sku: 's9' } },
        { model: Product, name: 'updateMany', filter: {}, update: { $set: { price: 1 } } },
        { model: Product, name: 'deleteOne', filter: { _id: ids.b1 } },
      ] as never),
    wireOnly: 'no command bulkWrite',
  },
  {
    row: 'M22',
    name: 'bulkWrite of the client for another tenant',
    act: ({ connection }) =>
      call(connection.getClient(), 'bulkWrite', [
        { name: 'insertOne', namespace: 'x.products', document: { organizationId: 'b' } },
      ]),
    refused: ['tenant_mismatch'],
  },
  {
    row: 'M22',
    name: 'bulkWrite of the client into what is not declared',
    act: ({ connection }) =>
      call(connection.getClient(), 'bulkWrite', [
        { name: 'insertOne', namespace: 'x.taken', document: {} },
      ]),
    refused: ['collection_undeclared'],
  },
  ...databaseCalls(),
  {
    row: 'M22',
    name: 'another database, by an option',
    act: ({ Product }) => Product.collection.find({}, { dbName: 'admin' } as never).toArray(),
    refused,
  },
  {
    row: 'M33',
    name: 'watch of a model',
    act: async ({ Product }) => {
      const stream = Product.watch()
      try {
        return await stream.next()
      } finally {
        await stream.close()
      }
    },
    wireOnly: 'no change streams',
  },
  {
    row: 'M33',
    name: 'watch of a collection, with stages',
    act: async ({ Product }) =>
      await next(Product.collection.watch([{ $match: { operationType: 'update' } }])),
    wireOnly: 'no change streams',
  },
  {
    row: 'M33',
    name: 'watch with a stage that joins',
    act: async ({ Product }) =>
      await next(Product.collection.watch([{ $lookup: { from: 'users' } }])),
    refused,
  },
  {
    row: 'M33',
    name: 'watch of the database',
    act: async ({ connection }) => await next(connection.watch()),
    refused,
  },
  {
    row: 'M33',
    name: 'watch of the client',
    act: async ({ connection }) => await next(connection.getClient().watch()),
    refused,
  },
  {
    row: 'M36',
    name: 'a key that is unique, and that b has',
    act: ({ Product }) => Product.create({ sku: 's1-only-b' }),
    prepare: ({ raw }) =>
      raw.collection('products').insertOne({ organizationId: 'b', sku: 's1-only-b' }),
    check: withMember('organizationId', 'a'),
  },
  {
    row: 'M36',
    name: 'a key that is unique, and that a has',
    act: ({ Product }) => Product.create({ sku: 's1' }),
    refused: ['duplicate_key'],
  },
  ...administration(),
  {
    row: 'M39',
    name: 'a callback of the driver',
    act: ({ Product }) => call(Product.collection, 'findOne', {}, () => undefined),
    refused,
  },
  {
    row: 'M44',
    name: 'GridFS',
    act: async ({ connection, mongoose }) => {
      if (connection.db === undefined) throw new Error('not connected')
      return await new mongoose.mongo.GridFSBucket(connection.db).find({}).toArray()
    },
    refused: ['collection_undeclared'],
  },
  {
    row: 'M44',
    name: 'a view of the collection',
    act: ({ connection }) =>
      connection.createCollection('taken', { viewOn: 'products', pipeline: [] }),
    refused,
  },
  {
    row: 'M44',
    name: 'a collection that compares as it likes',
    act: ({ connection }) =>
      connection.createCollection('taken', { collation: { locale: 'en', strength: 1 } }),
    refused,
  },
]

async function open({ mongoose, connection, wire }: World) {
  const uri: unknown = Reflect.get(connection, '_connectionString')
  const settings = { autoCreate: false, monitorCommands: true }
  const opened = await mongoose.createConnection(String(uri), settings).asPromise()
  wire.follow(opened)
  return opened
}

async function next(stream: unknown): Promise<unknown> {
  const ended = new Promise((_, reject) => call(stream, 'on', 'error', reject))
  try {
    return await Promise.race([call(stream, 'next'), ended])
  } finally {
    await Promise.resolve(call(stream, 'close')).catch(() => undefined)
  }
}

/** What concerns all tenants, or cannot be judged. */
function databaseCalls(): Vector[] {
  const calls: [name: string, act: Vector['act']][] = [
    ['connection.db.command', ({ connection }) => connection.db?.command({ find: 'products' })],
    ['connection.db.admin', ({ connection }) => connection.db?.admin().listDatabases()],
    ['connection.db.aggregate', ({ connection }) => connection.db?.aggregate([]).toArray()],
    [
      'connection.db.runCursorCommand',
      ({ connection }) => call(connection.db, 'runCursorCommand', {}),
    ],
    ['connection.db.dropDatabase', ({ connection }) => connection.db?.dropDatabase()],
    ['connection.db.dropCollection', ({ connection }) => connection.db?.dropCollection('products')],
    [
      'connection.db.renameCollection',
      ({ connection }) => connection.db?.renameCollection('a', 'b'),
    ],
    ['connection.db.stats', ({ connection }) => connection.db?.stats()],
    ['connection.dropDatabase', ({ connection }) => connection.dropDatabase()],
    ['connection.dropCollection', ({ connection }) => connection.dropCollection('products')],
    ['connection.listDatabases', ({ connection }) => connection.listDatabases()],
    ['connection.listCollections', ({ connection }) => connection.listCollections()],
    [
      'connection.aggregate',
      ({ connection }) => connection.aggregate([{ $currentOp: {} } as never]),
    ],
  ]
  return calls.map(([name, act]) => ({ row: 'M22', name, act, refused }))
}

function administration(): Vector[] {
  const methods: [method: string, ...args: unknown[]][] = [
    ['drop'],
    ['rename', 'taken'],
    ['dropIndex', 'sku_1'],
    ['dropIndexes'],
    ['dropSearchIndex', 'x'],
    ['updateSearchIndex', 'x', {}],
    ['initializeOrderedBulkOp'],
    ['initializeUnorderedBulkOp'],
    ['mapReduce', () => undefined, () => undefined],
    ['findAndModify', {}, {}],
    ['insert', {}],
    ['save', {}],
    ['ensureIndex', {}],
  ]
  return methods.map(([method, ...args]) => ({
    row: 'M39',
    name: `${method} of a collection`,
    act: ({ Product }) => call(Product.collection, method, ...args),
    refused,
  }))
}

/** What the driver hands out by the way: none of it leads around the guard. */
import { asSystem, withTenant } from '@tenantry/core/context'
import { expect, it } from 'vitest'
import { guardClient } from '../src/guarded-database.ts'
import { installTenantGuard, tenantGlobal, tenantScope } from '../src/index.ts'
import { describeVersions } from './support/each-version.ts'
import { codeOf, settle } from './support/vector.ts'

const field = 'organizationId'
const refused = { code: 'call_refused' }

interface Row {
  name: string
  tags?: string[]
  organizationId?: string
}

/** A list that answers `map` with what was never looked at. */
class Forged extends Array<unknown> {
  readonly #instead: readonly unknown[]

  constructor(...instead: unknown[]) {
    super()
    this.#instead = instead
  }

  // biome-ignore lint/suspicious/noExplicitAny: the type of a list
  override map(): any[] {
    return [...this.#instead]
  }
}

describeVersions('what the driver hands out', ({ create, connect }) => {
  async function open() {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema<Row>({ name: String, tags: [String] })
    schema.plugin(tenantScope, { field })
    const news = new mongoose.Schema({ name: String })
    news.plugin(tenantGlobal)
    const Product = mongoose.model<Row>('Product', schema)
    const News = mongoose.model('News', news)
    await connect(mongoose)
    for (const id of ['a', 'b']) {
      await withTenant(id, () => Product.create({ name: `of ${id}`, tags: ['x'] }))
    }
    const everything = async () => {
      const rows = await asSystem({ reason: 'look' }, () => Product.find().sort({ name: 1 }).lean())
      return rows.map((row) => `${row[field]} ${row.name}`)
    }
    const { connection } = mongoose
    const client = connection.getClient()
    const { db } = connection
    if (db === undefined) throw new Error('not connected')
    return { mongoose, connection, client, db, Product, News, everything }
  }

  it('a client that is called stays the guarded one', async () => {
    const { client, connection, Product } = await open()
    const listener = () => undefined
    const answers = [
      await client.connect(),
      client.on('close', listener),
      client.once('close', listener),
      client.off('close', listener),
      client.setMaxListeners(0),
    ]
    for (const answer of answers) {
      expect(answer).toBe(client)
      const found = answer.db(connection.name).collection(Product.collection.name)
      const rows = await withTenant('a', () => found.find({}).toArray())
      expect(rows.map(({ name }) => name)).toEqual(['of a'])
    }
  })

  it('a database and a client show names and settings, and nothing with a client in it', async () => {
    const { client, db, connection } = await open()
    for (const [owner, names] of [
      [db, ['client', 's']],
      [client, ['s', 'sessionPool', 'autoEncrypter']],
    ] as const) {
      for (const name of names) expect(Reflect.get(owner, name), name).toBeUndefined()
    }
    expect(JSON.stringify(Object.keys(Object(Reflect.get(client, 'topology'))))).toBe('["s"]')
    expect(Object.keys(Object(Reflect.get(Object(Reflect.get(client, 'topology')), 's')))).toEqual([
      'description',
    ])
    expect(db.databaseName).toBe(connection.name)
    expect(db.readPreference).toBeDefined()
    // For whoever works across tenants it is all there.
    await asSystem({ reason: 'look' }, () => expect(Reflect.get(db, 'client')).toBeDefined())
  })

  it('the classes of the driver make nothing out of what is guarded', async () => {
    const { client, db, connection, Product } = await open()
    const name = Product.collection.name
    const raw: unknown = Reflect.get(Product.collection, 'collection')
    const attempts = [
      () => new (Object(db).constructor)(client, connection.name).collection(name),
      () => new (Object(raw).constructor)(db, name),
      () => Reflect.apply(Object.getPrototypeOf(db).collection, db, [name]),
      () => Reflect.apply(Object.getPrototypeOf(client).db, client, [connection.name]),
    ]
    for (const attempt of attempts) {
      const outcome = await settle(() =>
        withTenant('a', async () => await attempt().find({}).toArray()),
      )
      if ('error' in outcome) continue
      expect(outcome.result).toMatchObject([{ name: 'of a' }])
    }
  })

  it('the pipeline of a cursor cannot be put in the place of the one that was looked at', async () => {
    const { Product } = await open()
    await withTenant('a', async () => {
      const cursor = Product.collection.aggregate([])
      expect(() => Reflect.set(cursor, 'pipeline', [])).not.toThrow()
      expect(await cursor.toArray()).toMatchObject([{ name: 'of a' }])
    })
  })

  it('a unique index is of a tenant also when the database makes it', async () => {
    const { db, Product } = await open()
    const name = Product.collection.name
    await db.createIndex(name, { code: 1, name: 1 }, { unique: true })
    await db.createIndex(name, 'name')
    const indexes = await Product.collection.indexes()
    expect(indexes.map(({ key }) => JSON.stringify(key)).sort()).toEqual([
      '{"_id":1}',
      '{"name":1}',
      '{"organizationId":1,"code":1,"name":1}',
    ])
    await asSystem({ reason: 'as written' }, () => db.createIndex(name, { _id: 1, code: 1 }))
  })

  it('a view is looked for in what is sent, and not in what answers differently the next time', async () => {
    const { db } = await open()
    let asked = 0
    const odd = {
      pipeline: [],
      get viewOn() {
        asked += 1
        return asked === 1 ? undefined : 'products'
      },
    }
    await settle(() => withTenant('a', () => db.createCollection('taken', odd as never)))
    expect(asked).toBe(1)
  })

  it('what says itself how it is written is refused when it says so twice', async () => {
    const { Product, everything } = await open()
    const ofB = { [field]: 'b', name: 'smuggled' }
    const twice = { toBSON: () => ({ name: 'x', toBSON: () => ofB }) }
    const map = new Map<string, unknown>([['toBSON', () => ofB]])
    const before = await everything()
    await withTenant('a', async () => {
      const { collection } = Product
      for (const odd of [twice, map]) {
        const calls = [
          () => collection.insertOne(odd as never),
          () => collection.insertMany([odd] as never),
          () => collection.replaceOne({}, odd as never),
          () => collection.findOneAndReplace({}, odd as never),
          () => collection.updateMany({}, { $set: odd } as never),
          () => collection.bulkWrite([{ insertOne: { document: odd } }] as never),
        ]
        for (const call of calls) await expect(call(), String(call)).rejects.toMatchObject(refused)
      }
    })
    expect(await everything()).toEqual(before)
  })

  it('a list is read once, whatever its class does', async () => {
    const { Product, everything } = await open()
    const before = await everything()
    await withTenant('a', async () => {
      const { collection } = Product
      const calls = [
        () => collection.insertMany(new Forged({ [field]: 'b', name: 'smuggled' }) as never),
        () => collection.bulkWrite(new Forged({ deleteMany: { filter: {} } }) as never),
        () => collection.updateMany({}, new Forged({ $set: { [field]: 'b' } }) as never),
        () => collection.aggregate(new Forged({ $match: {} }) as never).toArray(),
      ]
      for (const call of calls) {
        const outcome = await settle<unknown>(call)
        if ('error' in outcome) continue
        expect(JSON.stringify(outcome.result)).not.toContain('of b')
      }
    })
    expect(await everything()).toEqual(before)
  })

  it('an ObjectId that looks like the tenant is written as the tenant', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const { ObjectId } = mongoose.Schema.Types
    const schema = new mongoose.Schema<{ name: string }>({
      name: String,
      [field]: ObjectId,
    } as never)
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    await connect(mongoose)
    const [a, b] = ['a'.repeat(24), 'b'.repeat(24)]
    await withTenant(a, () => Product.create({ name: 'of a' }))
    const forged = new Proxy(new mongoose.Types.ObjectId(b), {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (name === 'toHexString') return () => a
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    await withTenant(a, () =>
      Product.collection.updateMany({}, { $set: { [field]: forged } } as never),
    )
    expect(await withTenant(a, () => Product.countDocuments())).toBe(1)
    expect(await withTenant(b, () => Product.countDocuments())).toBe(0)
  })

  it('numbers about the documents of all, and code in what is computed, are refused', async () => {
    const { Product, News } = await open()
    const code = { x: { $function: { body: 'x', args: [], lang: 'js' } } }
    class Hidden {
      toBSON(): object {
        return { $where: 'true' }
      }
    }
    await withTenant('a', async () => {
      const { collection } = Product
      const calls: (() => unknown)[] = [
        () => collection.find({}, { showRecordId: true }).toArray(),
        () => collection.find({}).showRecordId(true).toArray(),
        () => collection.aggregate([{ $project: { at: { $meta: 'recordId' } } }]).toArray(),
        () =>
          collection
            .aggregate([{ $search: {} }, { $set: { why: { $meta: 'searchScoreDetails' } } }])
            .toArray(),
        () => collection.find({}, { projection: code }).toArray(),
        () => collection.find({}).project(code).toArray(),
        () => Product.find({}, code as never).exec(),
        () => collection.aggregate([], { let: code } as never).toArray(),
        () => collection.updateMany({}, { $set: { name: 'x' } }, { arrayFilters: [code] }),
        () => collection.find({ $and: [new Hidden()] } as never).toArray(),
        () => News.collection.find({}, { dbName: 'other' } as never).toArray(),
        () => News.collection.updateMany({}, { $set: { name: 'x' } }, { dbName: 'other' } as never),
        () => News.collection.estimatedDocumentCount({ dbName: 'other' } as never),
        () => News.collection.distinct('name', {}, { dbName: 'other' } as never),
        () => News.collection.watch([], { dbName: 'other' } as never).next(),
      ]
      for (const call of calls) {
        const outcome = await settle(async () => await call())
        expect('error' in outcome && codeOf(outcome.error), String(call)).toBe('call_refused')
      }
      expect(await News.collection.distinct('name')).toEqual([])
      expect(await News.collection.countDocuments()).toBe(0)
    })
  })

  it('a duplicate key of a bulk write of the client is told without the value', async () => {
    const { mongoose, Product } = await open()
    const secret = 'secret of b'
    const failed = Object.assign(new Error(`E11000 dup key: ${secret}`), {
      code: 0,
      partialResult: { insertedCount: 1 },
      writeErrors: new Map([[1, { code: 11000, message: secret, document: { name: secret } }]]),
    })
    // The stand-in has no such command, so that what MongoDB answers is put in its place.
    const raw = { bulkWrite: () => Promise.reject(failed) }
    const client = guardClient(raw, mongoose)
    const bulk = async (name: string): Promise<unknown> =>
      await Object(client).bulkWrite([
        { name: 'insertOne', namespace: `x.${name}`, document: { name: 'x' } },
      ])
    const told = await withTenant('a', () =>
      bulk(Product.collection.name).catch((error: unknown) => error),
    )
    expect(told).toMatchObject({ code: 'duplicate_key', partialResult: { insertedCount: 1 } })
    const writeErrors: unknown = Reflect.get(Object(told), 'writeErrors')
    expect(writeErrors).toEqual(new Map([[1, expect.objectContaining({ code: 11000 })]]))
    expect(JSON.stringify(Array.from(Object(writeErrors)))).not.toContain(secret)
    expect(String(told)).not.toContain(secret)
    await expect(bulk('news')).rejects.toBe(failed)
  })

  it('debug prints what is sent, with the tenant, and nothing of what is refused', async () => {
    const { mongoose, Product } = await open()
    const printed: string[] = []
    mongoose.set('debug', (...call: unknown[]) => {
      printed.push(JSON.stringify(call))
    })
    try {
      await withTenant('a', async () => {
        await Product.find({ name: 'of a' })
        await Product.updateMany({}, { name: 'new' })
        await Product.aggregate([{ $match: { name: 'new' } }])
        await Product.create({ name: 'more' })
        await settle(() => Product.create({ name: 'secret', [field]: 'b' } as never))
      })
      await settle(() => Product.find({ name: 'secret' }).exec())
    } finally {
      mongoose.set('debug', false)
    }
    expect(printed).toHaveLength(4)
    for (const line of printed) expect(line).toContain('"organizationId":"a"')
    expect(printed.join()).not.toMatch(/secret|"b"/)
  })
})

/** Two tenants with colliding keys, in a database of their own, and the models of a shop. */
import { AsyncResource } from 'node:async_hooks'
import type { Connection, HydratedDocument, Model, Mongoose, mongo, Types } from 'mongoose'
import type { TestServer } from './server.ts'
import { observe, type Wire } from './wire.ts'

/** What isolates: the guard, or one of the wrong implementations that are kept as fixtures. */
export interface Subject {
  readonly name: string
  install(mongoose: Mongoose): void
  scope(schema: object, options: { field: string }): void
  global(schema: object): void
  withTenant<Result>(tenantId: string, run: () => Result | PromiseLike<Result>): Promise<Result>
  asSystem<Result>(run: () => Result | PromiseLike<Result>): Promise<Result>
}

export interface Row {
  _id: Types.ObjectId
  organizationId?: string
  sku?: string
  name?: string
  price?: number
  owner?: Types.ObjectId
  parent?: string
  secret?: string
  parts?: { name: string; price: number }[]
  __v?: number
}

export interface World {
  readonly subject: Subject
  readonly mongoose: Mongoose
  readonly connection: Connection
  readonly Product: Model<Row>
  readonly User: Model<Row>
  readonly News: Model<Row>
  /** A second model of the collection of products, without a schema and without a declaration. */
  readonly Loose: Model<Row>
  readonly Undeclared: Model<Row>
  readonly ids: Readonly<Record<'a1' | 'a2' | 'b1' | 'b2' | 'userA' | 'userB', Types.ObjectId>>
  /** The database around the guard, on a connection of its own. */
  readonly raw: mongo.Db
  readonly wire: Wire
  readonly isMongoDB: boolean
  seed(): Promise<void>
  /** A document that was made outside of any tenant. */
  unsaved(): HydratedDocument<Row>
  /** The documents of a tenant, in all collections, byte for byte. */
  bytesOf(tenantId: string): Promise<string>
  close(): Promise<void>
}

/** What every document of b says, and no answer to a may have. */
export const secretOfB = 'secret-of-b'

const scoped = ['products', 'users'] as const

export async function createWorld(
  subject: Subject,
  original: Mongoose,
  server: TestServer,
  database: string,
): Promise<World> {
  const mongoose = new original.Mongoose()
  subject.install(mongoose)
  const { Schema } = mongoose
  const part = new Schema({ name: String, price: Number })
  const productSchema = new Schema<Row>({
    sku: { type: String, unique: true },
    name: String,
    price: Number,
    owner: { type: Schema.Types.ObjectId, ref: 'User' },
    parent: String,
    secret: String,
    parts: [part],
  })
  const userSchema = new Schema<Row>({ name: String, secret: String })
  const newsSchema = new Schema<Row>({ name: String })
  for (const schema of [productSchema, userSchema]) {
    subject.scope(schema, { field: 'organizationId' })
  }
  subject.global(newsSchema)
  // A hook of the application that runs last and takes every filter away.
  productSchema.pre('find', function () {
    if (this.getOptions().comment === 'forget the filter') this.setQuery({})
  })
  const anything = new Schema<Row>({}, { strict: false })
  const Product = mongoose.model<Row>('Product', productSchema)
  const User = mongoose.model<Row>('User', userSchema)
  const News = mongoose.model<Row>('News', newsSchema)
  const Loose = mongoose.model<Row>('Loose', anything, 'products')
  const Undeclared = mongoose.model<Row>('Undeclared', anything.clone())

  const uri = server.uri(database)
  // The stand-in has no command `create`.
  await mongoose.connect(uri, { autoCreate: false, monitorCommands: true })
  await Promise.all([Product.init(), User.init(), News.init()])
  const client = await new mongoose.mongo.MongoClient(uri).connect()
  const raw = client.db(database)
  const wire = observe(mongoose.connection)
  const id = () => new mongoose.Types.ObjectId()
  const ids = { a1: id(), a2: id(), b1: id(), b2: id(), userA: id(), userB: id() }

  return {
    subject,
    mongoose,
    connection: mongoose.connection,
    Product,
    User,
    News,
    Loose,
    Undeclared,
    ids,
    raw,
    wire,
    isMongoDB: server.isMongoDB,
    unsaved: AsyncResource.bind(() => new Product({ sku: 's9' })),
    async seed() {
      for (const name of [...scoped, 'news', 'undeclareds', 'taken']) {
        await raw.collection(name).deleteMany({})
      }
      await raw.collection('users').insertMany([
        { _id: ids.userA, organizationId: 'a', name: 'Ann', secret: 'secret-of-a', __v: 0 },
        { _id: ids.userB, organizationId: 'b', name: 'Bob', secret: secretOfB, __v: 0 },
      ])
      const row = (tenantId: string, sku: string, price: number, owner: Types.ObjectId) => ({
        organizationId: tenantId,
        sku,
        name: `${sku} of ${tenantId}`,
        price,
        owner,
        parent: 's1',
        secret: `secret-of-${tenantId}`,
        parts: [{ name: 'lid', price }],
        __v: 0,
      })
      await raw.collection('products').insertMany([
        { _id: ids.a1, ...row('a', 's1', 10, ids.userA) },
        // Written before there was a guard: it refers to a user of b.
        { _id: ids.a2, ...row('a', 's2', 20, ids.userB) },
        { _id: ids.b1, ...row('b', 's1', 100, ids.userB) },
        { _id: ids.b2, ...row('b', 's2', 200, ids.userB) },
      ])
      await raw.collection('news').insertOne({ name: 'for everybody' } as never)
      await raw.collection('undeclareds').insertOne({ name: 'of nobody', secret: secretOfB })
    },
    async bytesOf(tenantId) {
      const found = scoped.map((name) =>
        raw.collection(name).find({ organizationId: tenantId }).sort({ _id: 1 }).toArray(),
      )
      const serialize = (document: mongo.Document) =>
        Buffer.from(mongoose.mongo.BSON.serialize(document)).toString('hex')
      return (await Promise.all(found)).flat().map(serialize).join('\n')
    },
    async close() {
      if (server.isMongoDB) await raw.dropDatabase()
      await client.close()
      await mongoose.disconnect()
    },
  }
}

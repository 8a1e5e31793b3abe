import { withTenant } from '@tenantry/core/context'
import { expect, it } from 'vitest'
import { installTenantGuard, tenantGlobal, tenantScope } from '../src/index.ts'
import { describeVersions } from './support/each-version.ts'
import { settle } from './support/vector.ts'

const field = 'organizationId'
const unknown = { code: 'reference_unknown', status: 400 }

describeVersions("references, with refs: 'check'", ({ create, connect }) => {
  async function open() {
    const mongoose = create()
    installTenantGuard(mongoose)
    const { Schema } = mongoose
    const ref = (to: string) => ({ type: Schema.Types.ObjectId, ref: to })
    const userSchema = new Schema({ name: String })
    userSchema.plugin(tenantScope, { field })
    const newsSchema = new Schema({ name: String })
    newsSchema.plugin(tenantGlobal)
    const item = new Schema({ product: ref('User'), amount: Number })
    const ticketSchema = new Schema({
      sku: String,
      owner: ref('User'),
      watchers: [ref('User')],
      items: [item],
      nested: { by: ref('User') },
      about: ref('News'),
    })
    ticketSchema.plugin(tenantScope, { field, refs: 'check' })
    const User = mongoose.model('User', userSchema)
    const News = mongoose.model('News', newsSchema)
    const Ticket = mongoose.model('Ticket', ticketSchema)
    await connect(mongoose)
    const [mine] = await withTenant('a', () => User.create([{ name: 'Ann' }]))
    const [theirs] = await withTenant('b', () => User.create([{ name: 'Bob' }]))
    const [news] = await News.create([{ name: 'for everybody' }])
    const id = (row: { _id: unknown } | undefined): unknown => Object(row)._id
    const none = new mongoose.Types.ObjectId()
    return { mongoose, Ticket, mine: id(mine), theirs: id(theirs), news: id(news), none }
  }

  it('to the own tenant and to what is for everybody are written', async () => {
    const { Ticket, mine, news } = await open()
    await withTenant('a', async () => {
      const row = await Ticket.create({
        sku: 's1',
        owner: mine,
        watchers: [mine, mine],
        items: [{ product: mine }],
        nested: { by: mine },
        about: news,
      } as never)
      expect((await Ticket.updateOne({}, { owner: null })).modifiedCount).toBe(1)
      expect((await Ticket.updateOne({}, { $addToSet: { watchers: mine } } as never)).acknowledged)
      expect(row).toMatchObject({ sku: 's1' })
    })
  })

  it('M31: to another tenant are refused, as what is not there at all is', async () => {
    const { Ticket, mine, theirs, none } = await open()
    await withTenant('a', async () => {
      const { insertedId } = await Ticket.collection.insertOne({ sku: 's1', owner: mine as never })
      for (const id of [theirs, none]) {
        const { collection } = Ticket
        const calls = [
          () => Ticket.create({ owner: id } as never),
          () => Ticket.create({ watchers: [mine, id] } as never),
          () => Ticket.create({ items: [{ product: mine }, { product: id }] } as never),
          () => Ticket.create({ nested: { by: id } } as never),
          () => Ticket.insertMany([{ owner: mine }, { owner: id }] as never),
          () => Ticket.updateOne({}, { owner: id } as never).exec(),
          () =>
            Ticket.updateMany({}, { $push: { watchers: { $each: [mine, id] } } } as never).exec(),
          () => Ticket.updateMany({}, { $addToSet: { watchers: id } } as never).exec(),
          () => Ticket.updateMany({}, { 'nested.by': id } as never).exec(),
          () => Ticket.updateMany({}, { nested: { by: id } } as never).exec(),
          () => collection.updateMany({}, { $set: { 'items.0.product': id } } as never),
          () => collection.updateMany({}, { $set: { 'items.$[].product': id } } as never),
          () => Ticket.findOneAndUpdate({}, { owner: id } as never).exec(),
          () => Ticket.replaceOne({}, { owner: id } as never).exec(),
          () => Ticket.findOneAndReplace({}, { owner: id } as never).exec(),
          () =>
            collection.updateOne({ owner: id } as never, { $set: { sku: 'x' } }, { upsert: true }),
          () => Ticket.bulkWrite([{ insertOne: { document: { owner: id } } }] as never),
          () =>
            Ticket.bulkWrite([
              { updateOne: { filter: {}, update: { $set: { owner: id } } } },
            ] as never),
          () =>
            Ticket.bulkWrite([{ replaceOne: { filter: {}, replacement: { owner: id } } }] as never),
          async () => {
            const row = await Ticket.findOne({ _id: insertedId })
            row?.set('owner', id)
            await row?.save()
          },
        ]
        for (const call of calls) await expect(call(), String(call)).rejects.toMatchObject(unknown)
      }
      expect(await Ticket.countDocuments()).toBe(1)
    })
  })

  it('that only the server would know are refused', async () => {
    const { Ticket } = await open()
    await withTenant('a', async () => {
      for (const update of [
        [{ $set: { owner: '$other' } }],
        [{ $replaceWith: { owner: '$other' } }],
        { $rename: { other: 'owner' } },
      ]) {
        const call = Ticket.collection.updateMany({}, update as never)
        await expect(call).rejects.toMatchObject({ code: 'call_refused' })
      }
    })
  })

  it('are checked wherever a schema can have them', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const { Schema } = mongoose
    const ref = { type: Schema.Types.ObjectId, ref: 'User' }
    const userSchema = new Schema({ name: String })
    userSchema.plugin(tenantScope, { field })
    const base = () => new Schema({}, { discriminatorKey: 'kind' })
    const [many, one] = [base(), base()]
    const schema = new Schema({
      sku: String,
      byKey: { type: Map, of: ref },
      parts: { type: Map, of: new Schema({ owner: ref }) },
      grid: [[ref]],
      many: [many],
      one,
      either: { type: Schema.Types.Union, of: [ref, Number] },
    } as never)
    Object(schema.path('many')).discriminator('X', new Schema({ owner: ref }))
    Object(schema.path('one')).discriminator('Y', new Schema({ owner: ref }))
    schema.plugin(tenantScope, { field, refs: 'check' })
    const User = mongoose.model('User', userSchema)
    const Thing = mongoose.model('Thing', schema)
    const Special = Thing.discriminator('Special', new Schema({ by: ref }))
    await connect(mongoose)
    const [mine] = await withTenant('a', () => User.create([{ name: 'Ann' }]))
    const [theirs] = await withTenant('b', () => User.create([{ name: 'Bob' }]))
    /** Says itself how it is written. */
    class Hidden {
      readonly #id: unknown

      constructor(id: unknown) {
        this.#id = id
      }

      toBSON(): unknown {
        return this.#id
      }
    }
    const forms = (id: unknown): object[] => [
      { byKey: { x: id } },
      { byKey: { 7: id } },
      { parts: { x: { owner: id } } },
      { grid: [[id]] },
      { many: [{ kind: 'X', owner: id }] },
      { one: { kind: 'Y', owner: id } },
      { either: id },
    ]
    await withTenant('a', async () => {
      const { collection } = Thing
      await collection.insertOne({ sku: 's1' } as never)
      for (const form of forms(mine?._id)) await Thing.create(form as never)
      for (const form of forms(theirs?._id)) {
        const text = JSON.stringify(form)
        await expect(Thing.create(form as never), text).rejects.toMatchObject(unknown)
        const set = Thing.updateOne({ sku: 's1' }, { $set: form } as never).exec()
        await expect(set, text).rejects.toMatchObject(unknown)
      }
      for (const path of ['byKey.x', 'byKey.7', 'parts.x.owner', 'parts.7.owner', 'grid.0.0']) {
        const set = collection.updateOne({}, { $set: { [path]: theirs?._id } } as never)
        await expect(set, path).rejects.toMatchObject(unknown)
      }
      const hidden = collection.insertOne({ byKey: { x: new Hidden(theirs?._id) } } as never)
      await expect(hidden).rejects.toMatchObject(unknown)
      await expect(Special.create({ by: theirs?._id } as never)).rejects.toMatchObject(unknown)
      await Special.create({ by: mine?._id } as never)
    })
  })

  it('are not reckoned with, and can be taken away whoever has what they name', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const { Schema } = mongoose
    const productSchema = new Schema({ _id: Number })
    productSchema.plugin(tenantScope, { field })
    const ref = { type: Number, ref: 'Product' }
    const orderSchema = new Schema({ product: ref, more: [ref] })
    orderSchema.plugin(tenantScope, { field, refs: 'check' })
    const Product = mongoose.model('Product', productSchema)
    const Order = mongoose.model('Order', orderSchema)
    await connect(mongoose)
    await withTenant('b', () => Product.create({ _id: 2 }))
    await withTenant('a', async () => {
      await Product.create({ _id: 1 })
      await Order.create({ product: 1 })
      for (const update of [
        { $inc: { product: 1 } },
        { $mul: { product: 2 } },
        { $bit: { product: { xor: 3 } } },
      ]) {
        const call = Order.collection.updateOne({}, update as never)
        await expect(call).rejects.toMatchObject({ code: 'call_refused' })
      }
      const [row] = await Order.find().lean()
      expect(row).toMatchObject({ product: 1 })
      // The stand-in has not all of them, but what is judged is the reference.
      for (const update of [{ $pullAll: { more: [2] } }, { $unset: { product: '' } }]) {
        const outcome = await settle(() => Order.collection.updateOne({}, update as never))
        expect(outcome).not.toMatchObject({ error: unknown })
      }
    })
  })

  it('whose collection is not fixed cannot be declared so', () => {
    const mongoose = create()
    const { Schema } = mongoose
    const dynamic = new Schema({
      kind: String,
      of: { type: Schema.Types.ObjectId, refPath: 'kind' },
    })
    dynamic.plugin(tenantScope, { field, refs: 'check' })
    expect(() => mongoose.model('Dynamic', dynamic)).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })
})

import { asSystem, currentAuth, runWithAuth, withTenant } from '@tenantry/core/context'
import { expect, it } from 'vitest'
import { installTenantGuard, organization, tenantScope } from '../src/index.ts'
import { describeVersions } from './support/each-version.ts'

const field = 'organizationId'

describeVersions('organization', ({ create, connect }) => {
  async function open() {
    const mongoose = create()
    installTenantGuard(mongoose)
    const { Schema } = mongoose
    const userSchema = new Schema({ name: String })
    userSchema.plugin(tenantScope, { field })
    const productSchema = new Schema({
      name: String,
      price: Number,
      owner: { type: Schema.Types.ObjectId, ref: 'User' },
    })
    productSchema.plugin(tenantScope, { field })
    const User = mongoose.model('User', userSchema)
    const Product = mongoose.model('Product', productSchema)
    await connect(mongoose)
    const of = (id: string) => organization(id, { products: Product, users: User })
    const orgs = { a: of('org-a'), b: of('org-b') }
    for (const org of Object.values(orgs)) {
      const owner = await org.users.create({ name: 'owner' })
      await org.products.create({ name: 'Product-A', price: 1, owner: owner._id })
    }
    return { Product, User, of, ...orgs }
  }

  it('reaches its own documents, and the models alone reach none: 401', async () => {
    const { Product, a } = await open()
    const found = await a.products.find({ name: 'Product-A' })
    expect(found).toMatchObject([{ name: 'Product-A', [field]: 'org-a' }])
    const missing = { code: 'tenant_context_missing', status: 401 }
    await expect(Product.create({ name: 'Product-A' })).rejects.toMatchObject(missing)
    await expect(Product.find({ name: 'Product-A' }).exec()).rejects.toMatchObject(missing)
  })

  it('in every way in which a model is asked', async () => {
    const { a, b } = await open()
    expect(await a.products.countDocuments()).toBe(1)
    expect(await a.products.find().where('price').gte(1).sort({ name: 1 }).lean()).toHaveLength(1)
    expect(await a.products.findOne().populate('owner')).toMatchObject({ owner: { name: 'owner' } })
    expect(await a.products.aggregate([{ $match: { price: 1 } }])).toHaveLength(1)
    expect(await a.products.distinct('name')).toEqual(['Product-A'])
    expect(await a.products.exists({ price: 1 })).not.toBeNull()
    expect(await a.products.insertMany([{ name: 'two' }, { name: 'three' }])).toHaveLength(2)
    const names: unknown[] = []
    for await (const row of a.products.find().sort({ name: 1 }).cursor()) names.push(row.name)
    for await (const row of a.products.find().sort({ name: 1 })) names.push(row.name)
    for await (const row of a.products.aggregate([{ $sort: { name: 1 } }])) names.push(row.name)
    expect(names).toEqual(Array(3).fill(['Product-A', 'three', 'two']).flat())
    expect((await a.products.updateMany({}, { price: 5 })).modifiedCount).toBe(3)
    expect((await a.products.deleteMany({ name: 'two' })).deletedCount).toBe(1)
    expect(await b.products.find().lean()).toMatchObject([{ price: 1, [field]: 'org-b' }])
    await a.products.find().then((rows) => expect(rows).toHaveLength(2))
  })

  it('saves, populates and deletes a document that came out of it', async () => {
    const { a, b } = await open()
    const row = await a.products.findOne()
    if (row === null) throw new Error('not found')
    row.price = 7
    await row.save()
    await row.populate('owner')
    expect(row.owner).toMatchObject({ name: 'owner' })
    expect(await a.products.findOne().lean()).toMatchObject({ price: 7 })
    await row.updateOne({ price: 8 })
    const made = new a.products({ name: 'made' })
    await made.save()
    expect(made).toMatchObject({ [field]: 'org-a' })
    expect((await made.deleteOne()).deletedCount).toBe(1)
    await row.deleteOne()
    expect(await a.products.countDocuments()).toBe(0)
    expect(await b.products.countDocuments()).toBe(1)
  })

  it('is refused in the work for another tenant, and narrows that of the system', async () => {
    const { a, b } = await open()
    await withTenant('org-b', async () => {
      const switched = { code: 'tenant_switched', status: 500 }
      await expect(async () => await a.products.find()).rejects.toMatchObject(switched)
      await expect(async () => await a.products.create({})).rejects.toMatchObject(switched)
      expect(await b.products.find()).toHaveLength(1)
    })
    await asSystem({ reason: 'report' }, async () => {
      expect(await a.products.find()).toHaveLength(1)
    })
  })

  it('behind a guard of the same tenant leaves what the guard checked current', async () => {
    const { a } = await open()
    const auth = Object.freeze({ tenantId: 'org-a', userId: 7 })
    await runWithAuth(auth, async () => {
      await a.products.find()
      expect(currentAuth()).toBe(auth)
    })
    expect(currentAuth()).toBeUndefined()
  })

  it('needs an id and models', () => {
    const { ObjectId } = create().Types
    for (const id of ['', ' ', undefined, 7, ['org-a'], new ObjectId()]) {
      expect(() => organization(id as never, {})).toThrow(
        expect.objectContaining({
          code: 'tenant_unresolved',
          message: expect.stringContaining('take its id and not its _id'),
        }),
      )
    }
    for (const models of [undefined, { products: {} }, { products: 'Product' }]) {
      expect(() => organization('org-a', models as never)).toThrow(
        expect.objectContaining({ code: 'option_invalid' }),
      )
    }
  })
})

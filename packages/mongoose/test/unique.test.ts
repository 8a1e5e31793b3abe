import { asSystem, withTenant } from '@tenantry/core/context'
import type { Model, Mongoose } from 'mongoose'
import { expect, it } from 'vitest'
import { installTenantGuard, tenantScope } from '../src/index.ts'
import { describeVersions } from './support/each-version.ts'
import { settle } from './support/vector.ts'

interface Account {
  email?: string
  name?: string
  host?: string
}

const field = 'organizationId'

describeVersions('what is unique', ({ create, connect }) => {
  async function open(unique: 'compound' | 'keep' = 'compound') {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema<Account>({
      email: { type: String, unique: true },
      name: String,
      host: String,
    })
    schema.index({ name: 1, host: -1 }, { unique: true, sparse: true })
    schema.index({ host: 1 })
    schema.plugin(tenantScope, { field, unique })
    const Account = mongoose.model<Account>('Account', schema)
    await connect(mongoose)
    await Account.init()
    return { mongoose, Account }
  }

  async function keysOf(mongoose: Mongoose, Account: Model<Account>): Promise<unknown[]> {
    const name = Account.collection.name
    const indexes = await mongoose.connection.collection(name).indexes()
    return indexes.map(({ key }) => JSON.stringify(key)).sort()
  }

  it('is unique within a tenant: the tenant leads each unique index', async () => {
    const { mongoose, Account } = await open()
    expect(await keysOf(mongoose, Account)).toEqual([
      '{"_id":1}',
      '{"host":1}',
      '{"organizationId":1,"email":1}',
      '{"organizationId":1,"name":1,"host":-1}',
    ])
    await withTenant('a', () => Account.create({ email: 'x@x', name: 'n' }))
    await withTenant('b', () => Account.create({ email: 'x@x', name: 'n' }))
  })

  it('for Mongoose as well: nothing is to be changed afterwards', async () => {
    const { Account } = await open()
    expect(await Account.diffIndexes()).toEqual({ toDrop: [], toCreate: [] })
  })

  it('for the discriminators of a model as well, also where indexes are compared and made anew', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String, code: { type: String, unique: true } })
    schema.plugin(tenantScope, { field })
    const edgy = new mongoose.Schema({ edges: Number })
    edgy.index({ edges: 1, name: 1 }, { unique: true })
    const Shape = mongoose.model('Shape', schema)
    const Edgy = Shape.discriminator('Edgy', edgy)
    await connect(mongoose)
    await Promise.all([Shape.init(), Edgy.init()])
    const indexes = await Shape.collection.indexes()
    expect(indexes.map(({ key }) => JSON.stringify(key)).sort()).toEqual([
      '{"_id":1}',
      '{"organizationId":1,"code":1}',
      '{"organizationId":1,"edges":1,"name":1}',
    ])
    for (const model of [Shape, Edgy]) {
      expect(await model.diffIndexes()).toEqual({ toDrop: [], toCreate: [] })
    }
    // Inside of asSystem nothing is added to what is sent: the schema has to say it.
    await asSystem({ reason: 'migration' }, async () => {
      expect(await Edgy.syncIndexes()).toEqual([])
      await Edgy.ensureIndexes()
    })
    expect(await Shape.collection.indexes()).toEqual(indexes)
    for (const id of ['a', 'b']) {
      await withTenant(id, () => Edgy.create({ name: 'n', code: 'c', edges: 3 } as never))
    }
  })

  it('also where an index is made by the driver', async () => {
    const { mongoose, Account } = await open()
    await Account.collection.createIndex({ phone: 1 }, { unique: true })
    await Account.collection.createIndex('fax', { unique: true })
    await Account.collection.createIndexes([{ key: { pager: 1 }, unique: true, name: 'pager' }])
    expect(await keysOf(mongoose, Account)).toEqual(
      expect.arrayContaining([
        '{"organizationId":1,"phone":1}',
        '{"organizationId":1,"fax":1}',
        '{"organizationId":1,"pager":1}',
      ]),
    )
    const list = [['x', 1]] as never
    await expect(Account.collection.createIndex(list, { unique: true })).rejects.toMatchObject({
      code: 'call_refused',
    })
  })

  it('stays unique across tenants where that is written', async () => {
    const { mongoose, Account } = await open('keep')
    expect(await keysOf(mongoose, Account)).toContain('{"email":1}')
    await withTenant('b', () => Account.create({ email: 'x@x' }))
    const outcome = await settle(() => withTenant('a', () => Account.create({ email: 'x@x' })))
    expect(outcome).toMatchObject({ error: { code: 'duplicate_key', status: 409, fields: [] } })
  })

  it('M45: a key that is taken is told without its value, its index and its document', async () => {
    const { Account } = await open()
    await withTenant('a', async () => {
      await Account.create({ email: 'secret@x', name: 'one' })
      const calls = [
        () => Account.create({ email: 'secret@x', name: 'two' }),
        () => Account.collection.insertOne({ email: 'secret@x' }),
        () => Account.insertMany([{ email: 'secret@x', name: 'two' }]),
        () => Account.insertMany([{ email: 'secret@x', name: 'two' }], { ordered: false }),
        () => Account.bulkWrite([{ insertOne: { document: { email: 'secret@x' } } }] as never),
      ]
      for (const call of calls) {
        const outcome = await settle<unknown>(call)
        if (!('error' in outcome)) throw new Error('accepted')
        const { error } = outcome
        // What was sent is put there by Mongoose.
        const { results: _, ...told } = Object(error)
        const text = `${error} ${JSON.stringify(told)}`
        expect(error).toMatchObject({ code: 'duplicate_key', status: 409 })
        expect(text).not.toContain('secret@x')
        expect(text).not.toContain('email_1')
        expect(Object(error).cause).toBeUndefined()
      }
    })
  })

  it('is the same for an id that another tenant has and for one of the own', async () => {
    const { Account } = await open()
    const own = await withTenant('a', () => Account.create({ email: 'a' }))
    const other = await withTenant('b', () => Account.create({ email: 'b' }))
    const told = await withTenant('a', async () => {
      const outcomes = []
      for (const { _id } of [own, other]) {
        const outcome = await settle(() => Account.create({ _id, email: 'new' }))
        outcomes.push(
          'error' in outcome ? JSON.stringify({ ...Object(outcome.error) }) : 'accepted',
        )
      }
      return outcomes
    })
    expect(told[0]).toBe(told[1])
    expect(told[0]).toContain('duplicate_key')
  })

  const isMongoDB = Boolean(process.env['MONGODB_URI'])
  const only = isMongoDB ? '' : ' [with MONGODB_URI only: the stand-in writes none of them]'
  it.runIf(isMongoDB)(`of many documents, those that can be are written${only}`, async () => {
    const { Account } = await open()
    await withTenant('a', async () => {
      await Account.create({ email: 'taken', name: 'first' })
      const documents = ['one', 'taken', 'two'].map((email) => ({ email, name: email }))
      await settle(() => Account.insertMany(documents, { ordered: false }))
      expect(await Account.distinct('email')).toEqual(['taken', 'one', 'two'])
    })
    expect(await asSystem({ reason: 'count' }, () => Account.countDocuments())).toBe(3)
  })
})

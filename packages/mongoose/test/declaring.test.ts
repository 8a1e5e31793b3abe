import { asSystem, currentTenantId, runWithAuth, withTenant } from '@tenantry/core/context'
import { describe, expect, it } from 'vitest'
import { installTenantGuard, tenantGlobal, tenantScope } from '../src/index.ts'
import { describeVersions } from './support/each-version.ts'
import { codeOf, settle } from './support/vector.ts'
import { versions } from './support/versions.ts'

const invalid = expect.objectContaining({ code: 'option_invalid', status: 500 })
const field = 'organizationId'

describe.each(versions)(
  'what is declared wrongly throws at once, with Mongoose $major',
  ({ mongoose }) => {
    it.each([
      [undefined],
      [{}],
      [{ field: undefined }],
      [{ field: '' }],
      [{ field: 'a.b' }],
      [{ field: '$where' }],
      [{ field: '__proto__' }],
      [{ field: 7 }],
      [{ field, feild: 'x' }],
      [{ field, refs: true }],
      [{ field, unique: 'global' }],
      [{ scope: 'organizationId' }],
      [{ scope: () => ({ region: 'eu' }) }],
      [{ scope: () => null }],
    ])('tenantScope with %j', (options) => {
      const schema = new mongoose.Schema({ name: String })
      expect(() => schema.plugin(tenantScope, options as never)).toThrow(invalid)
    })

    it.each([Number, Date, Boolean, mongoose.Schema.Types.Mixed])(
      'a field of the type %o',
      (type) => {
        const schema = new mongoose.Schema({ [field]: { type } as never })
        expect(() => schema.plugin(tenantScope, { field })).toThrow(invalid)
      },
    )

    it('tenantGlobal with another option, and plugins of what is no schema', () => {
      const schema = new mongoose.Schema({ name: String })
      expect(() => schema.plugin(tenantGlobal, { readonly: true } as never)).toThrow(invalid)
      expect(() => tenantScope({}, { field })).toThrow(invalid)
      expect(() => tenantGlobal({})).toThrow(invalid)
    })

    it('one collection in two ways', () => {
      const own = new mongoose.Mongoose()
      installTenantGuard(own)
      const first = new own.Schema({ name: String })
      first.plugin(tenantScope, { field })
      const second = new own.Schema({ name: String })
      second.plugin(tenantGlobal)
      const third = new own.Schema({ name: String })
      third.plugin(tenantScope, { field: 'companyId' })
      own.model('First', first, 'things')
      expect(() => own.model('Second', second, 'things')).toThrow(invalid)
      expect(() => own.model('Third', third, 'things')).toThrow(invalid)
    })

    it('installTenantGuard for what is no Mongoose, and a driver in the place of the guard', () => {
      for (const odd of [undefined, null, {}, 'mongoose']) {
        expect(() => installTenantGuard(odd as never)).toThrow(invalid)
      }
      const own = new mongoose.Mongoose()
      installTenantGuard(own)
      installTenantGuard(own)
      expect(() => own.setDriver({})).toThrow(invalid)
    })

    it('installTenantGuard beside a connection that is there', () => {
      const own = new mongoose.Mongoose()
      own.createConnection()
      expect(() => installTenantGuard(own)).toThrow(invalid)
    })
  },
)

describeVersions('declarations', ({ create, connect }) => {
  it('without the guard, a declared collection refuses everything', async () => {
    const mongoose = create()
    const schema = new mongoose.Schema({ name: String }, { autoIndex: false })
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    await connect(mongoose)
    await withTenant('a', async () => {
      await expect(Product.find().exec()).rejects.toThrow(invalid)
      await expect(Product.create({ name: 'x' })).rejects.toThrow(invalid)
    })
  })

  it('the mistakes of the first hour are told with what to write', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const { Schema } = mongoose
    const newsSchema = new Schema({ text: String })
    newsSchema.plugin(tenantGlobal, { readOnly: true })
    const News = mongoose.model('News', newsSchema)
    await connect(mongoose)
    const lateSchema = new Schema({ name: String }, { autoIndex: false })
    const Late = mongoose.model('Late', lateSchema)
    lateSchema.plugin(tenantScope, { field })
    const late =
      'The collection "lates" is not declared. Put tenantScope or tenantGlobal on the schema, and then make its model.'
    await expect(withTenant('a', () => Late.find())).rejects.toThrow(late)
    // Outside of any tenant as well, so that it does not speak of the work for one.
    await expect(News.create({ text: 'x' })).rejects.toThrow(
      'Refused: insertOne of a collection that tenantGlobal declares as read only.',
    )
    const plugin = (options?: object) => () => tenantScope(new Schema({}), options as never)
    expect(plugin()).toThrow("{ field: 'organizationId' }")
    expect(plugin({ feild: field })).toThrow('no option "feild". There are: field, scope,')
  })

  it('a declared model does not go to a connection of a Mongoose without the guard', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    await connect(mongoose)
    const plain = await connect(create())
    for (const odd of [plain.connection, undefined, {}]) {
      expect(() => Product.useConnection(odd as never)).toThrow(invalid)
    }
    expect(Product.useConnection(mongoose.connection)).toBe(Product)
    expect(await withTenant('a', () => Product.countDocuments())).toBe(0)
  })

  it('a model may be defined before the guard is installed', async () => {
    const mongoose = create()
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    installTenantGuard(mongoose)
    await connect(mongoose)
    await withTenant('a', () => Product.create({ name: 'of a' }))
    expect(await withTenant('b', () => Product.countDocuments())).toBe(0)
    expect(await withTenant('a', () => Product.countDocuments())).toBe(1)
  })

  it('what is called before the connection is there goes on in its own tenant', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    const call = <Result>(run: () => Result | PromiseLike<Result>, tenantId = 'a') =>
      settle(() => withTenant(tenantId, run))
    const waiting = [
      call(() => Product.create({ name: 'of b' }), 'b'),
      call(() => Product.create({ name: 'of a' })),
      call(() => Product.find()),
      call(() => Product.find().cursor().next()),
      call(() => Product.aggregate([]).cursor().next()),
      call(() => Product.updateMany({}, { name: 'changed' })),
      settle(() => Product.find().exec()),
      settle(() => Product.aggregate([]).cursor().next()),
    ]
    await new Promise(setImmediate)
    // Opened in the work for somebody else, as a lazy connection would be.
    await withTenant('c', () => connect(mongoose))
    const outcomes = await Promise.all(waiting)
    const failed = outcomes.map((outcome) => ('error' in outcome ? codeOf(outcome.error) : 'done'))
    const missing = 'tenant_context_missing'
    expect(failed).toEqual([...Array(6).fill('done'), missing, missing])
    const all = await asSystem({ reason: 'look' }, () => Product.find().sort({ name: 1 }).lean())
    // Which of the calls of a came first is not said.
    const nameOfA = expect.stringMatching(/^(?:of a|changed)$/)
    expect(all).toMatchObject([
      { name: nameOfA, organizationId: 'a' },
      { name: 'of b', organizationId: 'b' },
    ])
  })

  it('a field that is an ObjectId takes one spelling of one', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const { ObjectId } = mongoose.Schema.Types
    const schema = new mongoose.Schema({
      name: String,
      [field]: { type: ObjectId, required: true },
    })
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    await connect(mongoose)
    const id = 'a1b2c3d4e5f6a7b8c9d0e1f2'
    await withTenant(id, () => Product.create({ name: 'x' }))
    const [row] = await withTenant(id, () => Product.find().lean())
    expect(row).toMatchObject({ name: 'x' })
    expect(await withTenant(id, () => Product.countDocuments({ [field]: id }))).toBe(1)
    for (const odd of [id.toUpperCase(), 'abcdefghijkl', 'x', ` ${id}`]) {
      const outcome = await settle(() => withTenant(odd, () => Product.find().exec()))
      expect('error' in outcome && codeOf(outcome.error)).toBe('tenant_unresolved')
    }
  })

  it('a tenant is compared by every byte, and 1 is not the number', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    await connect(mongoose)
    for (const id of ['1', 'acme', 'ACME', 'acmé', 'acme ', '$ne', 'constructor']) {
      await withTenant(id, () => Product.create({ name: id }))
    }
    const raw = mongoose.connection.getClient().db().collection('products')
    await asSystem({ reason: 'seed' }, () => raw.insertOne({ [field]: 1, name: 'a number' }))
    for (const id of ['1', 'acme', 'ACME', 'acmé', 'acme ', '$ne', 'constructor']) {
      const rows = await withTenant(id, () => Product.find().lean())
      expect(rows.map(({ name }) => name)).toEqual([id])
    }
  })

  it('a tenant with a lone surrogate in its id would be another one in the database', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    await connect(mongoose)
    for (const odd of ['\ud800', 'x\udfff', '\ud801']) {
      for (const call of [() => Product.create({ name: 'x' }), () => Product.find().exec()]) {
        const outcome = await settle(() => withTenant(odd, async () => await call()))
        expect('error' in outcome && codeOf(outcome.error)).toBe('tenant_unresolved')
      }
    }
    for (const id of ['\ufffd', '\ud83d\ude00', 'x'.repeat(10_240), '\0']) {
      await withTenant(id, () => Product.create({ name: 'own' }))
      expect(await withTenant(id, () => Product.find().lean())).toMatchObject([{ [field]: id }])
    }
    const region = new mongoose.Schema({ name: String })
    region.plugin(tenantScope, {
      field,
      scope: ({ tenantId }) => ({ [field]: tenantId, region: '\ud800' }),
    })
    const Ticket = mongoose.model('Ticket', region)
    await withTenant('a', () => expect(Ticket.find().exec()).rejects.toThrow(invalid))
  })

  it('what is shared is read by everybody, and written as it was declared', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantGlobal, { readOnly: true })
    const News = mongoose.model('News', schema)
    await connect(mongoose)
    await asSystem({ reason: 'publish' }, () => News.create({ name: 'for everybody' }))
    expect(await News.countDocuments()).toBe(1)
    expect(await withTenant('a', () => News.find())).toHaveLength(1)
    const refused = expect.objectContaining({ code: 'call_refused' })
    await withTenant('a', async () => {
      await expect(News.create({ name: 'x' })).rejects.toThrow(refused)
      await expect(News.updateMany({}, { name: 'x' }).exec()).rejects.toThrow(refused)
      await expect(News.deleteMany({}).exec()).rejects.toThrow(refused)
    })
    await expect(News.create({ name: 'x' })).rejects.toThrow(refused)
  })

  it('M32: discriminators are in the scope of their base', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, { field })
    const Product = mongoose.model('Product', schema)
    const Book = Product.discriminator('Book', new mongoose.Schema({ pages: Number }))
    await connect(mongoose)
    for (const id of ['a', 'b']) {
      await withTenant(id, () => Book.create({ name: `of ${id}`, pages: 7 }))
    }
    await withTenant('a', async () => {
      expect(await Book.find().lean()).toMatchObject([{ name: 'of a', pages: 7, [field]: 'a' }])
      expect(await Product.find().lean()).toHaveLength(1)
      expect(await Book.aggregate([])).toHaveLength(1)
      expect((await Book.updateMany({}, { pages: 8 })).modifiedCount).toBe(1)
      expect((await Book.deleteMany({})).deletedCount).toBe(1)
    })
    expect(await withTenant('b', () => Book.find().lean())).toMatchObject([{ pages: 7 }])
    await expect(Book.find().exec()).rejects.toMatchObject({ code: 'tenant_context_missing' })
  })

  it('a scope of several members is added to reads, and merged last into writes', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String, region: String, owner: String })
    schema.plugin(tenantScope, {
      scope: ({ tenantId, userId }) => ({
        [field]: tenantId,
        region: 'eu',
        ...(userId === undefined ? {} : { owner: userId }),
      }),
    })
    const Ticket = mongoose.model('Ticket', schema)
    await connect(mongoose)
    await asSystem({ reason: 'seed' }, () =>
      Ticket.create([
        { name: 'eu of a', [field]: 'a', region: 'eu', owner: 'ann' },
        { name: 'us of a', [field]: 'a', region: 'us', owner: 'ann' },
        { name: 'eu of b', [field]: 'b', region: 'eu', owner: 'ann' },
      ] as never),
    )
    const mismatch = expect.objectContaining({ code: 'tenant_mismatch', status: 403 })
    await withTenant('a', async () => {
      expect(await Ticket.find().lean()).toMatchObject([{ name: 'eu of a' }])
      expect(await Ticket.find({ region: 'us' })).toEqual([])
      expect(await Ticket.create({ name: 'new' })).toMatchObject({ [field]: 'a', region: 'eu' })
      await expect(Ticket.create({ name: 'x', region: 'us' })).rejects.toThrow(mismatch)
      await expect(Ticket.updateMany({}, { region: 'us' }).exec()).rejects.toThrow(mismatch)
      const insertMany = Ticket.insertMany([{ name: 'x', region: 'us' }])
      await expect(insertMany).rejects.toThrow(mismatch)
      expect(await Ticket.countDocuments()).toBe(2)
    })
    await runWithAuth(Object.freeze({ tenantId: 'a', userId: 'ann' }), async () => {
      expect(await Ticket.find().lean()).toMatchObject([{ name: 'eu of a' }])
      expect(currentTenantId()).toBe('a')
    })
  })

  it.each([
    ['undefined', () => undefined],
    ['null', () => null],
    ['an operator', () => ({ $ne: 'x' })],
    ['a list', () => ['eu', 'us']],
    ['a regular expression', () => /./],
    ['no number', () => Number.NaN],
    ['nothing', () => ''],
  ])('a scope with %s in it is refused', async (_, region) => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, {
      field,
      scope: ({ tenantId }) => ({ [field]: tenantId, region: region() }),
    })
    const Ticket = mongoose.model('Ticket', schema)
    await withTenant('a', () => expect(Ticket.find().exec()).rejects.toThrow(invalid))
  })

  it.each([
    ['undefined', () => undefined],
    ['null', () => null],
    ['a promise', async () => ({ [field]: 'a' })],
    ['a list', () => []],
    ['a string', () => 'a'],
    ['what is inherited', () => Object.create({ [field]: 'a' })],
    ['a String that is an object', () => ({ [field]: new String('a') })],
    ['a symbol', () => ({ [field]: Symbol('a') })],
  ])('a scope that is %s is refused', async (_, scope) => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, { field, scope: scope as never })
    const Ticket = mongoose.model('Ticket', schema)
    await withTenant('a', () => expect(Ticket.find().exec()).rejects.toThrow(invalid))
  })

  it('a scope is read once, also where it answers differently the next time', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    const scope = () => {
      let asked = 0
      return {
        get [field]() {
          asked += 1
          return asked === 1 ? 'a' : 'b'
        },
      }
    }
    schema.plugin(tenantScope, { field, scope })
    const Ticket = mongoose.model('Ticket', schema)
    await connect(mongoose)
    await withTenant('a', () => Ticket.create({ name: 'x' }))
    const [row] = await asSystem({ reason: 'look' }, () => Ticket.find().lean())
    expect(row).toMatchObject({ [field]: 'a' })
  })

  it('a scope that is of another tenant is refused', async () => {
    const mongoose = create()
    installTenantGuard(mongoose)
    const schema = new mongoose.Schema({ name: String })
    schema.plugin(tenantScope, { field, scope: () => ({ [field]: 'b' }) })
    const Ticket = mongoose.model('Ticket', schema)
    await withTenant('a', () => expect(Ticket.find().exec()).rejects.toThrow(invalid))
  })
})

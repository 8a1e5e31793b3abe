/** M34, M35, M40, M41: sessions, cursors, and the context itself. Each runs in several tenants. */
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, type Program, settle } from '../support/vector.ts'
import { judge } from '../support/wire.ts'
import type { World } from '../support/world.ts'

type Rows = readonly { readonly organizationId?: string }[]

/** The documents that are not of the tenant that asked. */
function strangers(rows: Rows, tenantId: string): string[] {
  return rows
    .filter(({ organizationId }) => organizationId !== tenantId)
    .map(({ organizationId }) => `${tenantId} got a document of ${organizationId}`)
}

async function expectRefusal(run: () => unknown, ...codes: string[]): Promise<string[]> {
  const outcome = await settle(run)
  if (!('error' in outcome)) return ['accepted']
  const code = codeOf(outcome.error)
  return codes.includes(code) ? [] : [`error ${code}`]
}

const missing = 'tenant_context_missing'

export const programs: readonly Program[] = [
  {
    row: 'M34',
    name: 'a transaction that is committed',
    async run({ connection, Product, subject, raw }) {
      await subject.withTenant('a', () =>
        connection.transaction(async (session) => {
          await Product.updateMany({}, { $set: { price: 1 } }, { session })
          await Product.create([{ sku: 's9' }], { session })
        }),
      )
      const ofB = await raw.collection('products').countDocuments({ organizationId: 'b', price: 1 })
      const ofA = await raw.collection('products').countDocuments({ organizationId: 'a' })
      return ofA === 3 && ofB === 0 ? [] : [`${ofA} of a, ${ofB} of b changed`]
    },
  },
  {
    row: 'M34',
    name: 'a transaction that is given up',
    async run(world) {
      const before = await world.bytesOf('a')
      await settle(() =>
        world.subject.withTenant('a', () =>
          world.connection.transaction(async (session) => {
            await world.Product.deleteMany({}, { session })
            throw new Error('given up')
          }),
        ),
      )
      return (await world.bytesOf('a')) === before ? [] : ['it was done all the same']
    },
  },
  {
    row: 'M34',
    name: 'a session that another tenant uses',
    async run({ connection, Product, subject }) {
      const session = await connection.startSession()
      try {
        await subject.withTenant('a', () => Product.find({}, null, { session }))
        return await expectRefusal(
          () => subject.withTenant('b', () => Product.find({}, null, { session }).exec()),
          'tenant_switched',
        )
      } finally {
        await session.endSession()
      }
    },
  },
  {
    row: 'M35',
    name: 'a cursor of a that is read outside of any tenant',
    async run({ Product, subject }) {
      const cursor = await subject.withTenant('a', async () => {
        const opened = Product.find().batchSize(1).cursor()
        return { first: await opened.next(), opened }
      })
      const rows = [cursor.first, await cursor.opened.next(), await cursor.opened.next()]
      return strangers(
        rows.filter((row) => row !== null),
        'a',
      )
    },
  },
  {
    row: 'M35',
    name: 'a cursor of a that b reads',
    async run({ Product, subject }) {
      const opened = await subject.withTenant('a', () => ({ cursor: Product.collection.find({}) }))
      return await expectRefusal(
        () => subject.withTenant('b', () => opened.cursor.toArray()),
        'tenant_switched',
      )
    },
  },
  {
    row: 'M35',
    name: 'a generator that is made in a and read outside',
    async run({ Product, subject }) {
      async function* all() {
        for await (const row of Product.find().batchSize(1)) yield row
      }
      const made = await subject.withTenant('a', () => ({ rows: all() }))
      const outcome = await settle(async () => await made.rows.next())
      if ('error' in outcome) return codeOf(outcome.error) === missing ? [] : ['another error']
      return ['accepted']
    },
  },
  {
    row: 'M40',
    name: 'a timer that was started outside',
    async run(world) {
      const later = delay(5).then(() => world.Product.find().exec())
      const lost = later.catch((error: unknown) => codeOf(error))
      await world.subject.withTenant('a', () => delay(10))
      return (await lost) === missing ? [] : ['accepted']
    },
  },
  {
    row: 'M40',
    name: 'work that goes on after the context has ended stays in it',
    async run({ Product, subject }) {
      let floating: Promise<Rows> = Promise.resolve([])
      await subject.withTenant('a', () => {
        floating = delay(5).then(() => Product.find().exec())
      })
      const [rows] = await Promise.all([floating, subject.withTenant('b', () => delay(20))])
      return [...strangers(rows, 'a'), ...(rows.length === 2 ? [] : ['not all documents'])]
    },
  },
  {
    row: 'M41',
    name: 'a query that is made in a and awaited outside',
    async run({ Product, subject }) {
      const made = await subject.withTenant('a', () => ({ query: Product.find() }))
      return await expectRefusal(() => made.query.exec(), missing)
    },
  },
  {
    row: 'M41',
    name: 'a query that is made in a and awaited in b',
    async run({ Product, subject }) {
      const made = await subject.withTenant('a', () => ({ query: Product.find() }))
      return strangers(await subject.withTenant('b', () => made.query.exec()), 'b')
    },
  },
  {
    row: 'M41',
    name: 'a query that is returned and not awaited',
    async run({ Product, subject }) {
      const rows = await subject.withTenant('a', () => Product.find())
      return [...strangers(rows, 'a'), ...(rows.length === 2 ? [] : ['not all documents'])]
    },
  },
  {
    row: 'M40',
    name: 'two tenants at once, of which the first ends last',
    async run({ Product, subject }) {
      const read = (tenantId: string, before: number) =>
        subject.withTenant(tenantId, async () => {
          await delay(before)
          const rows = await Product.find()
          await delay(before)
          return [...rows, ...(await Product.find())]
        })
      const [ofA, ofB] = await Promise.all([read('a', 20), read('b', 1)])
      return [...strangers(ofA, 'a'), ...strangers(ofB, 'b')]
    },
  },
  {
    row: 'M40',
    name: 'two tenants at once, of which the first ends first',
    async run({ Product, subject }) {
      const read = (tenantId: string, before: number) =>
        subject.withTenant(tenantId, async () => {
          await delay(before)
          return await Product.find()
        })
      const [ofA, ofB] = await Promise.all([read('a', 1), read('b', 20)])
      return [...strangers(ofA, 'a'), ...strangers(ofB, 'b')]
    },
  },
  {
    row: 'M40',
    name: 'an error in one tenant while another one goes on',
    async run({ Product, subject }) {
      const fails = settle(() =>
        subject.withTenant('b', async () => {
          await delay(1)
          throw new Error('b fails')
        }),
      )
      const rows = subject.withTenant('a', async () => {
        await delay(10)
        return await Product.find()
      })
      await fails
      return strangers(await rows, 'a')
    },
  },
  {
    row: 'M40',
    name: 'two hundred pieces of work of two tenants, mixed',
    run: (world) => mixed(world),
  },
]

async function mixed({ Product, subject, wire }: World): Promise<string[]> {
  const faults: string[] = []
  const work = Array.from({ length: 200 }, (_, index) => {
    const tenantId = index % 2 === 0 ? 'a' : 'b'
    return subject.withTenant(tenantId, async () => {
      await delay(index % 7)
      const sku = `m${index}`
      await Product.create({ sku, name: tenantId })
      await delay(index % 5)
      const rows = await Product.find({ sku })
      faults.push(...strangers(rows, tenantId), ...(rows.length === 1 ? [] : ['not its own']))
      if (rows.some(({ name }) => name !== tenantId)) faults.push('written for somebody else')
    })
  })
  await Promise.all(work)
  const unjudged = wire.commands().filter((sent) => judge(sent, 'a') && judge(sent, 'b'))
  return [...faults, ...unjudged.map(({ name }) => `${name} of nobody`)]
}

/** What Prisma does on a pool of tenants, with `node:test`: run by test.mjs, which installs Prisma first. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { withTenant } from '@tenantry/core/context'
import pg from 'pg'
import { createBareClient, createClient, migration } from './widgets.ts'

const owner = new pg.Pool({ connectionString: process.env['OWNER_URL'] })
const application = new pg.Pool({ connectionString: process.env['APP_URL'], max: 2 })
const admin = new pg.Pool({ connectionString: process.env['ADMIN_URL'] })
const prisma = createClient(application)

before(async () => {
  const role = (await application.query('select current_user as name')).rows[0].name
  await owner.query(migration(role))
  await admin.query(`insert into widgets select t, i, t || ' ' || i from unnest(array['a', 'b']) t, generate_series(1, 3) i;
    insert into parts select t, 10 + i, i from unnest(array['a', 'b']) t, generate_series(1, 3) i`)
})
after(async () => {
  await prisma.$disconnect()
  await Promise.all([owner.end(), application.end(), admin.end()])
})

const namesOf = (rows: readonly { name: string }[]) => rows.map(({ name }) => name).sort()

describe('Prisma', () => {
  it('P33 without the extension hands a row of one tenant to another: the control', async () => {
    const bare = createBareClient(application)
    const one = (tenant: string) =>
      withTenant(tenant, () => bare.part.findUnique({ where: { id: 11 } }))
    const [ofA, ofB] = await Promise.all([one('a'), one('b')])
    assert.equal(ofA?.tenantId, 'a')
    assert.notEqual(
      ofB?.tenantId,
      'b',
      'Prisma no longer collects findUnique: the extension may go.',
    )
    await bare.$disconnect()
  })

  it('P33 with the extension each tenant gets its own row', async () => {
    for (let round = 0; round < 20; round++) {
      const one = (tenant: string) =>
        withTenant(tenant, () => prisma.part.findUnique({ where: { id: 11 } }))
      const rows = await Promise.all([one('a'), one('b'), one('b'), one('a')])
      assert.deepEqual(
        rows.map((row) => row?.tenantId),
        ['a', 'b', 'b', 'a'],
      )
      const sure = (tenant: string) =>
        withTenant(tenant, () => prisma.part.findUniqueOrThrow({ where: { id: 12 } }))
      const found = await Promise.all([sure('b'), sure('a')])
      assert.deepEqual(
        found.map((row) => row.tenantId),
        ['b', 'a'],
      )
    }
  })

  it('finds by keys of several columns, with relations and further conditions', async () => {
    await withTenant('a', async () => {
      const byId = await prisma.widget.findUnique({
        where: { tenantId_id: { tenantId: 'a', id: 1 } },
        include: { parts: true },
      })
      assert.equal(byId?.parts.length, 1)
      const byName = await prisma.widget.findUnique({
        where: { byName: { tenantId: 'a', name: 'a 2' } },
      })
      assert.equal(byName?.id, 2)
      const other = await prisma.widget.findUnique({
        where: { tenantId_id: { tenantId: 'b', id: 1 } },
      })
      assert.equal(other, null)
      const filtered = await prisma.widget.findUnique({
        where: {
          tenantId_id: { tenantId: 'a', id: 1 },
          parts: { some: { id: 11 } },
          name: { startsWith: 'a' },
        },
      })
      assert.equal(filtered?.name, 'a 1')
      await assert.rejects(
        prisma.widget.findUniqueOrThrow({ where: { tenantId_id: { tenantId: 'a', id: 99 } } }),
      )
      const parts = await prisma.widget
        .findUnique({ where: { tenantId_id: { tenantId: 'a', id: 1 } } })
        .parts()
      assert.equal(parts?.length, 1)
    })
  })

  it('refuses findUnique without a value, which would find the first row', async () => {
    await withTenant('a', async () => {
      // A missing variable, past the types.
      const missing = { where: { id: undefined } } as never
      assert.throws(() => prisma.part.findUnique(missing), { code: 'call_refused' })
    })
  })

  it('reads and writes inside of the tenant, and nowhere outside', async () => {
    for (const tenant of ['a', 'b', 'a']) {
      const rows = await withTenant(tenant, () => prisma.widget.findMany())
      assert.deepEqual(
        namesOf(rows),
        [1, 2, 3].map((id) => `${tenant} ${id}`),
      )
    }
    await assert.rejects(prisma.widget.findMany(), /tenant/i)
    await assert.rejects(
      withTenant('a', () => prisma.widget.create({ data: { tenantId: 'b', id: 9, name: 'x' } })),
    )
    await withTenant('a', () =>
      prisma.widget.updateMany({ data: { name: 'same' }, where: { id: 3 } }),
    )
    await withTenant('a', () => prisma.$executeRaw`delete from parts`)
    assert.equal(await withTenant('b', () => prisma.part.count()), 3)
    const raw = await withTenant(
      'b',
      () => prisma.$queryRaw<{ name: string }[]>`select name from widgets`,
    )
    assert.deepEqual(namesOf(raw), ['b 1', 'b 2', 'b 3'])
  })

  it('has both forms of transactions, and findUnique stays inside of them', async () => {
    const failure = new Error('On purpose')
    const attempt = withTenant('b', () =>
      prisma.$transaction(async (tx) => {
        await tx.widget.create({ data: { id: 50, name: 'b 50' } })
        const inside = await tx.widget.findUnique({
          where: { tenantId_id: { tenantId: 'b', id: 50 } },
        })
        assert.equal(inside?.name, 'b 50')
        throw failure
      }),
    )
    await assert.rejects(attempt, failure)
    const [rows, count, unique] = await withTenant('b', () =>
      prisma.$transaction([
        prisma.widget.findMany(),
        prisma.widget.count(),
        prisma.widget.findUnique({ where: { tenantId_id: { tenantId: 'b', id: 1 } } }),
      ]),
    )
    assert.equal(rows.length, 3)
    assert.equal(count, 3)
    assert.equal(unique?.name, 'b 1')
  })

  it('keeps two hundred interleaved requests apart on a pool of 2', async () => {
    const requests = Array.from({ length: 200 }, (_, index) => {
      const tenant = index % 2 === 0 ? 'a' : 'b'
      return withTenant(tenant, async () => {
        const [found, all] = await Promise.all([
          prisma.widget.findUnique({ where: { tenantId_id: { tenantId: tenant, id: 1 } } }),
          prisma.widget.findMany({ include: { parts: true } }),
        ])
        assert.equal(found?.tenantId, tenant)
        assert(all.every(({ tenantId }) => tenantId === tenant))
      })
    })
    await Promise.all(requests)
  })
})

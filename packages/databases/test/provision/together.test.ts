/** Several at once on one admin database: one of them has the tenant, and the others leave nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sweepTenants } from '../../src/index.ts'
import { interruptible } from './support/interrupt.ts'
import { later, outcome, provision, wanted } from './support/outcome.ts'
import { inMemory, onMongo, onPostgres, type World } from './support/world.ts'

const worlds: readonly [string, () => Promise<World | undefined>][] = [
  ['PGlite', inMemory],
  ['PostgreSQL', onPostgres],
  ['MongoDB', onMongo],
]

describe.each(worlds)('on %s', (name, open) => {
  let world: World | undefined

  beforeAll(async () => {
    world = await open()
  }, 60_000)
  afterAll(() => world?.close(), 120_000)

  function here(skip: () => void): World {
    if (world === undefined) skip()
    if (world === undefined) throw new Error(`SKIPPED: there is no server for ${name}`)
    return world
  }

  it('makes one tenant for one key, however often it is asked at once', async ({ skip }) => {
    const world = here(skip)
    const tenant = wanted()
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, () => provision(world.provisioning, tenant)),
    )
    const made = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(new Set(made.map(({ tenantId }) => tenantId)).size).toBe(1)
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue
      // Told to come again, and when.
      expect(answer.reason).toMatchObject({ code: 'database_unavailable', status: 503 })
      expect(answer.reason.retryAfter).toBeGreaterThan(1)
    }
    expect(await outcome(world, tenant)).toBe('whole')
    expect(await provision(world.provisioning, tenant)).toEqual({ ...made[0], isNew: false })
  })

  it.each(['slug', 'email'] as const)('gives one %s to one of two at once', async (field) => {
    if (world === undefined) return
    const there = world
    const [one, two] = [wanted(), wanted()]
    const other = { ...two, [field]: one[field] }
    const answers = await Promise.allSettled(
      [one, other].map((t) => provision(there.provisioning, t)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [refused] = answers.flatMap((a) => (a.status === 'rejected' ? [a.reason] : []))
    expect(refused).toMatchObject({ code: 'duplicate_key', status: 409, fields: [field] })
    const rows = await there.provisioning.registry.list()
    expect(rows.filter(({ key }) => [one.key, other.key].includes(key))).toHaveLength(1)
    expect(await sweepTenants(later(there.provisioning))).toEqual({
      finished: [],
      removed: [],
      left: [],
      orphans: [],
    })
  })

  it('refuses a key that stands for another tenant', async ({ skip }) => {
    const { provisioning } = here(skip)
    const tenant = wanted()
    await provision(provisioning, tenant)
    for (const other of [
      { ...tenant, slug: wanted().slug },
      { ...tenant, email: wanted().email },
    ]) {
      const refused = provision(provisioning, other)
      await expect(refused).rejects.toMatchObject({ code: 'duplicate_key', fields: ['key'] })
    }
  })

  it('takes an address in another spelling for the same', async ({ skip }) => {
    const { provisioning } = here(skip)
    const tenant = wanted()
    await provision(provisioning, tenant)
    const shouted = { ...wanted(), email: ` ${tenant.email.toUpperCase()} ` }
    const refused = provision(provisioning, shouted)
    await expect(refused).rejects.toMatchObject({ code: 'duplicate_key', fields: ['email'] })
    expect(await provisioning.registry.findUser(shouted.email)).toMatchObject({
      email: tenant.email,
    })
  })

  it('keeps a try that took too long from finishing what was swept', async ({ skip }) => {
    const world = here(skip)
    const { provisioning } = world
    const tenant = wanted()
    let swept: unknown
    const slow = {
      ...provisioning,
      async migrate() {
        swept = await sweepTenants(later(provisioning))
        throw new Error('The database was dropped under it')
      },
    }
    await expect(provision(slow, tenant)).rejects.toMatchObject({ code: 'database_unavailable' })
    expect(swept).toMatchObject({ removed: [expect.any(String)], left: [] })
    expect(await outcome(world, tenant)).toBe('none')
    expect(await sweepTenants(later(provisioning))).toMatchObject({ removed: [], orphans: [] })
  })

  it('leaves nothing of a try that went on after it was swept', async ({ skip }) => {
    const world = here(skip)
    const { provisioning } = world
    for (const step of ['addUser', 'createDatabase'] as const) {
      const tenant = wanted()
      const sweep = () => sweepTenants(later(provisioning))
      const { registry } = provisioning
      const slow =
        step === 'createDatabase'
          ? {
              ...provisioning,
              async createDatabase(databaseName: string) {
                await sweep()
                return await provisioning.createDatabase(databaseName)
              },
            }
          : {
              ...provisioning,
              registry: {
                ...registry,
                async addUser(entry: Parameters<typeof registry.addUser>[0]) {
                  await sweep()
                  return await registry.addUser(entry)
                },
              },
            }
      await expect(provision(slow, tenant)).rejects.toMatchObject({ code: 'database_unavailable' })
      expect(await outcome(world, tenant)).toBe('none')
    }
  })

  it('lets two sweeps at once do the work of one', async ({ skip }) => {
    const world = here(skip)
    const tenants = Array.from({ length: 4 }, wanted)
    for (const tenant of tenants) {
      const { provisioning, bury } = interruptible(world.provisioning, {
        at: 6,
        when: 'before',
        isCrash: true,
      })
      await expect(provision(provisioning, tenant)).rejects.toThrow()
      await bury()
    }
    const reports = await Promise.all([1, 2, 3].map(() => sweepTenants(later(world.provisioning))))
    const removed = reports.flatMap((report) => report.removed)
    expect(removed).toHaveLength(4)
    expect(new Set(removed).size).toBe(4)
    expect(reports.flatMap(({ left, orphans }) => [...left, ...orphans])).toEqual([])
    for (const tenant of tenants) expect(await outcome(world, tenant)).toBe('none')
  })

  it('finishes a sweep that is cut short itself', { timeout: 120_000 }, async ({ skip }) => {
    const world = here(skip)
    for (const isCrash of [true, false]) {
      for (let at = 1; at <= 9; at++) {
        const tenant = wanted()
        const broken = interruptible(world.provisioning, { at: 8, when: 'before', isCrash: true })
        await expect(provision(broken.provisioning, tenant)).rejects.toThrow()
        await broken.bury()
        const sweep = interruptible(later(world.provisioning), { at, when: 'after', isCrash })
        await sweepTenants(sweep.provisioning).catch(() => undefined)
        await sweepTenants(later(world.provisioning, 2000))
        expect(await outcome(world, tenant)).toBe('none')
      }
    }
  })

  it('tells of a database that belongs to nobody, and leaves it alone', async ({ skip }) => {
    const { provisioning } = here(skip)
    if (name === 'MongoDB') skip()
    await provisioning.createDatabase('tenant_lost_0123456789abcd')
    const { orphans } = await sweepTenants(provisioning)
    expect(orphans).toEqual(['tenant_lost_0123456789abcd'])
    expect(await provisioning.listDatabases()).toContain('tenant_lost_0123456789abcd')
    await provisioning.dropDatabase('tenant_lost_0123456789abcd')
  })

  it('never drops a database that was there before', async ({ skip }) => {
    const { provisioning } = here(skip)
    const dropped: string[] = []
    const occupied = {
      ...provisioning,
      createDatabase: async () => false,
      async dropDatabase(databaseName: string) {
        dropped.push(databaseName)
      },
    }
    const tenant = wanted()
    await expect(provision(occupied, tenant)).rejects.toMatchObject({
      code: 'database_unavailable',
    })
    expect(dropped).toEqual([])
    expect(await provisioning.registry.findByKey(tenant.key)).toBeUndefined()
  })
})

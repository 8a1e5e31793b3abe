/** The admin database, on each kind of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ProvisionTenantOptions, provisionTenant, sweepTenants } from '../../src/index.ts'
import { isSlug, newDatabaseName, newTenantId } from '../../src/provision/names.ts'
import { provision, wanted } from './support/outcome.ts'
import { inMemory, onMongo, onPostgres, type World } from './support/world.ts'

const worlds: readonly [string, () => Promise<World | undefined>][] = [
  ['PGlite', inMemory],
  ['PostgreSQL', onPostgres],
  ['MongoDB', onMongo],
]

describe.each(worlds)('the registry on %s', (_, open) => {
  let world: World | undefined

  beforeAll(async () => {
    world = await open()
  }, 60_000)
  afterAll(() => world?.close())

  it('makes its tables once', async ({ skip }) => {
    if (world === undefined) return skip()
    await world.provisioning.registry.createTables()
  })

  it('answers with the row of exactly this tenant', async ({ skip }) => {
    if (world === undefined) return skip()
    const { registry } = world.provisioning
    const tenant = wanted()
    const { tenantId, databaseName } = await provision(world.provisioning, tenant)
    const row = await registry.find(tenantId)
    expect(row).toEqual({
      tenantId,
      databaseName,
      slug: tenant.slug,
      owner: tenant.email,
      key: tenant.key,
      status: 'active',
      step: 'filled',
      version: expect.any(Number),
      claim: expect.any(String),
      claimedUntil: expect.any(Date),
    })
    for (const other of [tenantId.toUpperCase(), `${tenantId} `, '', '__proto__', '{"$ne":null}']) {
      expect(await registry.find(other)).toBeUndefined()
    }
  })

  it('writes a status with a version of its own, and only where a tenant is whole', async ({
    skip,
  }) => {
    if (world === undefined) return skip()
    const { registry } = world.provisioning
    const { tenantId } = await provision(world.provisioning, wanted())
    const before = await registry.find(tenantId)
    await registry.setStatus(tenantId, 'suspended')
    const suspended = await registry.find(tenantId)
    expect(suspended?.status).toBe('suspended')
    expect(suspended?.version).toBeGreaterThan(before?.version ?? 0)
    await registry.setStatus(tenantId, 'active')
    expect((await registry.find(tenantId))?.status).toBe('active')

    const missing = registry.setStatus('nobody', 'suspended')
    await expect(missing).rejects.toMatchObject({ code: 'tenant_forbidden' })
    const now = new Date()
    const half = { tenantId: newTenantId(), databaseName: newDatabaseName('half'), slug: 'half' }
    const claim = { claim: 'c', claimedUntil: now }
    await registry.insert({ ...half, owner: 'a@b.example', key: 'half', ...claim })
    const early = registry.setStatus(half.tenantId, 'active')
    await expect(early).rejects.toMatchObject({ code: 'tenant_forbidden' })
    expect((await registry.find(half.tenantId))?.status).toBe('provisioning')
    expect((await sweepTenants(world.provisioning)).removed).toEqual([half.tenantId])
  })

  it('lists tenants in pages', async ({ skip }) => {
    if (world === undefined) return skip()
    const { registry } = world.provisioning
    for (let count = 0; count < 3; count++) await provision(world.provisioning, wanted())
    const all = (await registry.list()).map(({ tenantId }) => tenantId)
    expect(all).toEqual([...all].sort())
    const [first, second, third] = all
    const page = await registry.list({ after: `${first}`, limit: 2 })
    expect(page.map(({ tenantId }) => tenantId)).toEqual([second, third])
    expect(await registry.list({ after: '~' })).toEqual([])
  })

  it('gives an address to one tenant', async ({ skip }) => {
    if (world === undefined) return skip()
    const { registry } = world.provisioning
    const tenant = wanted()
    const { tenantId } = await provision(world.provisioning, tenant)
    const other = await provision(world.provisioning, wanted())
    const entry = { tenantId, email: tenant.email }
    expect(await registry.addUser(entry)).toBe(true)
    expect(await registry.addUser({ ...entry, tenantId: other.tenantId })).toBe(false)
    expect(await registry.findUser(tenant.email)).toEqual(entry)
    expect(await registry.findUser('nobody@acme.example')).toBeUndefined()
    expect(await registry.findUser('no address')).toBeUndefined()
  })
})

describe('what a tenant is called', () => {
  it('has a name for its database that nothing has to quote, and that no other ever had', () => {
    const slug = 'a-b'.padEnd(40, 'x')
    expect(newDatabaseName(slug)).toMatch(/^tenant_a_bx{37}_[0-9a-f]{14}$/)
    expect(newDatabaseName(slug).length).toBeLessThan(63)
    expect(newDatabaseName('acme')).not.toBe(newDatabaseName('acme'))
    expect(newTenantId()).toMatch(/^[a-z0-9]{14}$/)
  })

  it.each(['', 'A', '-a', 'a-', 'a b', 'a_b', 'a/b', '..', 'é', 'a'.repeat(41), 7, undefined])(
    'is not %j',
    (slug) => {
      expect(isSlug(slug)).toBe(false)
    },
  )
})

describe('the options of provisioning', () => {
  let world: World

  beforeAll(async () => {
    world = await inMemory()
  }, 60_000)
  afterAll(() => world.close())

  it.each([
    ['an empty key', { key: '' }],
    ['a key with spaces', { key: 'a b' }],
    ['a slug with capitals', { slug: 'Acme' }],
    ['no address', { email: 'ada' }],
    ['two addresses', { email: 'ada@a.example,eve@a.example@b' }],
    ['a short password', { password: 'short' }],
    ['a name that does not exist', { passwrod: 'something long' }],
    ['a duration that is none', { claimFor: 0 }],
    ['no registry', { registry: {} }],
    ['no function', { migrate: 'tables' }],
    ['undefined', { connect: undefined }],
  ])('refuse %s, before anything is written', async (_, wrong) => {
    // As from JavaScript.
    const options = {
      ...world.provisioning,
      ...wanted(),
      ...wrong,
    } as ProvisionTenantOptions<unknown>
    await expect(provisionTenant(options)).rejects.toMatchObject({ code: 'option_invalid' })
    expect(await world.provisioning.registry.list()).toEqual([])
  })
})

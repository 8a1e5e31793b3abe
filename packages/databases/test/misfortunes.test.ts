/** A registry, a driver or an operator that does what none should: nobody is served wrongly, or for ever refused. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { TenantRow } from '../src/index.ts'
import { codeOf, createWorld, settle } from './support/fakes.ts'

const row = { tenantId: 'acme', status: 'active', databaseName: 'acme_1', version: 1 } as const

describe('a registry', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'that answers with the version %d opens nothing',
    async (version) => {
      const registry = { find: async () => ({ ...row, version }) }
      const { databases, driver } = createWorld([], { registry })
      expect(await codeOf(databases.lease('acme'))).toBe('option_invalid')
      expect(driver.opened).toEqual([])
    },
  )

  it('that answers with another version each time keeps nobody for ever', async () => {
    let version = 1
    const registry = { find: async () => ({ ...row, version: version++ }) }
    const { databases, driver } = createWorld([], { registry, registryTtl: 0 })
    expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
    expect(driver.opened.length).toBeLessThan(5)
    await settle()
    expect(databases.stats()).toMatchObject({ leased: 0, waiting: 0 })
  })

  it('that answers with what was does not bring back a suspended tenant, or the database of before', async () => {
    const { databases, registry } = createWorld(['acme'], { registryTtl: 0 })
    registry.change('acme', { databaseName: 'acme_2', version: 5 })
    expect(await databases.use('acme', ({ name }) => name)).toBe('acme_2')
    registry.change('acme', { databaseName: 'acme_1', version: 4 })
    expect(await databases.use('acme', ({ name }) => name)).toBe('acme_2')
    registry.change('acme', { status: 'suspended', version: 6 })
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    registry.change('acme', { status: 'active', version: 5 })
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    databases.forget('acme')
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    registry.change('acme', { status: 'active', version: 7 })
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
    // To refuse, it needs no version.
    registry.change('acme', { status: 'suspended', version: 1 })
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
  })

  it('that has forgotten a tenant may begin anew with it', async () => {
    const { databases, registry } = createWorld(['acme'], { registryTtl: 0 })
    registry.change('acme', { status: 'deleting', version: 9 })
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_forbidden')
    registry.rows.delete('acme')
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_forbidden')
    registry.rows.set('acme', row)
    expect(await databases.use('acme', ({ name }) => name)).toBe('acme_1')
  })

  it('that is slower than registryTtl has its last answer used, and not the one that comes last', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
    onTestFinished(() => clock.mockRestore())
    const answers: ((row: TenantRow) => void)[] = []
    const find = () => new Promise<TenantRow>((resolve) => answers.push(resolve))
    const { databases, driver } = createWorld([], { registry: { find }, registryTtl: 1 })
    const used = databases.use('acme', () => undefined)
    answers[0]?.(row)
    await used
    clock.mockReturnValue(3_000)
    const first = codeOf(databases.lease('acme'))
    clock.mockReturnValue(5_000)
    const second = codeOf(databases.lease('acme'))
    answers[2]?.({ ...row, status: 'suspended', version: 2 })
    expect(await second).toBe('tenant_suspended')
    answers[1]?.(row)
    expect(await first).toBe('tenant_suspended')
    expect(driver.opened).toHaveLength(1)
  })

  it('whose row is one object that it changes is seen to change', async () => {
    const mutable = { ...row, databaseName: 'acme_1' as string, version: 1 as number }
    const { databases } = createWorld([], { registry: { find: async () => mutable } })
    expect(await databases.use('acme', ({ name }) => name)).toBe('acme_1')
    Object.assign(mutable, { databaseName: 'acme_2', version: 2 })
    expect(await databases.use('acme', ({ name }) => name)).toBe('acme_2')
  })

  it('that cannot be written, and does not say so, does not hold up who suspends', async () => {
    const { databases, registry } = createWorld(['acme'], { connectTimeout: 0.01 })
    let write: () => void = () => undefined
    const { setStatus } = registry
    registry.setStatus = async (...given) => {
      await new Promise<void>((resolve) => {
        write = resolve
      })
      await setStatus(...given)
    }
    expect(await codeOf(databases.suspend('acme'))).toBe('database_unavailable')
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    // What was asked for first happens first, however late.
    registry.setStatus = setStatus
    const resumed = codeOf(databases.resume('acme'))
    write()
    expect(await resumed).toBe('none')
    expect(registry.written).toEqual(['acme suspended', 'acme active'])
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
  })
})

describe('a driver', () => {
  it.each([undefined, null])('that opens %s has failed, and holds no place', async (nothing) => {
    const { databases } = createWorld(['acme'], { connect: async () => nothing as never })
    const error = await databases.lease('acme').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'database_unavailable' })
    expect(String(Reflect.get(Object(error), 'cause'))).toContain('with no database')
    await settle()
    expect(databases.stats()).toMatchObject({ live: 0, failed: 1 })
  })

  it('that throws nothing at all has failed', async () => {
    const { databases } = createWorld(['acme'], { connect: () => Promise.reject(undefined) })
    expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
  })

  it('that never closes one connection does not keep others from being closed for who waits', async () => {
    const { databases, driver } = createWorld(['a', 'b', 'c'], {
      max: 2,
      connectTimeout: 0.01,
      async disconnect(database, context) {
        if (database.tenantId === 'a') await new Promise(() => undefined)
        await driver.options.disconnect(database, context)
      },
    })
    await databases.use('a', () => undefined)
    await databases.use('b', () => undefined)
    void databases.evict('a')
    // First it waits for the close that does not end.
    expect(await codeOf(databases.use('c', () => undefined))).toBe('none')
    expect(databases.stats()).toMatchObject({ live: 2, closing: 1, evicted: 1 })
    expect(await codeOf(databases.use('b', () => undefined))).toBe('none')
  })
})

describe('tenants whose server is gone', () => {
  it('get a quarter of the places to try it again, and the others keep theirs', async () => {
    const gone = Array.from({ length: 8 }, (_, index) => `gone-${index}`)
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
    onTestFinished(() => clock.mockRestore())
    const { databases, driver } = createWorld([...gone, 'acme'], { max: 8 })
    driver.isHeld.connect = true
    const connecting = () => driver.connecting.map(({ tenantId }) => tenantId)
    const lease = (tenantId: string) => codeOf(databases.lease(tenantId))
    const failed = gone.map(lease)
    await settle()
    expect(connecting()).toEqual(gone)
    for (const { fail } of [...driver.connecting]) fail()
    expect(new Set(await Promise.all(failed))).toEqual(new Set(['database_unavailable']))

    clock.mockReturnValue(9_000)
    const again = gone.map(lease)
    await settle()
    expect(connecting()).toEqual(['gone-0', 'gone-1'])
    const served = codeOf(databases.use('acme', () => undefined))
    await settle()
    expect(connecting()).toEqual(['gone-0', 'gone-1', 'acme'])
    driver.connecting[2]?.succeed()
    expect(await served).toBe('none')
    // One after the other: that of each that has come back, too.
    driver.connecting[0]?.succeed()
    expect(await again[0]).toBe('none')
    driver.connecting[0]?.fail()
    expect(await again[1]).toBe('database_unavailable')
    await settle()
    expect(connecting()).toEqual(['gone-2', 'gone-3'])
    driver.isHeld.connect = false
    for (const { succeed } of [...driver.connecting]) succeed()
    expect(new Set(await Promise.all(again.slice(2)))).toEqual(new Set(['none']))
    await databases.close({ deadline: 0 })
  })
})

/** The known ways in which one database per tenant leaks or falls over: one test each, by its number. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it, vi } from 'vitest'
import { checkDatabaseName, type TenantRow } from '../src/index.ts'
import { codeOf, createWorld, settle } from './support/fakes.ts'

describe('one database per tenant', () => {
  it('D1: two first requests at a time open one connection', async () => {
    const { databases, driver } = createWorld()
    const used = await Promise.all([1, 2, 3].map(() => databases.use('acme', (it) => it.number)))
    expect([used, driver.opened.length]).toEqual([[0, 0, 0], 1])
  })

  it('D2: what is in use is not evicted', async () => {
    const { databases, driver } = createWorld(['a', 'b', 'c'], { max: 2, acquireTimeout: 0.01 })
    const held = [await databases.lease('a'), await databases.lease('b')]
    expect(await codeOf(databases.lease('c'))).toBe('pool_exhausted')
    expect(driver.closed).toEqual([])
    const evicted = databases.evict('a')
    await settle()
    expect(driver.closed).toEqual([])
    for (const lease of held) lease.release()
    await evicted
    expect(driver.closed.map(({ tenantId }) => tenantId)).toEqual(['a'])
  })

  it('D3: an old connection that ends late does not take its successor along', async () => {
    const { databases, driver } = createWorld()
    const old = await databases.lease('acme')
    const evicted = databases.evict('acme')
    const next = await databases.lease('acme')
    expect(next.database.number).toBe(1)
    old.release()
    await evicted
    expect(driver.closed.map(({ number }) => number)).toEqual([0])
    expect(next.database.isOpen).toBe(true)
    next.release()
    expect(await databases.use('acme', ({ number }) => number)).toBe(1)
  })

  it('D7: a tenant that is suspended is not served from what is open', async () => {
    const { databases, driver } = createWorld()
    await databases.use('acme', () => undefined)
    const suspending = databases.suspend('acme')
    // At once: before the registry has heard of it.
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('tenant_suspended')
    await suspending
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    expect(driver.closed).toHaveLength(1)
    expect(await codeOf(databases.use('globex', () => undefined))).toBe('none')
  })

  it('D7: it is suspended while others wait for the registry, for room and for its connection', async () => {
    const { databases, driver, registry } = createWorld(['a', 'b'], { max: 1 })
    const held = await databases.lease('b')
    const waitingForRoom = codeOf(databases.lease('a'))
    await settle()
    const suspending = databases.suspend('a')
    expect(await waitingForRoom).toBe('tenant_suspended')
    await suspending
    held.release()
    await databases.resume('a')
    expect(registry.written).toEqual(['a suspended', 'a active'])
    const asking = codeOf(databases.lease('a'))
    void databases.suspend('a')
    expect(await asking).toBe('tenant_suspended')
    expect(driver.opened.map(({ tenantId }) => tenantId)).toEqual(['b'])
  })

  it('D8: it is suspended while its connection is being opened', async () => {
    const { databases, driver } = createWorld()
    driver.isHeld.connect = true
    const used = codeOf(databases.use('acme', () => undefined))
    await settle()
    const suspending = databases.suspend('acme')
    expect(driver.connecting[0]?.signal?.aborted).toBe(true)
    driver.connecting[0]?.succeed()
    expect(await used).toBe('tenant_suspended')
    await suspending
    expect(driver.closed).toHaveLength(1)
    expect(databases.stats()).toMatchObject({ live: 0 })
  })

  it('D9: what another server has suspended is refused within registryTtl, or at once when it is said', async () => {
    const { databases, registry } = createWorld(['acme'], { registryTtl: 3_600 })
    await databases.use('acme', () => undefined)
    registry.change('acme', { status: 'suspended' })
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
    databases.forget('acme')
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('tenant_suspended')
    await settle()
    expect(databases.stats()).toMatchObject({ live: 0 })
    const always = createWorld(['acme'], { registryTtl: 0 })
    await always.databases.use('acme', () => undefined)
    always.registry.change('acme', { status: 'suspended' })
    expect(await codeOf(always.databases.use('acme', () => undefined))).toBe('tenant_suspended')
  })

  it('D9: an answer that was asked for before it changed is not used', async () => {
    let answer: (row: TenantRow) => void = () => undefined
    const asked: string[] = []
    const registry = {
      find: (tenantId: string) => {
        asked.push(tenantId)
        return new Promise<TenantRow>((resolve) => {
          answer = resolve
        })
      },
    }
    const { databases } = createWorld([], { registry })
    const used = codeOf(databases.use('acme', () => undefined))
    await settle()
    databases.forget('acme')
    const row = { tenantId: 'acme', databaseName: 'acme_1', version: 1 }
    answer({ ...row, status: 'active' })
    await settle()
    expect(asked).toHaveLength(2)
    answer({ ...row, status: 'suspended', version: 2 })
    expect(await used).toBe('tenant_suspended')
  })

  it('D9: what was suspended here is served again when another server resumes it', async () => {
    const { databases, registry } = createWorld(['acme'], { registryTtl: 0 })
    await databases.suspend('acme')
    const { version = 0 } = registry.rows.get('acme') ?? {}
    // A copy of the registry that is behind says nothing of the time after.
    registry.change('acme', { status: 'active', version: version - 1 })
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    registry.change('acme', { status: 'active', version: version + 1 })
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
  })

  it.each([
    '../x',
    '..',
    '.',
    '$cmd',
    'a\0b',
    '\0',
    'a/b',
    'a\\b',
    ' acme',
    'acme ',
    'acme\n',
    '',
    'x'.repeat(10_240),
  ])('D10: %j is refused before anybody is asked', async (tenantId) => {
    const { databases, driver, registry } = createWorld()
    expect(await codeOf(databases.use(tenantId, () => undefined))).toBe('tenant_invalid')
    expect(await codeOf(databases.lease(tenantId))).toBe('tenant_invalid')
    expect(await codeOf(databases.suspend(tenantId))).toBe('tenant_invalid')
    expect([registry.asked, registry.written, driver.opened]).toEqual([[], [], []])
  })

  it.each(['admin', 'local', 'config', 'postgres', '__proto__', 'constructor', 'toString'])(
    'D10: %s is nobody, and nothing is opened',
    async (tenantId) => {
      const { databases, driver } = createWorld()
      expect(await codeOf(databases.use(tenantId, () => undefined))).toBe('tenant_forbidden')
      expect(driver.opened).toEqual([])
    },
  )

  it.each([undefined, null, 7, {}, ['acme'], new String('acme')])(
    'D10: %j is no tenant id',
    async (tenantId) => {
      const { databases, registry } = createWorld()
      expect(await codeOf(databases.use(tenantId as string, () => undefined))).toBe(
        'tenant_invalid',
      )
      expect(registry.asked).toEqual([])
    },
  )

  it('D10: the row of another tenant, as a registry that ignores case may answer, is not served', async () => {
    const row = { tenantId: 'acme', status: 'active', databaseName: 'acme_1', version: 1 } as const
    const { databases, driver } = createWorld([], { registry: { find: async () => row } })
    expect(await codeOf(databases.use('Acme', () => undefined))).toBe('option_invalid')
    expect(driver.opened).toEqual([])
  })

  it.each([
    '../x',
    '/etc',
    'a/b',
    'a.b',
    '$cmd',
    'a\0',
    '',
    'admin',
    'LOCAL',
    'template1',
    'x'.repeat(64),
    undefined,
  ])('D10: %j is no name of a database', (name) => {
    expect(() => checkDatabaseName(name)).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })

  it('D11: a failed open is told to all who wait, is not kept, and is not tried again at once', async () => {
    const { databases, driver } = createWorld()
    driver.isHeld.connect = true
    const used = [1, 2, 3].map(() => databases.lease('acme').catch((error: unknown) => error))
    await settle()
    driver.connecting[0]?.fail()
    for (const error of await Promise.all(used)) {
      expect(error).toMatchObject({ code: 'database_unavailable', status: 503 })
      expect(String(Reflect.get(Object(error), 'message'))).not.toContain('hunter2')
      expect(String(Reflect.get(Object(error), 'cause'))).toContain('hunter2')
    }
    expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
    expect(driver.connecting).toHaveLength(0)
    driver.isHeld.connect = false
    await expect.poll(() => codeOf(databases.use('acme', () => undefined))).toBe('none')
    expect(databases.stats()).toMatchObject({ failed: 1, opened: 1, live: 1 })
  })

  it('D11: an open that hangs is given up, and what comes late is closed', async () => {
    const { databases, driver } = createWorld(['acme'], { connectTimeout: 0.01 })
    driver.isHeld.connect = true
    expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
    // The driver has not given up: a second one at a time is not begun, and it counts.
    expect(databases.stats()).toMatchObject({ live: 1 })
    expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
    driver.isHeld.connect = false
    driver.connecting[0]?.succeed()
    await settle()
    expect(databases.stats()).toMatchObject({ live: 0 })
    expect(driver.closed).toHaveLength(1)
  })

  it('D13: closing refuses at once, waits for leases, and forces at the deadline', async () => {
    const { databases, driver } = createWorld(['a', 'b', 'c'], { max: 2 })
    const held = [await databases.lease('a'), await databases.lease('b')]
    const waiting = codeOf(databases.lease('c'))
    await settle()
    const closing = databases.close({ deadline: 0.02 })
    expect(await codeOf(databases.lease('a'))).toBe('shutting_down')
    expect(await waiting).toBe('shutting_down')
    expect(driver.closed).toEqual([])
    held[0]?.release()
    expect(await closing).toEqual({ forced: ['b'], abandoned: [] })
    expect(await databases.close()).toEqual({ forced: ['b'], abandoned: [] })
    held[1]?.release()
    expect(databases.stats()).toMatchObject({ live: 0, forced: 1 })
  })

  it('D13: a second call with a shorter deadline makes it shorter', async () => {
    const { databases } = createWorld()
    await databases.lease('acme')
    const closing = databases.close({ deadline: 3_600 })
    await databases.close({ deadline: 0 })
    expect(await closing).toEqual({ forced: ['acme'], abandoned: [] })
  })

  it('D14: no more than max are live, whatever is asked for', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `t${index}`)
    let most = 0
    const { databases } = createWorld(ids, { max: 3 })
    await Promise.all(
      ids.map((id) =>
        databases.use(id, async () => {
          most = Math.max(most, databases.stats().live)
          await settle()
        }),
      ),
    )
    expect(most).toBe(3)
    expect(databases.stats()).toMatchObject({ live: 3, opened: 40, evicted: 37 })
  })

  it('D15: neither the driver nor the registry runs in the context of a request', async () => {
    const context = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const { databases, driver, registry } = createWorld(['acme', 'globex'], { max: 1 })
    const { connect, disconnect } = driver.options
    const spied = createWorld(['acme', 'globex'], {
      max: 1,
      registry: {
        find: async (id) => {
          seen.push(['find', context.getStore()])
          return await registry.find(id)
        },
      },
      connect: async (...given) => {
        seen.push(['connect', context.getStore()])
        return await connect(...given)
      },
      disconnect: async (...given) => {
        seen.push(['disconnect', context.getStore()])
        await disconnect(...given)
      },
    })
    await context.run('a request', async () => {
      await spied.databases.use('acme', () => seen.push(['use', context.getStore()]))
      await spied.databases.use('globex', () => seen.push(['use', context.getStore()]))
    })
    expect(new Set(seen.map(String))).toEqual(
      new Set(['find,', 'connect,', 'disconnect,', 'use,a request']),
    )
    await databases.close()
  })

  it.each(['provisioning', 'failed'] as const)(
    'D16: a tenant that is %s is not served',
    async (status) => {
      const { databases, driver, registry } = createWorld()
      registry.change('acme', { status })
      const error = await databases.lease('acme').catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'database_unavailable', headers: { 'retry-after': '5' } })
      expect(driver.opened).toEqual([])
      // As soon as it is there, it is.
      registry.change('acme', { status: 'active' })
      expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
    },
  )

  it('D18: a tenant that has moved gets its new database, and the old one ends with its leases', async () => {
    const { databases, driver, registry } = createWorld(['acme'], { registryTtl: 0 })
    const old = await databases.lease('acme')
    registry.change('acme', { databaseName: 'acme_9zz9' })
    expect(await databases.use('acme', ({ name }) => name)).toBe('acme_9zz9')
    expect([old.database.name, old.database.isOpen]).toEqual(['acme_7f3a', true])
    old.release()
    await settle()
    expect(driver.closed.map(({ name }) => name)).toEqual(['acme_7f3a'])
  })

  it('D18: a tenant that is being deleted is nobody', async () => {
    const { databases, registry } = createWorld()
    registry.change('acme', { status: 'deleting' })
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_forbidden')
  })

  it('D19: the registry is none of the connections: it is never closed, and not counted', async () => {
    const { databases, registry } = createWorld(['a', 'b'], { max: 1, registryTtl: 0 })
    for (const id of ['a', 'b', 'a', 'b']) await databases.use(id, () => undefined)
    await databases.close()
    // Before each lease, and again after each wait for a connection.
    expect(registry.asked.length).toBeGreaterThanOrEqual(4)
    expect((await registry.find('a'))?.status).toBe('active')
  })
})

describe('suspending', () => {
  it('waits for requests in flight, and cuts them at the deadline', async () => {
    const { databases, driver } = createWorld()
    const polite = await databases.lease('acme')
    const suspending = databases.suspend('acme', { deadline: 3_600 })
    await settle()
    expect(driver.closed).toEqual([])
    polite.release()
    await suspending
    expect(driver.closed).toHaveLength(1)
    await databases.resume('acme')
    const rude = await databases.lease('acme')
    await databases.suspend('acme', { deadline: 0.01 })
    expect(driver.closed).toHaveLength(2)
    rude.release()
    expect(databases.stats()).toMatchObject({ forced: 1, live: 0 })
  })

  it('stays here when the registry cannot be written, and says so', async () => {
    const { databases, registry } = createWorld()
    const boom = new Error('boom')
    registry.failing.write = boom
    await expect(databases.suspend('acme')).rejects.toBe(boom)
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    await expect(databases.resume('acme')).rejects.toBe(boom)
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    registry.failing.write = undefined
    await databases.resume('acme')
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
  })

  it('is only known here when the registry cannot write', async () => {
    const row = { tenantId: 'acme', status: 'active', databaseName: 'acme_1', version: 1 } as const
    const { databases } = createWorld([], { registry: { find: async () => row } })
    await databases.suspend('acme')
    databases.forget('acme')
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
    await databases.resume('acme')
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
  })

  it('while it is being resumed wins, and the registry ends with it', async () => {
    const { databases, registry } = createWorld()
    await databases.suspend('acme')
    const resuming = databases.resume('acme')
    const suspending = databases.suspend('acme')
    await Promise.all([resuming, suspending])
    expect(registry.rows.get('acme')?.status).toBe('suspended')
    expect(await codeOf(databases.lease('acme'))).toBe('tenant_suspended')
  })
})

describe('a registry', () => {
  it('that fails or hangs is 503, with its own words as the cause only', async () => {
    const { databases, registry } = createWorld()
    registry.failing.find = new Error('no route to 10.0.0.7')
    const error = await databases.lease('acme').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'database_unavailable', cause: registry.failing.find })
    const hanging = createWorld([], {
      registry: { find: () => new Promise(() => undefined) },
      connectTimeout: 0.01,
    })
    expect(await codeOf(hanging.databases.lease('acme'))).toBe('database_unavailable')
  })

  it('that throws at once is 503 as well', async () => {
    const { databases } = createWorld([], {
      registry: {
        find() {
          throw new Error('boom')
        },
      },
    })
    expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
  })

  it('is asked once for requests that come at a time, and again after registryTtl', async () => {
    const clock = vi.spyOn(performance, 'now')
    try {
      const { databases, registry } = createWorld(['acme'], { registryTtl: 5 })
      clock.mockReturnValue(1_000)
      await Promise.all([1, 2, 3].map(() => databases.use('acme', () => undefined)))
      clock.mockReturnValue(5_999)
      await databases.use('acme', () => undefined)
      expect(registry.asked).toHaveLength(1)
      clock.mockReturnValue(6_000)
      await databases.use('acme', () => undefined)
      expect(registry.asked).toHaveLength(2)
    } finally {
      clock.mockRestore()
    }
  })

  it.each([
    ['status', 'asleep'],
    ['databaseName', ''],
    ['version', '1'],
  ])('that answers with a row whose %s is %j is a mistake of the program', async (name, value) => {
    const row = {
      tenantId: 'acme',
      status: 'active',
      databaseName: 'acme_1',
      version: 1,
      [name]: value,
    }
    const { databases } = createWorld([], { registry: { find: async () => row as TenantRow } })
    expect(await codeOf(databases.lease('acme'))).toBe('option_invalid')
  })

  it.each([
    [{ tenant_id: 'acme', status: 'active', database_name: 'a', version: 1 }, /without a tenantId/],
    [[{ tenantId: 'acme', status: 'active', databaseName: 'a', version: 1 }], /a list/],
    [{ tenantId: 'acme', status: 'active', databaseName: 'a', version: '1' }, /bigint/],
    [{ tenantId: 'acme', status: 'enabled', databaseName: 'a', version: 1 }, /none of .*, active/],
    [{ tenantId: 'Acme', status: 'active', databaseName: 'a', version: 1 }, /of another tenant/],
  ])('is told what is wrong with %j', async (row, message) => {
    const { databases } = createWorld([], { registry: { find: async () => row as never } })
    await expect(databases.lease('acme')).rejects.toThrow(message)
  })
})

/** What a caller of `use` and `lease` can rely on. */
import { describe, expect, it } from 'vitest'
import { createTenantDatabases, type TenantRegistry, type TenantRow } from '../src/index.ts'
import { codeOf, createFakeDriver, createWorld, settle } from './support/fakes.ts'

describe('use', () => {
  it('hands over the database of the row, and answers with what the function does', async () => {
    const { databases, driver } = createWorld()
    const answer = await databases.use('acme', async (database, row) => [
      database.name,
      row.version,
    ])
    expect(answer).toEqual(['acme_7f3a', 1])
    expect(driver.opened).toHaveLength(1)
    expect(databases.stats()).toMatchObject({ live: 1, idle: 1, leased: 0, opened: 1, hits: 0 })
    await databases.use('acme', () => undefined)
    expect(databases.stats()).toMatchObject({ live: 1, opened: 1, hits: 1 })
  })

  it('hands over the row of the registry, whatever more it has', async () => {
    interface Row extends TenantRow {
      readonly cluster: string
    }
    const row: Row = {
      tenantId: 'acme',
      status: 'active',
      databaseName: 'a',
      version: 1,
      cluster: 'east',
    }
    const registry: TenantRegistry<Row> = { find: async () => row }
    const databases = createTenantDatabases({ registry, ...createFakeDriver().options })
    const cluster: string = await databases.use('acme', (_database, { cluster }) => cluster)
    expect(cluster).toBe('east')
  })

  it('releases when the function throws, at once or later', async () => {
    const { databases } = createWorld()
    const boom = new Error('boom')
    await expect(
      databases.use('acme', () => {
        throw boom
      }),
    ).rejects.toBe(boom)
    await expect(databases.use('acme', () => Promise.reject(boom))).rejects.toBe(boom)
    expect(databases.stats()).toMatchObject({ leased: 0, idle: 1 })
  })

  it('awaits a thenable before the release, as a query of Mongoose is one', async () => {
    const { databases } = createWorld()
    const leased: number[] = []
    const query: PromiseLike<void> = {
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested
      then(resolve, reject) {
        leased.push(databases.stats().leased)
        return Promise.resolve().then(resolve, reject)
      },
    }
    await databases.use('acme', () => query)
    expect(leased).toEqual([1])
  })
})

describe('a lease', () => {
  it('is given back once, however often it is released', async () => {
    const { databases } = createWorld()
    const first = await databases.lease('acme')
    const second = await databases.lease('acme')
    first.release()
    first.release()
    await first[Symbol.asyncDispose]()
    expect(databases.stats()).toMatchObject({ leased: 1 })
    second.release()
    expect(databases.stats()).toMatchObject({ leased: 0, idle: 1 })
  })

  it('has no database after the release', async () => {
    const { databases } = createWorld()
    const lease = await databases.lease('acme')
    expect([lease.tenantId, lease.row.databaseName, lease.database.name]).toEqual([
      'acme',
      'acme_7f3a',
      'acme_7f3a',
    ])
    lease.release()
    expect(() => lease.database).toThrow(expect.objectContaining({ code: 'client_released' }))
  })
})

describe('who waits for room', () => {
  it('is served in the order of coming, and newcomers do not pass', async () => {
    const { databases } = createWorld(['a', 'b', 'c', 'd'], { max: 1 })
    const held = await databases.lease('a')
    const order: string[] = []
    const waiting = ['b', 'c', 'd'].map((id) => databases.use(id, () => void order.push(id)))
    await settle()
    expect(databases.stats()).toMatchObject({ waiting: 3, live: 1 })
    held.release()
    await Promise.all(waiting)
    expect(order).toEqual(['b', 'c', 'd'])
    expect(databases.stats()).toMatchObject({ live: 1, waiting: 0, evicted: 3 })
  })

  it('is refused with 503 when its time is up, and leaves no trace', async () => {
    const { databases, driver } = createWorld(['a', 'b'], { max: 1, acquireTimeout: 0.01 })
    const held = await databases.lease('a')
    const refused = await databases.lease('b').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'pool_exhausted', status: 503, retryAfter: 1 })
    held.release()
    await settle()
    expect(driver.opened.map(({ tenantId }) => tenantId)).toEqual(['a'])
    expect(databases.stats()).toMatchObject({ live: 1, idle: 1, waiting: 0 })
  })

  it('gets the connection that has not been used for the longest time, and no other', async () => {
    const { databases, driver } = createWorld(['a', 'b', 'c', 'd'], { max: 3 })
    for (const id of ['a', 'b', 'c', 'a']) await databases.use(id, () => undefined)
    await databases.use('d', () => undefined)
    expect(driver.closed.map(({ tenantId }) => tenantId)).toEqual(['b'])
  })

  it('waits for a close to finish, since until then the connection counts', async () => {
    const { databases, driver } = createWorld(['a', 'b'], { max: 1 })
    await databases.use('a', () => undefined)
    driver.isHeld.disconnect = true
    const used = databases.use('b', () => undefined)
    await settle()
    expect([driver.opened.length, databases.stats().closing]).toEqual([1, 1])
    driver.disconnecting[0]?.succeed()
    await used
    expect(driver.opened).toHaveLength(2)
  })
})

describe('the time that a connection is kept', () => {
  it('ends after idleTimeout', async () => {
    const { databases, driver } = createWorld(['a'], { idleTimeout: 0.005 })
    await databases.use('a', () => undefined)
    await expect.poll(() => driver.closed.length).toBe(1)
    expect(databases.stats()).toMatchObject({ live: 0, expired: 1 })
  })

  it('does not end during a lease', async () => {
    const { databases, driver } = createWorld(['a', 'b'], { idleTimeout: 0.005 })
    const lease = await databases.lease('a')
    await databases.use('b', () => undefined)
    await expect.poll(() => driver.closed.length).toBe(1)
    expect(driver.closed[0]?.tenantId).toBe('b')
    lease.release()
    await expect.poll(() => driver.closed.length).toBe(2)
  })
})

describe('a connection that does not stand any more', () => {
  it('is replaced within the same call', async () => {
    const { databases, driver } = createWorld()
    await databases.use('acme', (database) => {
      database.isHealthy = false
    })
    expect(await databases.use('acme', ({ number }) => number)).toBe(1)
    expect(driver.closed).toHaveLength(1)
  })

  it('is refused when its replacements do not stand either', async () => {
    const { databases, driver } = createWorld(['acme'], { isHealthy: () => false })
    expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
    expect(driver.opened.length).toBeLessThan(5)
    await settle()
    expect(databases.stats()).toMatchObject({ live: 0 })
  })

  it('counts as one when the question throws', async () => {
    let asked = 0
    const { databases } = createWorld(['acme'], {
      isHealthy() {
        if (asked++ === 0) throw new Error('boom')
        return true
      },
    })
    expect(await databases.use('acme', ({ number }) => number)).toBe(1)
  })

  it('is found by a ping when nobody has used it for a while', async () => {
    const { databases, driver } = createWorld(['acme'], { pingAfter: 0 })
    await databases.use('acme', () => undefined)
    driver.isHeld.ping = true
    const used = [1, 2, 3].map(() => databases.use('acme', ({ number }) => number))
    await settle()
    expect(driver.pinging).toHaveLength(1)
    driver.isHeld.ping = false
    driver.pinging[0]?.fail()
    expect(await Promise.all(used)).toEqual([1, 1, 1])
  })

  it('is used without a ping while others use it', async () => {
    const { databases, driver } = createWorld(['acme'], { pingAfter: 0 })
    const lease = await databases.lease('acme')
    driver.isHeld.ping = true
    await databases.use('acme', () => undefined)
    lease.release()
  })
})

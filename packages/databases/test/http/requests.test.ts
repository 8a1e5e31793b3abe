/** A request has the database of its tenant from its guard until its response is over, and nobody else's. */
import { describe, expect, it, vi } from 'vitest'
import { settle } from '../support/fakes.ts'
import { createWorld, frameworks, get, issuer, request, tokenFor } from './world.ts'

/** A handler that says when somebody has come in, and waits. */
function waitingHandler() {
  let entered: () => void = () => undefined
  let leave: () => void = () => undefined
  const isEntered = new Promise<void>((resolve) => {
    entered = resolve
  })
  const isLeft = new Promise<void>((resolve) => {
    leave = resolve
  })
  const handle = async () => {
    entered()
    await isLeft
    return { waited: true }
  }
  return { handle, isEntered, leave }
}

describe.each(frameworks)('$name', ({ start }) => {
  it('gives the database of the tenant that the guard has checked, on the request as well', async () => {
    const world = createWorld()
    const { url } = await start(world, {
      handle: ({ database, request: own }) => [
        database.name,
        Reflect.get(own, 'database') === database,
      ],
    })
    const { body } = await get(`${url}/t/acme`, await tokenFor('acme'))
    expect(body).toEqual(['acme_7f3a', true])
    await expect.poll(() => world.databases.stats()).toMatchObject({ leased: 0, idle: 1 })
  })

  it('releases when the response has ended, and not before', async () => {
    const world = createWorld()
    const { handle, isEntered, leave } = waitingHandler()
    const { url } = await start(world, { handle })
    const answer = get(`${url}/t/acme`, await tokenFor('acme'))
    await isEntered
    expect(world.databases.stats()).toMatchObject({ leased: 1 })
    leave()
    expect((await answer).status).toBe(200)
    await expect.poll(() => world.databases.stats()).toMatchObject({ leased: 0, idle: 1 })
  })

  it('releases when the client has gone, and what is left of the handler gets no database', async () => {
    const world = createWorld()
    const { handle, isEntered, leave } = waitingHandler()
    let own: object = {}
    const { port } = await start(world, {
      handle: async (handled) => {
        own = handled.request
        return await handle()
      },
    })
    const socket = await request(port, '/t/acme', await tokenFor('acme'))
    await isEntered
    expect(world.databases.stats()).toMatchObject({ leased: 1 })
    socket.destroy()
    await expect.poll(() => world.databases.stats()).toMatchObject({ leased: 0, idle: 1 })
    expect(() => world.databases.of(own)).toThrow(
      expect.objectContaining({ code: 'client_released' }),
    )
    leave()
  })

  it('releases when the handler throws', async () => {
    const world = createWorld()
    const { url } = await start(world, {
      handle() {
        throw new Error('boom')
      },
    })
    const answer = await get(`${url}/t/acme`, await tokenFor('acme'))
    expect([answer.status, answer.code]).toEqual([500, 'of_the_handler'])
    await expect.poll(() => world.databases.stats()).toMatchObject({ leased: 0, idle: 1 })
  })

  it('takes no lease for a client that has gone while it waited', async () => {
    const world = createWorld()
    world.driver.isHeld.connect = true
    const handle = vi.fn()
    const { port } = await start(world, { handle })
    const socket = await request(port, '/t/acme', await tokenFor('acme'))
    await expect.poll(() => world.driver.connecting.length).toBe(1)
    socket.destroy()
    await new Promise((resolve) => socket.once('close', resolve))
    await settle()
    world.driver.connecting[0]?.succeed()
    await expect.poll(() => world.databases.stats()).toMatchObject({ live: 1, leased: 0, idle: 1 })
    expect(handle).not.toHaveBeenCalled()
  })

  it('releases what waits behind an answer of the same connection, when the client has gone', async () => {
    const world = createWorld(['acme', 'globex'])
    const { handle, isEntered, leave } = waitingHandler()
    const { port } = await start(world, { handle })
    // Requests that are sent before the ones before are answered: only the first has the socket.
    const socket = await request(port, '/t/acme', await tokenFor('acme', 'globex'), '/t/globex')
    await isEntered
    await expect.poll(() => world.databases.stats()).toMatchObject({ leased: 2 })
    socket.destroy()
    await expect.poll(() => world.databases.stats()).toMatchObject({ leased: 0, idle: 2 })
    leave()
  })

  it('takes no lease for what waits behind an answer, when the client has gone meanwhile', async () => {
    const world = createWorld(['acme', 'globex'])
    world.driver.isHeld.connect = true
    const handle = vi.fn()
    const { port } = await start(world, { handle })
    const socket = await request(port, '/t/acme', await tokenFor('acme', 'globex'), '/t/globex')
    await expect.poll(() => world.driver.connecting.length).toBe(2)
    socket.destroy()
    await new Promise((resolve) => socket.once('close', resolve))
    await settle()
    for (const { succeed } of [...world.driver.connecting]) succeed()
    await expect.poll(() => world.databases.stats()).toMatchObject({ live: 2, leased: 0, idle: 2 })
    expect(handle).not.toHaveBeenCalled()
  })

  it('takes one lease, however often it is asked to', async () => {
    const world = createWorld()
    const { url } = await start(world, { handle: () => world.databases.stats().leased })
    const { body } = await get(`${url}/twice/acme`, await tokenFor('acme'))
    expect(body).toBe(1)
    await expect.poll(() => world.databases.stats()).toMatchObject({ leased: 0 })
  })

  it('opens nothing for somebody who is not in the tenant, or has no token', async () => {
    const world = createWorld()
    const { url } = await start(world, { handle: () => ({}) })
    const outside = await get(`${url}/t/globex`, await tokenFor('acme'))
    expect([outside.status, outside.code]).toEqual([403, 'tenant_forbidden'])
    expect((await get(`${url}/t/globex`)).status).toBe(401)
    expect((await get(`${url}/t/globex`, await issuer.forged())).status).toBe(401)
    expect([world.registry.asked, world.driver.opened]).toEqual([[], []])
  })

  it.each(['..%2Fx', '%2e%2e', 'admin', 'local', '$cmd', 'a%00b', 'x'.repeat(10_240)])(
    'opens nothing for /t/%s, also when the token names it',
    async (tenantId) => {
      const world = createWorld()
      const { url } = await start(world, { handle: () => ({}) })
      const token = await tokenFor('acme', decodeURIComponent(tenantId).slice(0, 100))
      const { status } = await get(`${url}/t/${tenantId}`, token)
      expect([400, 403, 404, 414, 431]).toContain(status)
      expect(world.driver.opened).toEqual([])
    },
  )

  it('refuses a tenant that is suspended from the next request on, and no other', async () => {
    const world = createWorld()
    const { url } = await start(world, { handle: () => ({}) })
    const token = await tokenFor('acme', 'globex')
    expect((await get(`${url}/t/acme`, token)).status).toBe(200)
    const suspending = world.databases.suspend('acme')
    const { status, code, headers } = await get(`${url}/t/acme`, token)
    expect([status, code]).toEqual([403, 'tenant_suspended'])
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('www-authenticate')).toContain('insufficient_scope')
    expect((await get(`${url}/t/globex`, token)).status).toBe(200)
    await suspending
    await world.databases.resume('acme')
    expect((await get(`${url}/t/acme`, token)).status).toBe(200)
  })

  it('is 503 with Retry-After where there is no database, no room, or no time', async () => {
    const world = createWorld(['acme', 'globex'], { max: 1, acquireTimeout: 0.01 })
    const { url } = await start(world, { handle: () => ({}) })
    const token = await tokenFor('acme', 'globex')
    const held = await world.databases.lease('globex')
    const full = await get(`${url}/t/acme`, token)
    expect([full.status, full.code, full.headers.get('retry-after')]).toEqual([
      503,
      'pool_exhausted',
      '1',
    ])
    held.release()
    await world.databases.evict('acme')
    world.databases.forget('acme')
    world.registry.failing.find = new Error('boom')
    const down = await get(`${url}/t/acme`, token)
    expect([down.status, down.code]).toEqual([503, 'database_unavailable'])
    await world.databases.close()
    const late = await get(`${url}/t/acme`, token)
    expect([late.status, late.code, late.headers.get('retry-after')]).toEqual([
      503,
      'shutting_down',
      '1',
    ])
  })

  it('puts a refusal as the guard of the request does: a tenant that is not there is hidden', async () => {
    const world = createWorld()
    const { url } = await start(world, { handle: () => ({}) }, { hideTenants: true })
    const { status, code } = await get(`${url}/t/nobody`, await tokenFor('nobody'))
    expect([status, code]).toEqual([404, 'not_found'])
  })

  it.each(['/unguarded/acme', '/any'])('gives nobody a database on %s', async (path) => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const world = createWorld()
    const { url } = await start(world, { handle: () => ({}) })
    const { status, code } = await get(`${url}${path}`, await tokenFor('acme'))
    expect([status, code === 'option_invalid' || code === 'tenant_unresolved']).toEqual([500, true])
    expect([world.registry.asked, world.driver.opened]).toEqual([[], []])
  })

  it('serves many tenants at a time, each with its own', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `tenant-${index}`)
    const world = createWorld(ids, { max: 4 })
    const { url } = await start(world, { handle: ({ database }) => [database.tenantId] })
    const token = await tokenFor(...ids)
    const bodies = await Promise.all(
      ids.map(async (id) => (await get(`${url}/t/${id}`, token)).body),
    )
    expect(bodies).toEqual(ids.map((id) => [id]))
    await expect.poll(() => world.databases.stats()).toMatchObject({ live: 4, leased: 0, idle: 4 })
  })
})

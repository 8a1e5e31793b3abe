import { connect } from 'node:net'
import { createVerifier, defineRoles } from '@tenantry/core'
import Fastify, { type FastifyPluginAsync } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { getAuth, type TenantryOptions, tenantry } from '../src/index.ts'
import {
  createApp,
  createCountingVerifier,
  frameworks,
  get,
  inside,
  issuer,
  listen,
  refusal,
  tokenFor,
  verifier,
} from './frameworks.ts'

describe.each(frameworks)('%s: options of the plugin', (_name, framework) => {
  it.each([
    [{ verifier: undefined }, 'verifier'],
    [{ verifier: {} }, 'verifier'],
    [{ credentials: [] }, 'credentials'],
    [{ tenantParam: '' }, 'tenantParam'],
    [{ tenantParam: ':tenantId' }, 'tenantParam'],
    [{ getTenantId: 'x' }, 'getTenantId'],
    [{ tenantIdPattern: /x/g }, 'tenantIdPattern'],
    [{ hideTenants: 'yes' }, 'hideTenants'],
    [{ forbiddenStatus: 404 }, 'forbiddenStatus'],
    [{ realm: 'a"b' }, 'realm'],
    [{ strict: 'yes' }, 'strict'],
    [{ requestProperty: '' }, 'requestProperty'],
    [{ requestProperty: 'body' }, 'requestProperty'],
    [{ tenantparam: 'x' }, 'tenantparam'],
  ])('%o does not register', async (options, name) => {
    const app = framework()
    const registered = app.register(tenantry, { verifier, ...(options as object) })
    await expect(Promise.resolve(registered)).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining(`"${name}"`),
    })
  })

  it('a verifier in the place of the options does not register', async () => {
    const registered = framework().register(tenantry, verifier as unknown as TenantryOptions)
    await expect(Promise.resolve(registered)).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining('pass { verifier }'),
    })
  })

  it('another package that decorates request.auth is gone round with requestProperty', async () => {
    const app = framework({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    app.decorateRequest('auth', undefined)
    await expect(Promise.resolve(app.register(tenantry, { verifier }))).rejects.toMatchObject({
      code: 'FST_ERR_DEC_ALREADY_PRESENT',
    })
    const other = framework({ forceCloseConnections: true })
    onTestFinished(() => other.close())
    other.decorateRequest('auth', undefined)
    await other.register(tenantry, { verifier, requestProperty: 'caller' })
  })

  it('the plugin is registered once, here or around here', async () => {
    const app = await createApp(framework)
    const again = inside(app, async (inner) => {
      await inner.register(tenantry, { verifier, requestProperty: 'other' })
    })
    await expect(again).rejects.toMatchObject({ code: 'option_invalid' })
  })

  it('two sides of an application can have guards of their own', async () => {
    const app = framework({ forceCloseConnections: true })
    const other = createVerifier({
      keys: (await import('@tenantry/testing')).createTestIssuer().keys,
    })
    for (const [prefix, one] of [
      ['/a', verifier],
      ['/b', other],
    ] as const) {
      await inside(
        app,
        async (inner) => {
          await inner.register(tenantry, { verifier: one })
          inner.get('/:tenantId', { preHandler: inner.requireTenant() }, async () => 'ok')
        },
        prefix,
      )
    }
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    expect((await get(`${url}/a/acme`, token)).status).toBe(200)
    expect((await get(`${url}/b/acme`, token)).status).toBe(401)
    await app.close()
  })

  it('requestProperty is where the caller is', async () => {
    const app = await createApp(framework, { requestProperty: 'caller' })
    app.get('/', { preHandler: app.requireAuth() }, async (request) => ({
      userId: Reflect.get(Reflect.get(request, 'caller'), 'userId'),
      hasAuth: 'auth' in request,
    }))
    const url = await listen(app)
    const response = await get(url, await tokenFor({}))
    expect(await response.json()).toEqual({ userId: 1, hasAuth: false })
  })

  it('credentials, realm and tenantIdPattern are what they say', async () => {
    const { cookie } = await import('../src/index.ts')
    const app = await createApp(framework, {
      credentials: [cookie('access.demo1234')],
      realm: 'widgets',
      tenantIdPattern: /^[a-z ]+$/,
    })
    app.get('/:tenantId', { preHandler: app.requireTenant() }, async () => 'ok')
    const url = await listen(app)
    const token = await tokenFor({ 'a b': [] })
    const headers = { cookie: `access.demo1234=${token}` }
    expect((await fetch(`${url}/a%20b`, { headers })).status).toBe(200)
    expect(await refusal(await fetch(`${url}/A`, { headers }))).toBe('400 tenant_invalid')
    const bare = await get(`${url}/a%20b`, token)
    expect(bare.headers.get('www-authenticate')).toBe('Bearer realm="widgets"')
  })
})

describe.each(frameworks)('%s: without await at the top of a file', (_name, framework) => {
  const routes: FastifyPluginAsync = async (app) => {
    app.get(
      '/t/:tenantId',
      { preHandler: app.requireTenant() },
      async (request) => getAuth(request).tenantId,
    )
  }

  it.each(['register', 'after'] as const)('routes have guards in %s', async (way) => {
    const app = framework({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    app.register(tenantry, { verifier, strict: true })
    if (way === 'register') app.register(routes)
    else app.after(() => void routes(app, {}))
    const url = await listen(app)
    expect((await get(`${url}/t/acme`)).status).toBe(401)
    expect(await (await get(`${url}/t/acme`, await tokenFor({ acme: [] }))).text()).toBe('acme')
  })
})

describe.each(frameworks)('%s: what makes a guard, in the place of one', (_name, framework) => {
  const called = expect.objectContaining({
    code: 'option_invalid',
    message: 'requireTenant makes the guard: call it, app.requireTenant().',
  })

  it.each(['onRequest', 'preValidation', 'preHandler'] as const)(
    'is refused in %s',
    async (hook) => {
      const app = await createApp(framework)
      expect(() =>
        app.get('/a/:tenantId', { [hook]: app.requireTenant }, async () => 'ok'),
      ).toThrow(called)
      const hooks = [async () => {}, app.requireTenant]
      expect(() => app.get('/b/:tenantId', { [hook]: hooks }, async () => 'ok')).toThrow(called)
      expect(() => Reflect.apply(app.addHook, app, [hook, app.requireTenant])).toThrow(called)
    },
  )

  it('is refused when it is called with a request', async () => {
    const app = await createApp(framework)
    app.get('/:tenantId', { preHandler: [async () => {}] }, async (request) =>
      Reflect.apply(app.requireRole, app, [request]),
    )
    app.setErrorHandler((error, _request, reply) => reply.code(500).send({ told: String(error) }))
    const response = await get(`${await listen(app)}/acme`)
    expect(await response.json()).toEqual({
      told: "ConfigurationError: requireRole makes the guard: call it, app.requireRole('admin').",
    })
  })
})

describe.each(frameworks)('%s: options of a guard', (_name, framework) => {
  it('mistakes throw where the guard is made', async () => {
    const roles = defineRoles({ admin: { permissions: ['read'] } })
    const app = await createApp(framework, {
      verifier: createVerifier({ keys: issuer.keys, roles }),
    })
    const call = (name: string, ...args: unknown[]) => {
      return () => Reflect.apply(Reflect.get(app, name), app, args)
    }
    const invalid = expect.objectContaining({ code: 'option_invalid' })
    const malformed = expect.objectContaining({ code: 'requirement_invalid' })
    const unknown = expect.objectContaining({ code: 'role_unknown' })
    expect(call('requireRole')).toThrow(malformed)
    expect(call('requireRole', '')).toThrow(malformed)
    expect(call('requireRole', ['admin'])).toThrow(malformed)
    expect(call('requireRole', 'adminn')).toThrow(unknown)
    expect(call('requireAnyRole')).toThrow(malformed)
    expect(call('requireAnyRole', {})).toThrow(malformed)
    expect(call('requireAnyRole', ['admin'])).toThrow(malformed)
    expect(call('requireAllRoles', 'admin', undefined)).toThrow(malformed)
    expect(call('requireAllRoles', 'admin', 'adminn')).toThrow(unknown)
    expect(call('requirePermission', '')).toThrow(malformed)
    expect(call('require', { any: [], all: [] })).toThrow(malformed)
    expect(call('requireAuth', null)).toThrow(invalid)
    expect(call('requireAuth', { maxTokenAge: -1 })).toThrow(invalid)
    expect(call('requireRole', 'admin', { hideTenants: undefined })).toThrow(invalid)
    expect(call('requireRole', 'admin', { verifier })).toThrow(invalid)
    expect(call('requireAnyRole', 'admin', { tenantparam: 'x' })).toThrow(invalid)
    expect(call('requirePermission', 'read')).not.toThrow()
    expect(call('requireRole', 'admin', 'viewer')).toThrow('requireAnyRole or requireAllRoles')
    expect(call('requireAnyRole', ['admin'])).toThrow("requireAnyRole('admin', 'viewer')")
  })

  it('tenantParam names another parameter', async () => {
    const app = await createApp(framework)
    const preHandler = app.requireAnyRole('admin', 'owner', { tenantParam: 'org' })
    app.get('/:org', { preHandler }, async (request) => request.auth?.tenantId)
    const url = await listen(app)
    expect(
      await (await get(`${url}/acme?tenantId=evil`, await tokenFor({ acme: ['owner'] }))).text(),
    ).toBe('acme')
    expect(
      await refusal(await get(`${url}/acme?org=evil`, await tokenFor({ acme: ['owner'] }))),
    ).toBe('400 tenant_conflict')
  })

  it('a plugin inside and then one around it would not know the routes of each other', async () => {
    const app = framework({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    await app.register(async (inner) => {
      await inner.register(tenantry, { verifier })
      inner.get('/inner/:tenantId', async () => 'reached')
    })
    await expect(app.register(tenantry, { verifier, strict: true })).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining('inside of it'),
    })
  })

  it('plugins beside each other do not mind, nor do applications', async () => {
    const app = framework({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    for (const path of ['/one/:tenantId', '/two/:tenantId']) {
      await app.register(async (inner) => {
        await inner.register(tenantry, { verifier, strict: true })
        inner.get(path, { preHandler: inner.requireTenant() }, async () => 'reached')
      })
    }
    expect((await get(`${await listen(app)}/two/acme`, await tokenFor({ acme: [] }))).status).toBe(
      200,
    )
    await expect(createApp(framework)).resolves.toBeDefined()
  })

  it('the guide finds the tenant in the host name, and nobody where there is none', async () => {
    const app = await createApp(framework, {
      getTenantId: (request) => (request.headers.host ?? '').split('.')[0],
    })
    app.get('/', { preHandler: app.requireTenant() }, async (request) => request.auth?.tenantId)
    const { port } = new URL(await listen(app))
    const ask = async (...lines: readonly string[]): Promise<string> => {
      const socket = connect(Number(port), '127.0.0.1')
      const token = await tokenFor({ acme: [] })
      const head = ['GET / HTTP/1.0', `Authorization: Bearer ${token}`, ...lines]
      socket.write(`${head.join('\r\n')}\r\n\r\n`)
      let received = ''
      for await (const chunk of socket) received += String(chunk)
      return received
    }
    expect(await ask('Host: acme.example:3000')).toMatch(/200 OK.*\r\n\r\nacme$/s)
    expect(await ask()).toMatch(/400 Bad Request.*"tenant_invalid"/s)
  })

  it('getTenantId finds the tenant elsewhere, and nowhere else', async () => {
    const app = await createApp(framework)
    const preHandler = app.requireTenant({ getTenantId: (request) => request.headers['x-tenant'] })
    app.get('/:tenantId', { preHandler }, async (request) => request.auth?.tenantId)
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    const ask = (tenant: string) =>
      get(`${url}/evil?tenantId=bad`, token, { headers: { 'x-tenant': tenant } })
    expect(await (await ask('acme')).text()).toBe('acme')
    expect(await refusal(await ask('evil'))).toBe('403 tenant_forbidden')
    expect(await refusal(await ask('a b'))).toBe('400 tenant_invalid')
  })

  it.each([
    ['an error', new Error('no')],
    ['undefined', undefined],
    ['null', null],
    ['a word', 'route'],
  ])('getTenantId that throws %s is an error of the application', async (_what, thrown) => {
    const app = await createApp(framework)
    const getTenantId = () => {
      throw thrown
    }
    let reached = false
    app.get('/', { preHandler: app.requireTenant({ getTenantId }) }, async () => {
      reached = true
    })
    app.setErrorHandler((error, _request, reply) => reply.code(418).send(String(error)))
    const url = await listen(app)
    expect((await get(url, await tokenFor({ acme: [] }))).status).toBe(418)
    expect(reached).toBe(false)
  })

  it('hideTenants answers 404 to somebody who is no member', async () => {
    const app = await createApp(framework, { hideTenants: true })
    app.get('/:tenantId', { preHandler: app.requireRole('admin') }, async () => 'ok')
    app.get(
      '/open/:tenantId',
      { preHandler: app.requireRole('admin', { hideTenants: false }) },
      async () => 'ok',
    )
    const url = await listen(app)
    const token = await tokenFor({ acme: ['member'] })
    const hidden = await get(`${url}/evil`, token)
    expect(hidden.headers.get('www-authenticate')).toBeNull()
    expect(await refusal(hidden)).toBe('404 not_found')
    expect(await refusal(await get(`${url}/acme`, token))).toBe('403 role_insufficient')
    expect(await refusal(await get(`${url}/open/evil`, token))).toBe('403 tenant_forbidden')
  })

  it('forbiddenStatus answers 401', async () => {
    const app = await createApp(framework)
    app.get(
      '/:tenantId',
      { preHandler: app.requireTenant({ forbiddenStatus: 401 }) },
      async () => 'ok',
    )
    const response = await get(`${await listen(app)}/evil`, await tokenFor({ acme: [] }))
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    expect(await refusal(response)).toBe('401 tenant_forbidden')
  })

  it('maxTokenAge is per guard, also for a token that was verified before', async () => {
    const app = await createApp(framework)
    app.addHook('onRequest', app.requireAuth())
    app.get('/old', async () => 'ok')
    app.get('/fresh', { preHandler: app.requireAuth({ maxTokenAge: 60 }) }, async () => 'ok')
    app.get('/never', { preHandler: app.requireAuth({ maxTokenAge: 0 }) }, async () => 'ok')
    const url = await listen(app)
    const token = await tokenFor({}, { iat: Math.floor(Date.now() / 1000) - 120 })
    expect((await get(`${url}/old`, token)).status).toBe(200)
    expect((await get(`${url}/fresh`, token)).status).toBe(401)
    expect((await get(`${url}/fresh`, await tokenFor({}))).status).toBe(200)
    expect((await get(`${url}/never`, await tokenFor({}))).status).toBe(401)
  })

  it('guards that stand after each other verify once', async () => {
    const counting = createCountingVerifier()
    const app = await createApp(framework, { verifier: counting })
    app.addHook('onRequest', app.requireAuth())
    const preHandler = [app.requireTenant(), app.requireRole('admin')]
    app.get('/:tenantId', { preHandler }, async (request) => request.auth?.tenantId)
    const url = await listen(app)
    const token = await tokenFor({ acme: ['admin'] })
    expect(await (await get(`${url}/acme`, token)).text()).toBe('acme')
    expect(counting.verified).toBe(1)
  })

  it('guards that check different tenants refuse', async () => {
    const app = await createApp(framework)
    const preHandler = [
      app.requireTenant({ tenantParam: 'a' }),
      app.requireTenant({ tenantParam: 'b' }),
    ]
    app.get('/:a/:b', { preHandler }, async () => 'ok')
    const url = await listen(app)
    const token = await tokenFor({ acme: [], evil: [] })
    expect((await get(`${url}/acme/acme`, token)).status).toBe(200)
    expect(await refusal(await get(`${url}/acme/evil`, token))).toBe('400 tenant_conflict')
  })
})

it('a verifier that rejects with nothing does not let anybody through', async () => {
  const app = Fastify()
  await app.register(tenantry, { verifier: { ...verifier, verify: () => Promise.reject() } })
  app.get('/', { preHandler: app.requireAuth() }, async () => 'reached')
  const response = await app.inject({ url: '/', headers: { authorization: 'Bearer a.b.c' } })
  expect(response.statusCode).toBe(500)
  expect(response.body).not.toContain('reached')
})

import type { onRequestAsyncHookHandler } from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { auditRoutes, tenantry } from '../src/index.ts'
import {
  createApp,
  frameworks,
  get,
  inside,
  listen,
  refusal,
  tokenFor,
  verifier,
} from './frameworks.ts'

const ok = async () => 'ok'

describe.each(frameworks)('%s: the audit', (_name, framework) => {
  it('lists the routes with a tenant, and whether a guard checks it', async () => {
    const app = await createApp(framework)
    const guard = app.requireRole('admin')
    app.get('/health', ok)
    app.get('/t/:tenantId/open', ok)
    app.get('/t/:tenantId/onRequest', { onRequest: guard }, ok)
    app.post('/t/:tenantId/preValidation', { preValidation: [app.requireAuth(), guard] }, ok)
    app.route({
      method: ['PUT', 'PATCH'],
      url: '/t/:tenantId/preHandler',
      preHandler: guard,
      handler: ok,
    })
    app.get('/t/:tenantId/config', { config: { tenantry: { tenant: true } } }, ok)
    app.get('/t/:tenantId/public', { config: { tenantry: 'public' } }, ok)
    app.get('/t/:tenantId/auth', { preHandler: app.requireAuth() }, ok)
    app.get('/t/:tenantId/onResponse', { onResponse: async () => {} }, ok)
    await app.ready()
    expect(auditRoutes(app)).toEqual([
      { method: 'GET', path: '/t/:tenantId/open', guarded: false },
      { method: 'GET', path: '/t/:tenantId/onRequest', guarded: true },
      { method: 'POST', path: '/t/:tenantId/preValidation', guarded: true },
      { method: 'PUT', path: '/t/:tenantId/preHandler', guarded: true },
      { method: 'PATCH', path: '/t/:tenantId/preHandler', guarded: true },
      { method: 'GET', path: '/t/:tenantId/config', guarded: true },
      { method: 'GET', path: '/t/:tenantId/public', guarded: false },
      { method: 'GET', path: '/t/:tenantId/auth', guarded: false },
      { method: 'GET', path: '/t/:tenantId/onResponse', guarded: false },
    ])
  })

  it('knows how Fastify writes parameters', async () => {
    const app = await createApp(framework)
    const paths = [
      '/a/:tenantId(^\\d+)',
      '/b/:tenantId.json',
      '/c/:x-:tenantId',
      '/d/:tenantId?',
      '/re/:kind(^(?:u|o)$)h:tenantId',
    ]
    const others = ['/e/:tenantIds', '/f/::tenantId', '/g/tenantId', '/h/:tenant']
    for (const path of [...paths, ...others]) app.get(path, ok)
    await app.ready()
    expect(auditRoutes(app).map(({ path }) => path)).toEqual(paths)
  })

  it('counts only guards that read the tenant parameter', async () => {
    const app = await createApp(framework, { strict: true })
    const path = (name: string) => `/${name}/:tenantId/o/:orgId`
    const other = { tenantParam: 'orgId' }
    const guards = {
      other: app.requireTenant(other),
      elsewhere: app.requireRole('admin', { getTenantId: () => 't1' }),
      same: app.requireTenant({ tenantParam: 'tenantId' }),
    }
    for (const [name, preHandler] of Object.entries(guards)) app.get(path(name), { preHandler }, ok)
    app.get(path('config'), { config: { tenantry: { tenant: true, ...other } } }, ok)
    await inside(app, async (inner) => {
      inner.addHook('onRequest', inner.requireTenant(other))
      inner.get(path('inner'), ok)
      await inside(inner, async (both) => {
        both.addHook('onRequest', both.requireTenant())
        both.get(path('both'), ok)
      })
    })
    await expect(listen(app)).rejects.toThrow(
      `tenant of ${['other', 'elsewhere', 'config', 'inner'].map((name) => `GET ${path(name)}`).join(', ')}.`,
    )
  })

  it('follows the hooks of instances as Fastify does, in whatever order they are given', async () => {
    const app = await createApp(framework)
    await inside(app, async (before) => {
      before.get('/before/:tenantId', ok)
      before.addHook('preHandler', before.requireTenant())
      await inside(before, async (inner) => {
        inner.get('/inner/:tenantId', ok)
      })
    })
    await inside(app, async (sibling) => {
      sibling.get('/sibling/:tenantId', ok)
    })
    await app.ready()
    const url = await listen(app)
    for (const { path, guarded } of auditRoutes(app)) {
      const { status } = await get(`${url}${path.replace(':tenantId', 'acme')}`)
      expect(`${path} ${status}`).toBe(`${path} ${guarded ? 401 : 200}`)
    }
    expect(auditRoutes(app).filter(({ guarded }) => !guarded)).toEqual([
      { method: 'GET', path: '/sibling/:tenantId', guarded: false },
    ])
  })

  it('a hook that is given after the routes and instances counts for them, as it runs for them', async () => {
    const app = await createApp(framework, { strict: true })
    app.get('/here/:tenantId', ok)
    await inside(app, async (inner) => {
      inner.get('/inner/:tenantId', ok)
    })
    app.addHook('onRequest', app.requireTenant())
    const url = await listen(app)
    expect((await get(`${url}/here/acme`)).status).toBe(401)
    expect((await get(`${url}/inner/acme`)).status).toBe(401)
  })

  it('a guard behind another hook of the route does not count: that one might answer', async () => {
    const app = await createApp(framework)
    const answers: onRequestAsyncHookHandler = async (_request, reply) => reply.send('reached')
    const guard = app.requireTenant()
    const tenantry = { tenant: true } as const
    const open = {
      same: { preHandler: [answers, guard] },
      earlier: { onRequest: answers, preHandler: guard },
      declared: { preValidation: [answers], config: { tenantry } },
    }
    for (const [name, options] of Object.entries(open)) app.get(`/${name}/:tenantId`, options, ok)
    await inside(app, async (inner) => {
      inner.addHook('preHandler', inner.requireTenant())
      inner.get('/inner/:tenantId', { onRequest: [answers] }, ok)
    })
    const url = await listen(app)
    const paths = [...Object.keys(open), 'inner'].map((name) => `/${name}/:tenantId`)
    expect(auditRoutes(app)).toEqual(paths.map((path) => ({ method: 'GET', path, guarded: false })))
    for (const path of paths) {
      expect(await (await get(`${url}${path.replace(':tenantId', 'evil')}`)).text()).toBe('reached')
    }
  })

  it('a parser of the body before the guard may answer too', async () => {
    const app = await createApp(framework, { strict: true })
    const preParsing = async () => undefined
    app.post('/late/:tenantId', { preParsing, preHandler: app.requireTenant() }, ok)
    app.post('/early/:tenantId', { onRequest: app.requireTenant(), preParsing }, ok)
    await expect(listen(app)).rejects.toThrow('tenant of POST /late/:tenantId.')
  })

  it('usual set-ups count: later hooks, bodies and schemas, and hooks that plugins add', async () => {
    const app = await createApp(framework, { strict: true })
    const later = async () => {}
    // As plugins for CORS and the like do, and as those do that put a hook on every route.
    const limit = async () => {}
    app.addHook('onRequest', limit)
    app.addHook('onRoute', (options) => {
      options.onRequest = [...[options.onRequest ?? []].flat(), limit]
    })
    const guard = app.requireTenant()
    const schema = { body: { type: 'object' } }
    app.get('/first/:tenantId', { preHandler: [app.requireAuth(), guard, later] }, ok)
    app.post('/body/:tenantId', { schema, preHandler: guard }, ok)
    app.post('/both/:tenantId', { onRequest: [guard, later], preHandler: later }, ok)
    const tenantry = { role: 'admin' } as const
    app.put('/declared/:tenantId', { preHandler: later, onSend: later, config: { tenantry } }, ok)
    await inside(app, async (inner) => {
      inner.addHook('onRequest', inner.requireTenant())
      inner.get('/inner/:tenantId', { onRequest: later, preValidation: later }, ok)
    })
    await app.ready()
    expect(auditRoutes(app).filter(({ guarded }) => !guarded)).toEqual([])
    expect(auditRoutes(app)).toHaveLength(5)
  })

  it('throws where the plugin is not', () => {
    expect(() => auditRoutes(framework())).toThrow('await app.register(tenantry, { verifier })')
  })
})

describe.each(frameworks)('%s: strict', (_name, framework) => {
  it('refuses to start with a route that has a tenant and no guard, and names it', async () => {
    const app = await createApp(framework, { strict: true })
    app.get('/t/:tenantId/a', { preHandler: app.requireTenant() }, ok)
    app.post('/t/:tenantId/b', ok)
    await expect(listen(app)).rejects.toMatchObject({
      name: 'ConfigurationError',
      code: 'option_invalid',
      message: expect.stringContaining('POST /t/:tenantId/b'),
    })
  })

  it('a public GET route does not make a HEAD route public', async () => {
    const app = await createApp(framework, { strict: true })
    app.head('/t/:tenantId', ok)
    app.get('/t/:tenantId', { config: { tenantry: 'public' } }, ok)
    await expect(listen(app)).rejects.toThrow('tenant of HEAD /t/:tenantId.')
  })

  it('a guard in one plugin does not protect a sibling', async () => {
    const app = await createApp(framework, { strict: true })
    await inside(app, async (one) => {
      one.addHook('preHandler', one.requireTenant())
      one.get('/one/:tenantId', ok)
    })
    await inside(app, async (two) => {
      two.get('/two/:tenantId', ok)
    })
    await expect(listen(app)).rejects.toThrow('GET /two/:tenantId')
  })

  it('with getTenantId for all says how a guard reads the parameter', async () => {
    const app = await createApp(framework, { strict: true, getTenantId: () => 'acme' })
    app.get('/a/:tenantId', { preHandler: app.requireTenant() }, ok)
    await expect(Promise.resolve(app.ready())).rejects.toThrow(
      "app.requireTenant({ tenantParam: 'tenantId' })",
    )
    const own = await createApp(framework, { strict: true, getTenantId: () => 'acme' })
    own.get('/a/:tenantId', { preHandler: own.requireTenant({ tenantParam: 'tenantId' }) }, ok)
    await own.ready()
  })

  it('starts when every route has a guard or says that it has none', async () => {
    const app = await createApp(framework, { strict: true, tenantParam: 'org' })
    app.get('/health', ok)
    app.get('/:org/a', { config: { tenantry: { role: 'admin' } } }, ok)
    app.get('/:org/b', { config: { tenantry: 'public' } }, ok)
    app.get('/c/:tenantId', ok)
    const url = await listen(app)
    expect((await get(`${url}/acme/a`)).status).toBe(401)
    expect((await get(`${url}/acme/b`)).status).toBe(200)
  })

  it('refuses to serve a route with a tenant that was there before the plugin', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    const app = framework({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    app.get('/:tenantId', async () => 'reached')
    app.get('/public/:tenantId', { config: { tenantry: 'public' } }, async () => 'fine')
    await app.register(tenantry, { verifier, strict: true })
    const url = await listen(app)
    expect(await refusal(await get(`${url}/acme`, await tokenFor({ acme: [] })))).toBe(
      '500 option_invalid',
    )
    expect(await (await get(`${url}/public/acme`)).text()).toBe('fine')
    expect(warn.mock.calls[0]?.[0]).toContain('GET /:tenantId was defined before')
  })
})

describe.each(frameworks)('%s: where no route matches', (_name, framework) => {
  it('guards in onRequest deny cleanly', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    const app = await createApp(framework)
    app.addHook('onRequest', app.requireTenant())
    app.get('/:tenantId', ok)
    const url = await listen(app)
    expect(await refusal(await get(`${url}/no/such/route`))).toBe('401 credentials_missing')
    const token = await tokenFor({ acme: [] })
    expect(await refusal(await get(`${url}/no/such/route`, token))).toBe('500 tenant_unresolved')
    expect((await get(`${url}/acme`, token)).status).toBe(200)
  })

  it('a guard of the tenant on the whole application answers 500, /health too', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    const app = await createApp(framework)
    app.addHook('preHandler', app.requireTenant())
    app.get('/health', ok)
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    expect(await refusal(await get(`${url}/health`, token))).toBe('500 tenant_unresolved')
    expect(await refusal(await get(`${url}/nothing`, token))).toBe('500 tenant_unresolved')
  })

  it('requireAuth in onRequest leaves the 404 to those with a token', async () => {
    const app = await createApp(framework, { strict: true })
    app.addHook('onRequest', app.requireAuth())
    const url = await listen(app)
    expect((await get(`${url}/nothing`)).status).toBe(401)
    expect((await get(`${url}/nothing`, await tokenFor({}))).status).toBe(404)
  })
})

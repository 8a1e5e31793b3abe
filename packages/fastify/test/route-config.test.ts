import { createVerifier, defineRoles } from '@tenantry/core'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RouteConfig } from '../src/index.ts'
import { getAuth, tenantry } from '../src/index.ts'
import {
  createApp,
  frameworks,
  get,
  inside,
  issuer,
  listen,
  refusal,
  tokenFor,
  verifier,
} from './frameworks.ts'

const roles = defineRoles({ viewer: { permissions: ['read'] }, admin: { inherits: ['viewer'] } })
const modelled = createVerifier({ keys: issuer.keys, roles })

describe.each(frameworks)('%s: config.tenantry of a route', (_name, framework) => {
  it('is a guard', async () => {
    const app = await createApp(framework, { verifier: modelled })
    const configs: Record<string, RouteConfig> = {
      auth: { auth: true },
      tenant: { tenant: true },
      role: { role: 'admin' },
      any: { anyRole: ['admin', 'viewer'] },
      all: { allRoles: ['admin', 'viewer'] },
      permission: { permission: 'read' },
      require: { require: { exactly: 'viewer' } },
    }
    for (const [name, config] of Object.entries(configs)) {
      app.get(`/${name}/:tenantId`, { config: { tenantry: config } }, async () => 'ok')
    }
    const url = await listen(app)
    const answers = async (token?: string) =>
      Promise.all(
        Object.keys(configs).map(async (name) => (await get(`${url}/${name}/acme`, token)).status),
      )
    expect(await answers()).toEqual(Array(7).fill(401))
    expect(await answers(await tokenFor({}))).toEqual([200, 403, 403, 403, 403, 403, 403])
    expect(await answers(await tokenFor({ acme: ['viewer'] }))).toEqual([
      200, 200, 403, 200, 403, 200, 200,
    ])
    expect(await answers(await tokenFor({ acme: ['admin'] }))).toEqual([
      200, 200, 200, 200, 200, 200, 403,
    ])
  })

  it('takes options, and optional', async () => {
    const app = await createApp(framework)
    const tenantry: RouteConfig = { role: 'admin', tenantParam: 'org', hideTenants: true }
    app.get('/:org', { config: { tenantry } }, async (request) => getAuth(request).tenantId)
    app.get(
      '/',
      { config: { tenantry: { optional: true } } },
      async (request) => request.auth?.userId ?? 0,
    )
    const url = await listen(app)
    const token = await tokenFor({ acme: ['admin'] })
    expect(await (await get(`${url}/acme`, token)).text()).toBe('acme')
    expect(await refusal(await get(`${url}/evil`, token))).toBe('404 not_found')
    expect(await (await get(url)).json()).toBe(0)
    expect(await (await get(url, token)).json()).toBe(1)
  })

  it('comes before the other handlers of the route, and after the body was read', async () => {
    const app = await createApp(framework)
    const order: string[] = []
    const own = async () => void order.push('preHandler')
    const config = { tenantry: { tenant: true } } as const
    app.post('/:tenantId', { config, preHandler: own }, async () => 'ok')
    app.get('/:tenantId', { config, preHandler: [own, own] }, async () => 'ok')
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ tenantId: 'evil' })
    const response = await get(`${url}/acme`, token, { method: 'POST', headers, body })
    expect(await refusal(response)).toBe('400 tenant_conflict')
    await get(`${url}/acme`)
    expect(order).toEqual([])
    await get(`${url}/acme`, token)
    expect(order).toEqual(['preHandler', 'preHandler'])
  })

  it('stands before both forms of a route at the root of a prefix', async () => {
    const app = await createApp(framework)
    await inside(
      app,
      async (inner) => {
        inner.get('/', { config: { tenantry: { tenant: true } } }, async () => 'ok')
      },
      '/t/:tenantId',
    )
    const url = await listen(app)
    expect((await get(`${url}/t/acme`)).status).toBe(401)
    expect((await get(`${url}/t/acme/`)).status).toBe(401)
    expect((await get(`${url}/t/acme/`, await tokenFor({ acme: [] }))).status).toBe(200)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['false', false],
    ['another word', 'open'],
    ['no demand', {}],
    ['options alone', { hideTenants: true }],
    ['two demands', { role: 'admin', tenant: true }],
    ['a flag that is false', { auth: false }],
    ['an unknown key', { role: 'admin', tenantparam: 'x' }],
    ['a role that is undefined', { role: undefined }],
    ['a role that is a list', { role: ['admin'] }],
    ['an empty list', { anyRole: [] }],
    ['a list that is a word', { allRoles: 'admin' }],
    ['an unknown role', { role: 'adminn' }],
    ['a misspelled demand', { roles: 'admin' }],
    ['an option that is undefined', { role: 'admin', maxTokenAge: undefined }],
  ])('with %s the route is not defined', async (_what, config) => {
    const app = await createApp(framework, { verifier: modelled })
    expect(() => {
      app.get('/:tenantId', { config: { tenantry: config as RouteConfig } }, async () => 'ok')
    }).toThrow(expect.objectContaining({ name: 'ConfigurationError' }))
  })

  it('is refused, never ignored, on a route that was there before the plugin', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    const app = framework({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    const hurried = app.register(tenantry, { verifier })
    app.get('/config/:tenantId', { config: { tenantry: { role: 'admin' } } }, async () => 'reached')
    app.get('/health', async () => 'fine')
    await hurried
    const url = await listen(app)
    const response = await get(`${url}/config/acme`, await tokenFor({ acme: ['admin'] }))
    expect(await refusal(response)).toBe('500 option_invalid')
    expect(await (await get(`${url}/health`)).text()).toBe('fine')
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining('await app.register(tenantry'),
      expect.anything(),
    )
  })

  it('is refused, never ignored, on an instance that was there before the plugin', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    const app = framework({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    const instances: FastifyInstance[] = []
    await app.register(async (one) => void instances.push(one), { prefix: '/one' })
    // There is no route yet, and this one does not tell the plugin of those that it gets.
    await app.register(tenantry, { verifier, strict: true })
    for (const one of instances) {
      one.get('/config/:id', { config: { tenantry: { auth: true } } }, async () => 'reached')
      one.get('/open/:tenantId', async () => 'reached')
    }
    const url = await listen(app)
    for (const path of ['config/1', 'open/acme']) {
      const response = await get(`${url}/one/${path}`, await tokenFor({ acme: ['admin'] }))
      expect(await refusal(response)).toBe('500 option_invalid')
    }
  })

  it.each<[string, object, (config: object) => object]>([
    ['in a config of its own', {}, () => ({ tenantry: { role: 'admin' } })],
    ['in the config that is there', {}, (config) => ({ ...config, tenantry: { role: 'admin' } })],
    [
      'in the place of another',
      { tenantry: { role: 'admin' } },
      (config) => ({ ...config, tenantry: { role: 'owner' } }),
    ],
  ])(
    'stops the start when a later hook puts it %s, where no guard is made of it',
    async (_, config, change) => {
      const app = await createApp(framework)
      app.addHook('onRoute', (route) => {
        route.config = change(route.config ?? {})
      })
      app.get('/late/:tenantId', { config }, async () => 'reached')
      await expect(Promise.resolve(app.ready())).rejects.toMatchObject({
        code: 'option_invalid',
        message: expect.stringContaining('config.tenantry of GET /late/:tenantId'),
      })
    },
  )

  it('may be copied, or made public, by a later hook', async () => {
    const app = await createApp(framework, { strict: true })
    app.addHook('onRoute', (route) => {
      const copy = route.url.startsWith('/open') ? 'public' : { role: 'admin' }
      route.config = { ...route.config, tenantry: copy }
    })
    app.get('/copied/:tenantId', { config: { tenantry: { role: 'admin' } } }, async () => 'ok')
    app.get('/open/:tenantId', async () => 'ok')
    const url = await listen(app)
    expect((await get(`${url}/copied/acme`)).status).toBe(401)
    expect((await get(`${url}/open/acme`)).status).toBe(200)
  })

  it('does not depend on whether routes with constraints of their own can be printed', async () => {
    const version = {
      name: 'version',
      storage: () => {
        const versions = new Map<unknown, never>()
        return {
          get: (version: unknown) => versions.get(version) ?? null,
          set: (version: unknown, route: never) => void versions.set(version, route),
        }
      },
      deriveConstraint: ({ headers }: { headers: object }) =>
        Number(Reflect.get(headers, 'accept-version')),
      validate: () => undefined,
    }
    // Fastify's types know constraints that are strings only.
    const constraints = { constraints: { version } } as unknown as FastifyServerOptions
    const app = framework(
      _name === 'Fastify 5'
        ? ({ routerOptions: constraints } as FastifyServerOptions)
        : constraints,
    )
    onTestFinished(() => app.close())
    app.get('/old', { constraints: { version: 1 as unknown as string } }, async () => 'old')
    await app.register(tenantry, { verifier })
    app.get('/new/:tenantId', { config: { tenantry: { role: 'admin' } } }, async () => 'new')
    const answers = await Promise.all([
      app.inject({ url: '/old', headers: { 'accept-version': '1' } }),
      app.inject('/new/acme'),
    ])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 401])
  })

  it('costs a request no hook when nothing was there before the plugin', async () => {
    const app = await createApp(framework)
    app.get('/config/:tenantId', { config: { tenantry: { role: 'admin' } } }, async () => 'ok')
    await app.ready()
    const hooks = app.printRoutes({ includeHooks: true })
    expect(hooks).toContain('preHandler')
    expect(hooks).not.toContain('onRequest')
  })
})

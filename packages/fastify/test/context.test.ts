import { PassThrough, Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { currentAuth, currentTenantId } from '@tenantry/core/context'
import type { FastifyRequest, preHandlerHookHandler } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { getAuth, tenantry } from '../src/index.ts'
import { createApp, frameworks, get, listen, tokenFor, verifier } from './frameworks.ts'

describe.each(frameworks)('%s: the current tenant', (_name, framework) => {
  it('is known in the handler, its promises, its timers and onSend', async () => {
    const app = await createApp(framework)
    app.addHook(
      'onSend',
      async (_request, reply) => void reply.header('x-on-send', currentTenantId()),
    )
    app.get('/:tenantId', { preHandler: app.requireTenant() }, async () => {
      const tenants = [currentTenantId()]
      await delay(1)
      tenants.push(currentTenantId())
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          tenants.push(currentTenantId())
          resolve()
        })
      })
      return tenants
    })
    const response = await get(`${await listen(app)}/acme`, await tokenFor({ acme: [] }))
    expect(await response.json()).toEqual(['acme', 'acme', 'acme'])
    expect(response.headers.get('x-on-send')).toBe('acme')
  })

  it('is known while a stream is read', async () => {
    const app = await createApp(framework)
    app.get('/:tenantId', { preHandler: app.requireTenant() }, (_request, reply) => {
      async function* lines() {
        for (let line = 0; line < 3; line++) {
          await delay(1)
          yield `${currentTenantId()}\n`
        }
      }
      void reply.send(Readable.from(lines()))
    })
    const response = await get(`${await listen(app)}/acme`, await tokenFor({ acme: [] }))
    expect(await response.text()).toBe('acme\nacme\nacme\n')
  })

  it.each(['onRequest', 'preValidation', 'preHandler'] as const)(
    'is known behind a guard in %s, when a body comes in parts',
    async (hook) => {
      const app = await createApp(framework)
      app.post('/:tenantId', { [hook]: app.requireTenant() }, async (request) => ({
        current: currentTenantId(),
        isSame: currentAuth() === getAuth(request),
        body: request.body,
      }))
      const body = new PassThrough()
      const url = await listen(app)
      const headers = { 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: Readable.toWeb(body), duplex: 'half' }
      const response = get(`${url}/acme`, await tokenFor({ acme: [] }), init as RequestInit)
      for (const part of ['{"a"', ':1', '}']) {
        await delay(10)
        body.write(part)
      }
      body.end()
      expect(await (await response).json()).toEqual({
        current: 'acme',
        isSame: true,
        body: { a: 1 },
      })
    },
  )

  it.each(['/early/acme', '/nowhere'])(
    'is the own one in %s, a route that the plugin has not seen or none',
    async (path) => {
      const app = framework({ forceCloseConnections: true })
      onTestFinished(() => app.close())
      const current = async () => currentTenantId()
      app.get('/early/:tenantId', current)
      app.setNotFoundHandler(current)
      await app.register(tenantry, {
        verifier,
        getTenantId: (request) => request.headers['x-tenant'],
      })
      app.addHook('onRequest', app.requireTenant())
      const waiting: (() => void)[] = []
      app.addHook('preParsing', (_request, _reply, _payload, done) => {
        waiting.push(() => done(null))
        if (waiting.length === 2) for (const goOn of waiting) goOn()
      })
      const url = await listen(app)
      const token = await tokenFor({ acme: [], evil: [] })
      const answers = ['acme', 'evil'].map(async (tenant) =>
        (await get(`${url}${path}`, token, { headers: { 'x-tenant': tenant } })).text(),
      )
      expect(await Promise.all(answers)).toEqual(['acme', 'evil'])
    },
  )

  it('is the own one behind onRequest, when hooks go on from the context of another request', async () => {
    const app = await createApp(framework)
    const waiting: (() => void)[] = []
    app.addHook('preParsing', (_request, _reply, _payload, done) => {
      waiting.push(() => done(null))
      if (waiting.length === 2) for (const goOn of waiting) goOn()
    })
    app.get('/:tenantId', { onRequest: app.requireTenant() }, async () => currentTenantId())
    const url = await listen(app)
    const token = await tokenFor({ acme: [], evil: [] })
    const answers = ['acme', 'evil'].map(async (tenant) =>
      (await get(`${url}/${tenant}`, token)).text(),
    )
    expect(await Promise.all(answers)).toEqual(['acme', 'evil'])
  })

  it.each(['requireTenant', 'optionalAuth'] as const)(
    'is the own one behind %s in preHandler, when a preHandler goes on from another request',
    async (name) => {
      const app = await createApp(framework)
      const waiting: (() => void)[] = []
      const together: preHandlerHookHandler = (_request, _reply, done) => {
        waiting.push(() => done())
        if (waiting.length === 2) for (const goOn of waiting) goOn()
      }
      const handler = async () => currentAuth()?.tenantId ?? 'none'
      app.get('/t/:tenantId', { preHandler: [app.requireTenant(), together] }, handler)
      app.get('/o/:tenantId', { preHandler: [app[name](), together] }, handler)
      const url = await listen(app)
      const token = await tokenFor({ acme: [], evil: [] })
      const isOptional = name === 'optionalAuth'
      const answers = await Promise.all([
        get(`${url}/o/acme`, isOptional ? undefined : token),
        get(`${url}/t/evil`, token),
      ])
      expect(await Promise.all(answers.map((response) => response.text()))).toEqual([
        isOptional ? 'none' : 'acme',
        'evil',
      ])
    },
  )

  it('is none without a tenant guard, nor in the next request of a connection', async () => {
    const app = await createApp(framework)
    app.get('/tenants/:tenantId', { preHandler: app.requireTenant() }, async () => 'ok')
    app.get('/auth', { preHandler: app.requireAuth() }, async () => currentTenantId())
    app.get('/open', async () => String(currentAuth()))
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    await get(`${url}/tenants/acme`, token)
    expect(await (await get(`${url}/open`, token)).text()).toBe('undefined')
    expect((await get(`${url}/auth`, token)).status).toBe(401)
  })

  it('is the own one of each of 1000 requests of 50 tenants at once', async () => {
    const app = await createApp(framework)
    app.post('/on-request/:tenantId', { onRequest: app.requireRole('admin') }, echo)
    app.post('/pre-handler/:tenantId', { preHandler: app.requireRole('admin') }, echo)
    async function echo(request: FastifyRequest) {
      const before = currentTenantId()
      await delay(Math.random() * 5)
      const { tenantId, userId } = getAuth(request)
      return { tenants: [before, currentTenantId(), tenantId, request.auth?.tenantId], userId }
    }
    const url = await listen(app)
    const tenants = Array.from({ length: 50 }, (_, index) => `tenant-${index}`)
    const tokens = await Promise.all(
      tenants.map((tenant, userId) => tokenFor({ [tenant]: ['admin'] }, { userId })),
    )
    const wrong: unknown[] = []
    const ask = async (number: number) => {
      const tenantId = tenants[number % 50]
      const path = number % 3 === 0 ? 'on-request' : 'pre-handler'
      const response = await get(`${url}/${path}/${tenantId}`, tokens[number % 50], {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ tenantId, padding: 'x'.repeat((number % 7) * 3000) }),
      })
      const seen: unknown = await response.json()
      const expected = { tenants: Array(4).fill(tenantId), userId: number % 50 }
      if (JSON.stringify(seen) !== JSON.stringify(expected)) wrong.push(seen)
    }
    await Promise.all(Array.from({ length: 1000 }, (_, number) => ask(number)))
    expect(wrong).toEqual([])
  }, 60_000)
})

/** The tenant of a request stays its own, whatever else is going on. */
import { AsyncResource } from 'node:async_hooks'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { PassThrough } from 'node:stream'
import { currentAuth, currentTenantId, runWithAuth } from '@tenantry/core/context'
import { createGuard, getAuth } from '@tenantry/express'
import { describe, expect, test } from 'vitest'
import { versions } from './support/express-versions.ts'
import { serve } from './support/serve.ts'
import { tokenOf, verifier } from './support/tokens.ts'

describe.each(versions)('$name', ({ express }) => {
  const guard = createGuard({ verifier })

  test('the rest of the request is inside of the tenant, its body too', async () => {
    const app = express()
    app.post('/t/:tenantId', guard.requireTenant(), express.json(), async (req, res) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      res.json({ current: currentTenantId(), same: currentAuth() === req.auth, body: req.body })
    })
    const { get } = await serve(app)
    const answer = await get('/t/acme', await tokenOf({ acme: [] }), {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    })
    expect(JSON.parse(answer.text)).toEqual({ current: 'acme', same: true, body: { a: 1 } })
  })

  test('somebody anonymous, and somebody without a tenant, are in no tenant', async () => {
    const app = express()
    app.get('/', guard.optionalAuth(), (req, res) => {
      res.json({ auth: req.auth === undefined, tenant: currentAuth()?.tenantId === undefined })
    })
    const { get } = await serve(app)
    expect(JSON.parse((await get('/')).text)).toEqual({ auth: true, tenant: true })
    expect(JSON.parse((await get('/', await tokenOf({ acme: [] }))).text)).toEqual({
      auth: false,
      tenant: true,
    })
  })

  test('somebody anonymous leaves the context that the request came from', async () => {
    const app = express()
    app.get('/', guard.optionalAuth(), (_req, res) => {
      res.json({ tenant: currentAuth()?.tenantId ?? null })
    })
    const { get } = await serve((req, res) => {
      void runWithAuth({ tenantId: 'stale' }, () => app(req, res))
    })
    expect((await get('/')).text).toBe('{"tenant":null}')
  })

  test('a body that comes later is in no tenant, unless its listener is bound or it is awaited', async () => {
    const current = () => currentAuth()?.tenantId ?? 'none'
    const app = express()
    /** Called when a handler is listening: the client sends the body then. */
    let listening = () => {}
    app.post('/listened/:tenantId', guard.requireTenant(), (req, res) => {
      const seen = new Set<string>()
      req.on('data', () => seen.add(`data ${current()}`))
      req.on(
        'data',
        AsyncResource.bind(() => seen.add(`bound ${current()}`)),
      )
      req.on('end', () => res.json([...seen, `end ${current()}`]))
      listening()
    })
    app.post('/piped/:tenantId', guard.requireTenant(), (req, res) => {
      const seen = new Set<string>()
      const piped = req.pipe(new PassThrough())
      piped.on('data', () => seen.add(`data ${current()}`))
      piped.on('end', () => res.json([...seen, `end ${current()}`]))
      listening()
    })
    app.post('/awaited/:tenantId', guard.requireTenant(), async (req, res) => {
      const seen = new Set<string>()
      setImmediate(() => listening())
      for await (const _ of req) seen.add(`chunk ${current()}`)
      res.json([...seen, `end ${current()}`])
    })
    const { port } = await serve(app)
    const token = await tokenOf({ acme: [] })

    async function post(path: string): Promise<unknown> {
      const headers = { authorization: `Bearer ${token}` }
      const options = { port, host: '127.0.0.1', method: 'POST', path: `${path}/acme`, headers }
      const sent = httpRequest(options)
      const heard = new Promise<void>((resolve) => {
        listening = resolve
      })
      sent.flushHeaders()
      await heard
      sent.end('a body')
      const [response] = await once(sent, 'response')
      let text = ''
      for await (const chunk of response) text += String(chunk)
      return JSON.parse(text)
    }

    expect(await post('/listened')).toEqual(['data none', 'bound acme', 'end none'])
    expect(await post('/piped')).toEqual(['data none', 'end none'])
    expect(await post('/awaited')).toEqual(['chunk acme', 'end acme'])
  })

  test('1,000 requests of 50 tenants at a time each see their own', {
    timeout: 60_000,
  }, async () => {
    const app = express()
    app.use(guard.requireAuth(), express.json())
    app.post('/t/:tenantId', guard.requireRole('viewer'), async (req, res) => {
      const before = currentTenantId()
      await new Promise((resolve) => setTimeout(resolve, Number(req.body.wait)))
      const seen = [before, currentTenantId(), req.auth?.tenantId, getAuth(req).tenantId]
      res.json({ seen: [...new Set(seen)], body: req.body.tenant })
    })
    const { get } = await serve(app)
    const tenants = Array.from({ length: 50 }, (_, index) => `tenant-${index}`)
    const tokens = await Promise.all(tenants.map((tenant) => tokenOf({ [tenant]: ['viewer'] })))
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const tenant = `tenant-${index % 50}`
        const answer = await get(`/t/${tenant}`, tokens[index % 50], {
          method: 'POST',
          body: JSON.stringify({ tenant, wait: index % 7 }),
          headers: { 'content-type': 'application/json' },
        })
        return { tenant, answer: JSON.parse(answer.text) }
      }),
    )
    const wrong = answers.filter(
      ({ tenant, answer }) => answer.body !== tenant || String(answer.seen) !== tenant,
    )
    expect(wrong).toEqual([])
  })
})

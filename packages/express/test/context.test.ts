/** The tenant of a request stays its own, whatever else is going on. */
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

/** `strict`: a route with a tenant and without a guard cannot be defined on `guard.router()`. */
import { createGuard } from '@tenantry/express'
import type { RequestHandler } from 'express'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { versions } from './support/express-versions.ts'
import { serve } from './support/serve.ts'
import { tokenOf, verifier } from './support/tokens.ts'

const handler: RequestHandler = (req, res) => {
  res.json({ tenantId: req.auth?.tenantId })
}

describe.each(versions)('$name', ({ express }) => {
  const guard = createGuard({ verifier, strict: true })

  test('a route without a guard throws where it is defined', () => {
    const router = guard.router(express.Router())
    expect(() => router.get('/t/:tenantId', handler)).toThrow(
      /^GET \/t\/:tenantId names a tenant and has no guard .* Begin with guard\.requireTenant\(\)/,
    )
    expect(() => router.all('/t/:tenantId', handler)).toThrow(/^ALL /)
    expect(() =>
      router.route('/t/:tenantId').get(guard.requireTenant(), handler).post(handler),
    ).toThrow(/^POST /)
    expect(() => router.get('/a/:tenantId', guard.requireAuth(), handler)).toThrow(/no guard/)
  })

  test('one with a guard does not, nor one behind a guard, nor one without a tenant', async () => {
    const router = guard.router(express.Router())
    router.get('/health', handler)
    router.get('/t/:tenantId', guard.requireTenant(), handler)
    router.route('/r/:tenantId').all(guard.requireTenant()).get(handler).put(handler)
    router.use('/u/:tenantId', guard.requireTenant())
    router.get('/u/:tenantId/x', handler)
    const app = express()
    app.use(router)
    const { get } = await serve(app)
    const token = await tokenOf({ acme: [] })
    for (const path of ['/t/acme', '/r/acme', '/u/acme/x']) {
      expect((await get(path, token)).text).toBe('{"tenantId":"acme"}')
      expect((await get(path)).status).toBe(401)
    }
    expect((await get('/health')).status).toBe(200)
  })

  test('a parser ahead of the guard is named as what is in the way', () => {
    const router = guard.router(express.Router())
    expect(() =>
      router.post('/t/:tenantId', express.json(), guard.requireTenant(), handler),
    ).toThrow('no guard before its first handler (a parser counts as one: mount it with app.use)')
  })

  test('a guard that has to read the parameter again is told so', () => {
    const byHost = createGuard({ verifier, strict: true, getTenantId: (req) => req.hostname })
    const router = byHost.router(express.Router())
    expect(() => router.get('/t/:tenantId', byHost.requireTenant(), handler)).toThrow(
      "guard.requireTenant({ tenantParam: 'tenantId' })",
    )
    const own = byHost.requireTenant({ tenantParam: 'tenantId' })
    expect(() => router.get('/u/:tenantId', own, handler)).not.toThrow()
  })

  test('what is no router is refused, with strict and without', () => {
    for (const made of [guard, createGuard({ verifier })]) {
      for (const odd of [{ mergeParams: true }, null, 'router', express(), express.Router]) {
        expect(() => Reflect.apply(made.router, made, [odd])).toThrow(
          expect.objectContaining({
            code: 'option_invalid',
            message: expect.stringContaining('express.Router({ mergeParams: true })'),
          }),
        )
      }
    }
  })

  test('the name of the parameter is that of the guard', () => {
    const byOrg = createGuard({ verifier, strict: true, tenantParam: 'org' })
    expect(() => byOrg.router(express.Router()).get('/o/:org', handler)).toThrow(/no guard/)
    expect(() => byOrg.router(express.Router()).get('/o/:tenantId', handler)).not.toThrow()
  })

  test('without strict it is a router like any other', () => {
    const router = express.Router()
    expect(createGuard({ verifier }).router(router)).toBe(router)
    expect(() => router.get('/t/:tenantId', handler)).not.toThrow()
  })

  test('a router that is not given has mergeParams', async () => {
    const router = guard.router()
    router.get('/x', guard.requireTenant(), handler)
    const app = express()
    app.use('/t/:tenantId', router)
    const answer = await (await serve(app)).get('/t/acme/x', await tokenOf({ acme: [] }))
    expect(answer.text).toBe('{"tenantId":"acme"}')
  })

  test('one that is given stays as it is, without the parameters around it', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    const router = guard.router(express.Router())
    router.get('/x', guard.requireTenant(), handler)
    const app = express()
    app.use('/t/:tenantId', router)
    const answer = await (await serve(app)).get('/t/acme/x', await tokenOf({ acme: [] }))
    expect(answer.code).toBe('tenant_unresolved')
  })
})

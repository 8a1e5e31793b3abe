/** Where the tenant comes from, and what happens when there is none, an odd one, or two. */
import { connect } from 'node:net'
import { bearer, cookie, createGuard } from '@tenantry/express'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { describe, expect, test, vi } from 'vitest'
import { versions } from './support/express-versions.ts'
import { serve } from './support/serve.ts'
import { tokenOf, verifier } from './support/tokens.ts'

const tenant: RequestHandler = (req, res) => {
  res.json({ tenantId: req.auth?.tenantId })
}

/** The warnings that Node prints, which tests look at instead. */
function warnings(): string[] {
  const seen: string[] = []
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    seen.push(String(warning))
  })
  return seen
}

describe.each(versions)('$name', ({ express }) => {
  const guard = createGuard({ verifier })

  test.each([
    ['/t/acme', 200, undefined],
    ['/t/%61cme', 200, undefined],
    ['/t/ACME', 403, 'tenant_forbidden'],
    ['/t/__proto__', 403, 'tenant_forbidden'],
    ['/t/constructor', 403, 'tenant_forbidden'],
    ['/t/acme%2Fevil', 400, 'tenant_invalid'],
    ['/t/acme%252Fevil', 400, 'tenant_invalid'],
    ['/t/%20acme', 400, 'tenant_invalid'],
    ['/t/acme%00', 400, 'tenant_invalid'],
    ['/t/acme.', 400, 'tenant_invalid'],
    [`/t/${'a'.repeat(65)}`, 400, 'tenant_invalid'],
    ['/t/acme?tenantId=acme', 200, undefined],
    ['/t/acme?tenantId=evil', 400, 'tenant_conflict'],
    ['/t/acme?tenantId=acme&tenantId=acme', 400, 'tenant_conflict'],
  ])('%s is %i', async (path, status, code) => {
    const app = express()
    app.get('/t/:tenantId', guard.requireTenant(), tenant)
    const answer = await (await serve(app)).get(path, await tokenOf({ acme: ['admin'] }))
    expect([answer.status, answer.code]).toEqual([status, code])
  })

  test('a path that cannot be decoded never reaches the handler', async () => {
    const app = express()
    app.get('/t/:tenantId', guard.requireTenant(), tenant)
    const received = await (await serve(app)).raw(['GET /t/%ff HTTP/1.1'])
    expect(received).toContain('HTTP/1.1 400 ')
  })

  test('the guide finds the tenant in the host name, and nobody where there is none', async () => {
    const byHost = createGuard({
      verifier,
      getTenantId: (req) => (req.hostname ?? '').split('.')[0],
    })
    const app = express()
    app.get('/', byHost.requireTenant(), tenant)
    const { port } = await serve(app)
    const ask = async (...lines: readonly string[]): Promise<string> => {
      const socket = connect(port, '127.0.0.1')
      const head = [
        'GET / HTTP/1.0',
        `Authorization: Bearer ${await tokenOf({ acme: [] })}`,
        ...lines,
      ]
      socket.write(`${head.join('\r\n')}\r\n\r\n`)
      let received = ''
      for await (const chunk of socket) received += String(chunk)
      return received
    }
    expect(await ask('Host: acme.example:3000')).toMatch(/200 OK.*"tenantId":"acme"/s)
    expect(await ask()).toMatch(/400 Bad Request.*"tenant_invalid"/s)
  })

  test('a body that names another tenant is a conflict', async () => {
    const app = express()
    app.post('/t/:tenantId', express.json(), guard.requireTenant(), tenant)
    const { get } = await serve(app)
    const token = await tokenOf({ acme: ['admin'], evil: ['admin'] })
    const post = async (body: unknown): Promise<unknown> =>
      (
        await get('/t/acme', token, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        })
      ).code
    expect(await post({ tenantId: 'acme' })).toBeUndefined()
    expect(await post({ tenantId: 'evil' })).toBe('tenant_conflict')
    expect(await post({ tenantId: null })).toBe('tenant_conflict')
    expect(await post([])).toBeUndefined()
  })

  test('a router with mergeParams has the tenant of the path that it is on', async () => {
    const router = express.Router({ mergeParams: true })
    router.get('/widgets', guard.requireRole('admin'), tenant)
    const app = express()
    app.use('/t/:tenantId', router)
    const answer = await (await serve(app)).get(
      '/t/acme/widgets',
      await tokenOf({ acme: ['admin'] }),
    )
    expect(answer.text).toBe('{"tenantId":"acme"}')
  })

  test('a router without mergeParams is refused, and the operator told once why', async () => {
    const seen = warnings()
    const router = express.Router()
    router.get('/widgets', guard.requireRole('admin'), tenant)
    const app = express()
    app.use('/t/:tenantId', router)
    const { get } = await serve(app)
    for (let times = 0; times < 3; times++) {
      const answer = await get('/t/acme/widgets', await tokenOf({ acme: ['admin'] }))
      expect([answer.status, answer.code]).toEqual([500, 'tenant_unresolved'])
      expect(answer.text).not.toContain('tenantId')
    }
    expect(seen).toEqual([expect.stringContaining('has no parameter ":tenantId"')])
    expect(seen[0]).toContain('use guard.router() or express.Router({ mergeParams: true })')
    // The route as it is written: the path of the request has the tenant in it.
    expect(seen[0]).toMatch(/ Seen on GET \/widgets\.$/)
    expect(seen[0]).not.toContain('acme')
  })

  test('a method that came out of a header is not written into the warning', async () => {
    const seen = warnings()
    const router = express.Router()
    router.all('/widgets', guard.requireTenant(), tenant)
    const app = express()
    app.use((req, _res, next) => {
      req.method = String(req.headers['x-http-method'])
      next()
    })
    app.use('/t/:tenantId', router)
    const { get } = await serve(app)
    const headers = { 'x-http-method': 'secret' }
    const answer = await get('/t/acme/widgets', await tokenOf({ acme: [] }), { headers })
    expect(answer.code).toBe('tenant_unresolved')
    expect(seen.join()).not.toContain('secret')
  })

  test('a guard on no path has no tenant, and refuses everything', async () => {
    const seen = warnings()
    const app = express()
    app.use(guard.requireTenant())
    app.get('/t/:tenantId', tenant)
    const answer = await (await serve(app)).get('/t/acme', await tokenOf({ acme: [] }))
    expect([answer.status, answer.code]).toEqual([500, 'tenant_unresolved'])
    expect(seen.join()).not.toContain('Seen on')
  })

  test('a guard on the path of a router, and one inside, may not see two tenants', async () => {
    const router = express.Router({ mergeParams: true })
    router.get('/copy/:tenantId', guard.requireTenant(), tenant)
    const app = express()
    app.use('/t/:tenantId', guard.requireTenant(), router)
    const { get } = await serve(app)
    const token = await tokenOf({ acme: ['admin'], other: ['admin'] })
    expect((await get('/t/acme/copy/acme', token)).text).toBe('{"tenantId":"acme"}')
    const answer = await get('/t/acme/copy/other', token)
    expect([answer.status, answer.code]).toEqual([400, 'tenant_conflict'])
  })

  test('tenantParam names another parameter, for all guards or for one', async () => {
    const byOrg = createGuard({ verifier, tenantParam: 'org' })
    const app = express()
    app.get('/orgs/:org', byOrg.requireTenant(), tenant)
    app.get('/teams/:team', byOrg.requireTenant({ tenantParam: 'team' }), tenant)
    const { get } = await serve(app)
    const token = await tokenOf({ acme: [] })
    expect((await get('/orgs/acme', token)).text).toBe('{"tenantId":"acme"}')
    expect((await get('/orgs/acme?tenantId=x', token)).status).toBe(200)
    expect((await get('/orgs/acme?org=x', token)).code).toBe('tenant_conflict')
    expect((await get('/teams/acme', token)).text).toBe('{"tenantId":"acme"}')
    expect((await get('/teams/evil', token)).code).toBe('tenant_forbidden')
  })

  test('getTenantId is the only source where it is given', async () => {
    const seen = warnings()
    const byHeader = createGuard({ verifier, getTenantId: (req) => req.get('x-tenant') })
    const app = express()
    app.get('/t/:tenantId', byHeader.requireTenant(), tenant)
    const { get } = await serve(app)
    const token = await tokenOf({ acme: [] })
    const as = async (value: string) =>
      await get('/t/evil?tenantId=evil', token, { headers: { 'x-tenant': value } })
    expect((await as('acme')).text).toBe('{"tenantId":"acme"}')
    expect((await as('evil')).code).toBe('tenant_forbidden')
    expect((await as('a b')).code).toBe('tenant_invalid')
    expect((await get('/t/acme', token)).code).toBe('tenant_unresolved')
    expect(seen).toEqual(['getTenantId found no tenant in a request. Seen on GET /t/:tenantId.'])
  })

  test('a getTenantId that throws is an error of the application', async () => {
    const failing = createGuard({
      verifier,
      getTenantId: () => {
        throw new Error('lookup failed')
      },
    })
    const app = express()
    app.get('/', failing.requireTenant(), tenant)
    const errors: unknown[] = []
    const onError: ErrorRequestHandler = (error, _req, res, _next) => {
      errors.push(error)
      res.status(418).end()
    }
    app.use(onError)
    expect((await (await serve(app)).get('/', await tokenOf({}))).status).toBe(418)
    expect(errors).toEqual([new Error('lookup failed')])
  })

  test('tenantIdPattern says what a tenant id looks like', async () => {
    const numbers = createGuard({ verifier, tenantIdPattern: /^\d{1,5}$/ })
    const app = express()
    app.get('/t/:tenantId', numbers.requireTenant(), tenant)
    const { get } = await serve(app)
    const token = await tokenOf({ '42': [], acme: [] })
    expect((await get('/t/42', token)).status).toBe(200)
    expect((await get('/t/acme', token)).code).toBe('tenant_invalid')
  })

  test('hideTenants answers as if the tenant did not exist, and a missing role as before', async () => {
    const hiding = createGuard({ verifier, hideTenants: true })
    const app = express()
    app.get('/t/:tenantId', hiding.requireRole('admin'), tenant)
    app.get('/open/:tenantId', hiding.requireRole('admin', { hideTenants: false }), tenant)
    const { get } = await serve(app)
    const stranger = await get('/t/acme', await tokenOf({}))
    expect([stranger.status, stranger.code]).toEqual([404, 'not_found'])
    expect(stranger.headers.get('www-authenticate')).toBeNull()
    expect((await get('/t/acme', await tokenOf({ acme: [] }))).status).toBe(403)
    expect((await get('/open/acme', await tokenOf({}))).status).toBe(403)
  })

  test('forbiddenStatus 401 is what Userfront shows, and realm is in every challenge', async () => {
    const other = createGuard({ verifier, forbiddenStatus: 401, realm: 'widgets' })
    const app = express()
    app.get('/t/:tenantId', other.requireRole('admin'), tenant)
    const { get } = await serve(app)
    const answer = await get('/t/acme', await tokenOf({ acme: [] }))
    expect([answer.status, answer.code]).toEqual([401, 'role_insufficient'])
    expect(answer.headers.get('www-authenticate')).toContain(
      'Bearer realm="widgets", error="insufficient_scope"',
    )
    const nobody = await get('/t/acme')
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="widgets"')
  })

  test('a token may come in a cookie, and two different ones may not', async () => {
    const both = createGuard({ verifier, credentials: [bearer(), cookie('access.demo1234')] })
    const app = express()
    app.get('/t/:tenantId', both.requireTenant(), tenant)
    const { get } = await serve(app)
    const token = await tokenOf({ acme: [] })
    const headers = { cookie: `a=b; access.demo1234=${token}` }
    expect((await get('/t/acme', undefined, { headers })).status).toBe(200)
    expect((await get('/t/acme', token, { headers })).status).toBe(200)
    const two = await get('/t/acme', await tokenOf({ acme: [] }), { headers })
    expect([two.status, two.code]).toEqual([400, 'credentials_multiple'])
    expect(
      (await get('/t/acme', undefined, { headers: { cookie: 'access.demo1234=' } })).code,
    ).toBe('credentials_missing')
  })
})

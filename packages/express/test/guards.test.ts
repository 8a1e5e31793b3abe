/** Who passes which guard, and what everybody else is told. */
import { createGuard } from '@tenantry/express'
import type { RequestHandler } from 'express'
import { describe, expect, test } from 'vitest'
import { versions } from './support/express-versions.ts'
import { type Served, serve } from './support/serve.ts'
import { countingVerifier, issuer, tokenOf, verifier } from './support/tokens.ts'

const caller: RequestHandler = (req, res) => {
  const { auth } = req
  res.json({ userId: auth?.userId, tenantId: auth?.tenantId, roles: auth?.roles })
}

describe.each(versions)('$name', ({ express }) => {
  const guard = createGuard({ verifier })

  async function guarded(handler: ReturnType<typeof guard.requireAuth>): Promise<Served> {
    const app = express()
    app.get('/tenants/:tenantId/widgets', handler, caller)
    return await serve(app)
  }

  test.each([
    ['requireAuth', guard.requireAuth(), { acme: [] }, 200, undefined],
    ['requireTenant, a member without roles', guard.requireTenant(), { acme: [] }, 200, undefined],
    ['requireTenant', guard.requireTenant(), { other: ['admin'] }, 403, 'tenant_forbidden'],
    ['requireRole', guard.requireRole('admin'), { acme: ['admin'] }, 200, undefined],
    ['requireRole, inherited', guard.requireRole('viewer'), { acme: ['admin'] }, 200, undefined],
    ['requireRole', guard.requireRole('admin'), { acme: ['viewer'] }, 403, 'role_insufficient'],
    ['requireRole', guard.requireRole('admin'), { acme: [] }, 403, 'role_insufficient'],
    [
      'requireRole elsewhere',
      guard.requireRole('admin'),
      { b: ['admin'] },
      403,
      'tenant_forbidden',
    ],
    ['any', guard.requireAnyRole('billing', 'admin'), { acme: ['billing'] }, 200, undefined],
    [
      'any',
      guard.requireAnyRole('billing', 'admin'),
      { acme: ['viewer'] },
      403,
      'role_insufficient',
    ],
    [
      'all',
      guard.requireAllRoles('billing', 'viewer'),
      { acme: ['admin', 'billing'] },
      200,
      undefined,
    ],
    [
      'all',
      guard.requireAllRoles('billing', 'viewer'),
      { acme: ['admin'] },
      403,
      'role_insufficient',
    ],
    ['permission', guard.requirePermission('widgets:read'), { acme: ['admin'] }, 200, undefined],
    [
      'permission',
      guard.requirePermission('widgets:write'),
      { acme: ['viewer'] },
      403,
      'role_insufficient',
    ],
    [
      'require',
      guard.require({ exactly: 'viewer' }),
      { acme: ['admin'] },
      403,
      'role_insufficient',
    ],
    ['require', guard.require({ exactly: 'viewer' }), { acme: ['viewer'] }, 200, undefined],
  ] as const)('%s', async (_name, handler, grants, status, code) => {
    const app = await guarded(handler)
    const answer = await app.get('/tenants/acme/widgets', await tokenOf(grants))
    expect([answer.status, answer.code]).toEqual([status, code])
  })

  test('the handler sees who the caller is, in the tenant that was checked', async () => {
    const app = await guarded(guard.requireRole('viewer'))
    const answer = await app.get('/tenants/acme/widgets', await tokenOf({ acme: ['admin'], b: [] }))
    expect(JSON.parse(answer.text)).toEqual({ userId: 7, tenantId: 'acme', roles: ['admin'] })
  })

  test('optionalAuth lets in somebody without credentials, and nobody with bad ones', async () => {
    const app = await guarded(guard.optionalAuth())
    expect((await app.get('/tenants/acme/widgets')).text).toBe('{}')
    const known = await app.get('/tenants/acme/widgets', await tokenOf({}))
    expect(JSON.parse(known.text)).toEqual({ userId: 7, roles: [] })
    const expired = await app.get('/tenants/acme/widgets', await issuer.expired())
    expect([expired.status, expired.code]).toEqual([401, 'token_expired'])
  })

  test('behind optionalAuth a guard still asks for credentials', async () => {
    const app = express()
    app.use(guard.optionalAuth())
    app.get('/tenants/:tenantId/widgets', guard.requireRole('admin'), caller)
    const answer = await (await serve(app)).get('/tenants/acme/widgets')
    expect([answer.status, answer.code]).toEqual([401, 'credentials_missing'])
  })

  test.each([
    ['nothing', 401, 'credentials_missing', 'Bearer realm="api"'],
    [
      'a forged token',
      401,
      'signature_invalid',
      'Bearer realm="api", error="invalid_token", error_description="The signature of the token does not match."',
    ],
    [
      'no role',
      403,
      'role_insufficient',
      'Bearer realm="api", error="insufficient_scope", error_description="The token does not grant the required role in this tenant."',
    ],
    [
      'two words',
      400,
      'request_malformed',
      'Bearer realm="api", error="invalid_request", error_description="The Authorization header is not one Bearer token."',
    ],
  ] as const)('%s is answered in full', async (sent, status, code, challenge) => {
    const tokens = {
      nothing: undefined,
      'a forged token': await issuer.forged(),
      'no role': await tokenOf({ acme: [] }),
      'two words': 'one two',
    }
    const app = await guarded(guard.requireRole('admin'))
    const answer = await app.get('/tenants/acme/widgets', tokens[sent])
    expect([answer.status, answer.code]).toEqual([status, code])
    expect(answer.headers.get('www-authenticate')).toBe(challenge)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('etag')).toBeNull()
    expect(JSON.parse(answer.text)).toMatchObject({
      type: `urn:tenantry:error:${code}`,
      status,
      code,
    })
  })

  test('two Authorization headers are refused', async () => {
    const app = await guarded(guard.requireRole('admin'))
    const header = `Authorization: Bearer ${await tokenOf({ acme: ['admin'] })}`
    const received = await app.raw(['GET /tenants/acme/widgets HTTP/1.1', header, header])
    expect(received).toContain('HTTP/1.1 400 Bad Request')
    expect(received).toContain('request_malformed')
  })

  test('a token in the query is not read', async () => {
    const app = await guarded(guard.requireAuth())
    const answer = await app.get(`/tenants/acme/widgets?access_token=${await tokenOf({})}`)
    expect(answer.code).toBe('credentials_missing')
  })

  test('a token that is older than maxTokenAge is refused by the guard that says so', async () => {
    const app = express()
    app.get('/read', guard.requireAuth(), caller)
    app.get('/pay', guard.requireAuth(), guard.requireAuth({ maxTokenAge: 60 }), caller)
    const { get } = await serve(app)
    const old = await tokenOf({}, { iat: Math.floor(Date.now() / 1000) - 120 })
    expect((await get('/read', old)).status).toBe(200)
    expect((await get('/pay', old)).code).toBe('token_expired')
    expect((await get('/pay', await tokenOf({}))).status).toBe(200)
  })

  test('however many guards there are, the token is verified once', async () => {
    const counting = countingVerifier()
    const { requireAuth, requireTenant, requireRole } = createGuard({ verifier: counting })
    const app = express()
    app.use(requireAuth(), requireAuth())
    app.get('/tenants/:tenantId', requireAuth(), requireTenant(), requireRole('admin'), caller)
    const { get } = await serve(app)
    const answer = await get('/tenants/acme', await tokenOf({ acme: ['admin'] }))
    expect(JSON.parse(answer.text)).toMatchObject({ tenantId: 'acme', roles: ['admin'] })
    expect(counting.calls).toBe(1)
  })
})

import { connect } from 'node:http2'
import { currentTenantId } from '@tenantry/core/context'
import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { getAuth, getOptionalAuth, tenantry } from '../src/index.ts'
import { createApp, frameworks, get, listen, refusal, tokenFor, verifier } from './frameworks.ts'

describe.each(frameworks)('%s: guards', (_name, framework) => {
  it('let a member with the role through, and put the caller on the request', async () => {
    const app = await createApp(framework)
    app.get('/tenants/:tenantId/me', { preHandler: app.requireRole('admin') }, async (request) => {
      const auth = getAuth(request)
      return {
        isSame: auth === request.auth,
        isFrozen: Object.isFrozen(auth),
        userId: auth.userId,
        tenantId: auth.tenantId,
        roles: auth.roles,
        can: auth.can('owner'),
      }
    })
    const url = await listen(app)
    const response = await get(`${url}/tenants/acme/me`, await tokenFor({ acme: ['admin'] }))
    expect(await response.json()).toEqual({
      isSame: true,
      isFrozen: true,
      userId: 1,
      tenantId: 'acme',
      roles: ['admin'],
      can: false,
    })
  })

  it('ask what their names say', async () => {
    const app = await createApp(framework)
    const guards = {
      auth: app.requireAuth(),
      tenant: app.requireTenant(),
      role: app.requireRole('a'),
      any: app.requireAnyRole('a', 'b'),
      all: app.requireAllRoles('a', 'b'),
      require: app.require({ any: ['b', { all: ['a', 'c'] }] }),
    }
    for (const [name, preHandler] of Object.entries(guards)) {
      app.get(`/${name}/:tenantId`, { preHandler }, async () => 'ok')
    }
    const url = await listen(app)
    const answers = async (token: string) =>
      Promise.all(
        Object.keys(guards).map(async (name) => (await get(`${url}/${name}/acme`, token)).status),
      )
    expect(await answers(await tokenFor({}))).toEqual([200, 403, 403, 403, 403, 403])
    expect(await answers(await tokenFor({ acme: [] }))).toEqual([200, 200, 403, 403, 403, 403])
    expect(await answers(await tokenFor({ acme: ['a'] }))).toEqual([200, 200, 200, 200, 403, 403])
    expect(await answers(await tokenFor({ acme: ['b'] }))).toEqual([200, 200, 403, 200, 403, 200])
    expect(await answers(await tokenFor({ acme: ['a', 'b'] }))).toEqual(Array(6).fill(200))
    expect(await answers(await tokenFor({ evil: ['a'] }))).toEqual([200, 403, 403, 403, 403, 403])
  })

  it('know somebody anonymous behind optionalAuth, and refuse a bad token there', async () => {
    const app = await createApp(framework)
    app.get('/', { preHandler: app.optionalAuth() }, async (request) => ({
      userId: getOptionalAuth(request)?.userId ?? 'anonymous',
      isUndefined: request.auth === undefined,
    }))
    const url = await listen(app)
    expect(await (await get(url)).json()).toEqual({ userId: 'anonymous', isUndefined: true })
    expect(await (await get(url, await tokenFor({}))).json()).toEqual({
      userId: 1,
      isUndefined: false,
    })
    expect(await refusal(await get(url, 'a.b.c'))).toBe('401 token_malformed')
  })
})

it('guard an HTTP/2 server', async () => {
  const app = Fastify({ http2: true })
  await app.register(tenantry, { verifier })
  app.get('/:tenantId', { preHandler: app.requireTenant() }, async () => currentTenantId())
  const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }))
  async function ask(headers: Record<string, string>): Promise<string> {
    const stream = session.request({ ':path': '/acme', ...headers })
    let text = ''
    for await (const chunk of stream) text += chunk
    return text
  }
  const token = await tokenFor({ acme: [] })
  expect(await ask({})).toContain('credentials_missing')
  expect(await ask({ authorization: `Bearer ${token}` })).toBe('acme')
  session.close()
  await app.close()
})

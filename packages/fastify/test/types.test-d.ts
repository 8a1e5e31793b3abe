import { createVerifier, defineRoles } from '@tenantry/core'
import Fastify from 'fastify'
import { describe, expectTypeOf, it } from 'vitest'
import { getAuth, getOptionalAuth, type RequestAuth, tenantry } from '../src/index.ts'

const roles = defineRoles({ viewer: { permissions: ['read'] }, admin: { inherits: ['viewer'] } })
const verifier = createVerifier({ keys: 'https://example.com/jwks.json' })
const modelled = createVerifier({ keys: 'https://example.com/jwks.json', roles })
const app = Fastify()

describe('the plugin', () => {
  it('takes any verifier, and no unknown option', () => {
    expectTypeOf(app.register(tenantry, { verifier, strict: true })).toExtend<object>()
    expectTypeOf(app.register(tenantry, { verifier: modelled })).toExtend<object>()
    // @ts-expect-error: unknown option
    void app.register(tenantry, { verifier, tenantparam: 'x' })
    void app.register(tenantry, { verifier, getTenantId: (request) => request.headers['x-tenant'] })
    // @ts-expect-error: the tenant has to be there at once
    void app.register(tenantry, { verifier, getTenantId: async () => 'acme' })
  })

  it('refuses what is no guard', () => {
    // @ts-expect-error: no role at all
    app.requireAnyRole()
    // @ts-expect-error: unknown option
    app.requireRole('admin', { tenantparam: 'x' })
    // @ts-expect-error: neither a guard nor public
    app.get('/', { config: { tenantry: 'open' } }, async () => 'ok')
    // @ts-expect-error: options, and no demand
    app.get('/', { config: { tenantry: { hideTenants: true } } }, async () => 'ok')
  })
})

describe('a guard', () => {
  it('goes on routes of any type', () => {
    app.get<{ Params: { tenantId: string }; Querystring: { page: number } }>(
      '/tenants/:tenantId',
      { onRequest: app.requireAuth(), preHandler: [app.requireRole('admin')] },
      async (request) => {
        expectTypeOf(request.params).toEqualTypeOf<{ tenantId: string }>()
        expectTypeOf(request.auth).toEqualTypeOf<RequestAuth | undefined>()
        expectTypeOf(getAuth(request)).toEqualTypeOf<RequestAuth>()
        expectTypeOf(getOptionalAuth(request)).toEqualTypeOf<RequestAuth | undefined>()
      },
    )
    app.addHook('preValidation', app.requireTenant())
  })

  it('goes on an HTTP/2 server', () => {
    const http2 = Fastify({ http2: true })
    void http2.register(tenantry, { verifier })
    http2.get('/', { preHandler: http2.requireAuth() }, async (request) => getAuth(request).userId)
  })
})

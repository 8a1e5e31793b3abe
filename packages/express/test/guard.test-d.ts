import { createVerifier, defineRoles } from '@tenantry/core'
import { createGuard, getAuth, getOptionalAuth, type RequestAuth } from '@tenantry/express'
import express from 'express'
import { describe, expectTypeOf, test } from 'vitest'

const roles = defineRoles({
  viewer: { permissions: ['widgets:read'] },
  admin: { inherits: ['viewer'], permissions: ['widgets:write'] },
})
const keys = { secret: new Uint8Array(32) }
const guard = createGuard({ verifier: createVerifier({ keys, algorithms: ['HS256'], roles }) })
const untyped = createGuard({ verifier: createVerifier({ keys, algorithms: ['HS256'] }) })

describe('the role model of the verifier types the guards', () => {
  test('a role or permission of the model compiles', () => {
    guard.requireRole('admin')
    guard.requireAnyRole('admin', 'viewer', { maxTokenAge: 60 })
    guard.requireAllRoles('admin')
    guard.requirePermission('widgets:read', { hideTenants: true })
    guard.require({ any: ['admin', { permission: 'widgets:write' }] })
    untyped.requireRole('whatever')
  })

  test('a misspelt one does not', () => {
    // @ts-expect-error
    guard.requireRole('admni')
    // @ts-expect-error
    guard.requireAnyRole('admin', 'veiwer')
    // @ts-expect-error
    guard.requireAllRoles('veiwer', { maxTokenAge: 60 })
    // @ts-expect-error
    guard.requirePermission('widgets:raed')
    // @ts-expect-error
    guard.require({ any: ['admni'] })
  })

  test('an empty or a bare list does not', () => {
    // @ts-expect-error
    guard.requireAnyRole()
    // @ts-expect-error
    guard.requireAllRoles({ maxTokenAge: 60 })
    // @ts-expect-error
    guard.requireAnyRole(['admin'])
  })

  test('a misspelt option does not', () => {
    // @ts-expect-error
    guard.requireRole('admin', { hideTenant: true })
  })
})

describe('a guard in a route', () => {
  test('leaves the parameters and the body of the handler typed', () => {
    const app = express()
    app.get('/tenants/:tenantId/widgets', guard.requireRole('admin'), (req) => {
      expectTypeOf(req.params).toEqualTypeOf<{ tenantId: string }>()
      expectTypeOf(req.auth).toEqualTypeOf<RequestAuth | undefined>()
    })
    app.use('/tenants/:tenantId', guard.requireTenant())
    app.use(guard.requireAuth(), guard.errorHandler())
  })

  test('has one caller, or perhaps one', () => {
    expectTypeOf(getAuth).returns.toEqualTypeOf<RequestAuth>()
    expectTypeOf(getOptionalAuth).returns.toEqualTypeOf<RequestAuth | undefined>()
  })

  test('finds the tenant in the request of Express', () => {
    guard.requireTenant({ getTenantId: (req) => req.get('x-tenant') })
    guard.requireTenant({ getTenantId: (req) => req.headers['x-tenant'] })
    guard.requireTenant({ getTenantId: (req) => req.body.tenantId })
    guard.requireTenant({ getTenantId: () => ({ id: 'acme' }) })
    guard.requireTenant({ getTenantId: () => null })
  })

  test('finds it at once: a promise does not compile', () => {
    // @ts-expect-error
    guard.requireTenant({ getTenantId: async (req) => req.get('x-tenant') })
    // @ts-expect-error
    guard.requireRole('admin', { getTenantId: () => Promise.resolve('acme') })
    // @ts-expect-error
    guard.requireTenant({ getTenantId: (req) => req.get('x-tenant') ?? Promise.resolve('acme') })
    const keys = { secret: new Uint8Array(32) }
    const verifier = createVerifier({ keys, algorithms: ['HS256'] })
    // @ts-expect-error
    createGuard({ verifier, getTenantId: async () => 'acme' })
  })
})

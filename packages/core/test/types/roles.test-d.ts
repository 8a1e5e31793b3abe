import { describe, expectTypeOf, it } from 'vitest'
import {
  type AccessToken,
  assertCan,
  can,
  createVerifier,
  decodeToken,
  defineRoles,
  explain,
  hasRole,
  type Requirement,
  type RoleModel,
  type TenantGrant,
  userfront,
  type Verifier,
} from '../../src/index.ts'

const roles = defineRoles({
  viewer: { permissions: ['widgets:read'] },
  admin: { inherits: ['viewer'], permissions: ['widgets:write'] },
})
const preset = userfront({ workspaceId: 'demo1234', mode: 'live' })
const verifier = createVerifier({ ...preset, roles })
declare const token: AccessToken<'viewer' | 'admin', 'widgets:read' | 'widgets:write'>
declare const plain: AccessToken

describe('roles', () => {
  it('have the names that were defined', () => {
    expectTypeOf(roles).toEqualTypeOf<
      RoleModel<'viewer' | 'admin', 'widgets:read' | 'widgets:write'>
    >()
    expectTypeOf(verifier).toEqualTypeOf<
      Verifier<'viewer' | 'admin', 'widgets:read' | 'widgets:write'>
    >()
    expectTypeOf(verifier.verify).returns.resolves.toEqualTypeOf<typeof token>()
    expectTypeOf(verifier.verifySync).returns.toEqualTypeOf<typeof token>()
  })

  it('inherit only what is defined', () => {
    // @ts-expect-error 'viwer' is not a role
    defineRoles({ viewer: {}, admin: { inherits: ['viwer'] } })
    // @ts-expect-error 'permission' is not a key of a definition
    defineRoles({ viewer: { permission: ['x'] } })
  })
})

describe('can', () => {
  it('takes the roles and permissions of the model', () => {
    expectTypeOf(can(token, 'acme', 'admin')).toEqualTypeOf<boolean>()
    can(token, 'acme', { any: ['admin', { exactly: 'viewer' }] })
    can(token, 'acme', { permission: 'widgets:read' })
    hasRole(token, 'admin', { tenantId: 'acme' })
  })

  it('does not compile with a role that is not in the model', () => {
    // @ts-expect-error 'admni' is not a role
    can(token, 'acme', 'admni')
    // @ts-expect-error nor here
    can(token, 'acme', { any: ['admin', 'admni'] })
    // @ts-expect-error nor here
    explain(token, 'acme', { exactly: 'admni' })
    // @ts-expect-error nor here
    assertCan(token, 'acme', { all: [{ any: ['admni'] }] })
    // @ts-expect-error nor here
    hasRole(token, 'admni')
    // @ts-expect-error 'widgets:delete' is not a permission
    can(token, 'acme', { permission: 'widgets:delete' })
  })

  it('does not compile with a bare list or two kinds at once', () => {
    // @ts-expect-error any or all?
    can(token, 'acme', ['admin'])
    // @ts-expect-error nor without a model
    can(plain, 'acme', ['admin'])
    // @ts-expect-error a requirement is not optional
    can(plain, 'acme')
    // @ts-expect-error nor is the tenant
    can(plain, undefined, 'admin')
  })

  it('takes any role without a model', () => {
    can(plain, 'acme', 'anything')
    expectTypeOf<Requirement>().toExtend<Requirement<string, string>>()
  })

  it('does not compile with a token that was only decoded', () => {
    const decoded = decodeToken('x.y.z')
    // @ts-expect-error nobody verified it
    can(decoded, 'acme', 'admin')
    // @ts-expect-error nobody verified it
    explain(decoded, 'acme', 'admin')
    // @ts-expect-error nobody verified it
    assertCan(decoded, 'acme', 'admin')
    // @ts-expect-error nobody verified it
    hasRole(decoded, 'admin')
  })

  it('does not compile with an object that only looks like a token', () => {
    // @ts-expect-error only a verifier makes one
    can({ ...plain }, 'acme', 'admin')
    // @ts-expect-error only a verifier makes one
    can({ authorization: { acme: { roles: ['admin'] } } }, 'acme', 'admin')
  })
})

describe('an AccessToken', () => {
  it('cannot be written to', () => {
    expectTypeOf(plain.authorization['acme']).toEqualTypeOf<TenantGrant | undefined>()
    // @ts-expect-error read-only
    plain.userId = 2
    // @ts-expect-error read-only
    plain.authorization['acme'] = { roles: ['admin'] }
    // @ts-expect-error read-only
    plain.authorization['acme']?.roles.push('admin')
  })
})

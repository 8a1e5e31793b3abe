import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import {
  type AccessToken,
  assertCan,
  can,
  createVerifier,
  decodeToken,
  defineRoles,
  explain,
  explainUnverified,
  hasRole,
  type Requirement,
  rolesIn,
  tenantsOf,
} from '../../src/index.ts'
import { options, withClaims } from '../support/mint.ts'

const verifier = createVerifier(options)
const jwt = withClaims({
  tenantId: 'demo1234',
  authorization: {
    nz569yb7: { roles: ['admin'] },
    a5h281k8: { roles: ['member', 'support team, night'] },
    demo1234: { roles: ['owner'] },
    empty: { roles: [] },
  },
})
const token = await verifier.verify(jwt)

describe('can', () => {
  it('is true for a role that is held in that tenant, and for no other', () => {
    expect(can(token, 'nz569yb7', 'admin')).toBe(true)
    expect(can(token, 'a5h281k8', 'admin')).toBe(false)
    expect(can(token, 'a5h281k8', 'member')).toBe(true)
    expect(can(token, 'nz569yb7', 'member')).toBe(false)
    expect(can(token, 'empty', 'member')).toBe(false)
    expect(can(token, 'unknown0', 'admin')).toBe(false)
  })

  it('takes role names as they are, with spaces and commas', () => {
    expect(can(token, 'a5h281k8', 'support team, night')).toBe(true)
    expect(can(token, 'a5h281k8', 'support')).toBe(false)
    expect(can(token, 'a5h281k8', 'night')).toBe(false)
  })

  it('is true for any when one holds, and for all when each does', () => {
    expect(can(token, 'a5h281k8', { any: ['admin', 'member'] })).toBe(true)
    expect(can(token, 'a5h281k8', { any: ['admin', 'owner'] })).toBe(false)
    expect(can(token, 'a5h281k8', { all: ['member', 'support team, night'] })).toBe(true)
    expect(can(token, 'a5h281k8', { all: ['member', 'admin'] })).toBe(false)
    expect(can(token, 'a5h281k8', { all: [{ any: ['x', 'member'] }, { exactly: 'member' }] })).toBe(
      true,
    )
  })

  const oddTenants: unknown[] = [
    undefined,
    null,
    '',
    7,
    {},
    [],
    ['nz569yb7'],
    Symbol('x'),
    new String('nz569yb7'),
    { toString: () => 'nz569yb7' },
    Number.NaN,
    'nz569yb7 ',
    'NZ569YB7',
  ]
  it.each(oddTenants.map((tenant) => [tenant]))('is plainly false for the tenant %s', (tenant) => {
    expect(can(token, tenant as string, 'admin')).toBe(false)
    expect(explain(token, tenant as string, 'admin').code).toBe('tenant_forbidden')
    expect(rolesIn(token, tenant as string)).toEqual([])
    expect(hasRole(token, 'admin', { tenantId: tenant as string })).toBe(false)
  })

  const malformed: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['an empty role', ''],
    ['a bare list', ['admin']],
    ['an empty list', []],
    ['an empty object', {}],
    ['an empty any', { any: [] }],
    ['an empty all', { all: [] }],
    ['any that is no list', { any: 'admin' }],
    ['an empty role inside', { any: ['admin', ''] }],
    ['a hole inside', { all: Object.assign(['admin', 'x'], { length: 3 }) }],
    ['a bare list inside', { any: [['admin']] }],
    ['two keys', { any: ['admin'], all: ['admin'] }],
    ['an unknown key', { some: ['admin'] }],
    ['exactly nothing', { exactly: '' }],
    ['exactly a list', { exactly: ['admin'] }],
    ['a permission without a role model', { permission: 'widgets:read' }],
    ['an empty permission', { permission: '' }],
    ['a number', 7],
    ['true', true],
    ['a function', () => true],
  ]
  it.each(malformed)('refuses %s as a requirement: it is a mistake, not a no', (_, requirement) => {
    const expected = expect.objectContaining({
      name: 'ConfigurationError',
      code: 'requirement_invalid',
    })
    expect(() => can(token, 'nz569yb7', requirement as string)).toThrow(expected)
    expect(() => explain(token, 'unknown0', requirement as string)).toThrow(expected)
    expect(() => assertCan(token, 'nz569yb7', requirement as string)).toThrow(expected)
  })

  it('refuses a requirement that contains itself', () => {
    const loop: { any: unknown[] } = { any: [] }
    loop.any.push(loop)
    expect(() => can(token, 'nz569yb7', loop as Requirement)).toThrow(/nested too deeply/)
  })

  const impostors: [string, unknown][] = [
    ['nothing', undefined],
    ['a string', jwt],
    ['a decoded token', decodeToken(jwt)],
    ['a copy', { ...token }],
    ['an object with the prototype of a token', Object.create(Object.getPrototypeOf(token))],
    ['an object behind a token', Object.create(token)],
    ['a proxy of a token', new Proxy(token, {})],
    ['a clone', structuredClone({ ...token })],
  ]
  it.each(impostors)('refuses %s as a token', (_, impostor) => {
    const unverified = expect.objectContaining({
      name: 'ConfigurationError',
      code: 'token_unverified',
    })
    const fake = impostor as AccessToken
    expect(() => can(fake, 'nz569yb7', 'admin')).toThrow(unverified)
    expect(() => explain(fake, 'nz569yb7', 'admin')).toThrow(unverified)
    expect(() => assertCan(fake, 'nz569yb7', 'admin')).toThrow(unverified)
    expect(() => hasRole(fake, 'admin')).toThrow(unverified)
    expect(() => hasRole(fake, 'admin', { tenantId: 'nz569yb7' })).toThrow(unverified)
    expect(() => rolesIn(fake, 'nz569yb7')).toThrow(unverified)
    expect(() => tenantsOf(fake)).toThrow(unverified)
  })

  it('cannot be given a token that was made without a verifier', () => {
    const AnyToken = Object.getPrototypeOf(token).constructor
    const parts = { identity: {}, times: { exp: 1 }, claims: {}, state: {} }
    expect(() => Reflect.construct(AnyToken, [parts])).toThrow()
    expect(() => Reflect.construct(AnyToken, [Symbol('verified'), parts])).toThrow(
      expect.objectContaining({ code: 'token_unverified' }),
    )
  })
})

describe('explain', () => {
  it('says what granted it', () => {
    expect(explain(token, 'nz569yb7', 'admin')).toEqual({
      allowed: true,
      code: 'granted',
      tenantId: 'nz569yb7',
      required: 'admin',
      held: ['admin'],
      grantedBy: { tenantId: 'nz569yb7', role: 'admin' },
      message: 'The token grants "admin" in tenant "nz569yb7".',
    })
  })

  it('says what is missing', () => {
    expect(explain(token, 'a5h281k8', 'admin')).toEqual({
      allowed: false,
      code: 'role_insufficient',
      tenantId: 'a5h281k8',
      required: 'admin',
      held: ['member', 'support team, night'],
      message: 'The token does not grant "admin" in tenant "a5h281k8".',
    })
    expect(explain(token, 'unknown0', 'admin')).toMatchObject({
      code: 'tenant_forbidden',
      held: [],
      message: 'The token does not name tenant "unknown0".',
    })
  })

  it.each<[Requirement, string]>([
    [{ exactly: 'owner' }, 'exactly "owner"'],
    [{ any: ['owner'] }, 'any of "owner"'],
    [{ any: ['owner', 'boss', 'chief'] }, 'any of "owner", "boss" or "chief"'],
    [
      { all: ['owner', { any: ['boss', { exactly: 'x' }] }] },
      'all of "owner" and (any of "boss" or (exactly "x"))',
    ],
  ])('puts %j into words', (requirement, words) => {
    expect(explain(token, 'a5h281k8', requirement).message).toBe(
      `The token does not grant ${words} in tenant "a5h281k8".`,
    )
  })

  it('answers with something that cannot be changed', () => {
    const decision = explain(token, 'nz569yb7', 'admin')
    expect(() => Object.assign(decision, { allowed: false })).toThrow(TypeError)
    expect(Object.isFrozen(decision.grantedBy)).toBe(true)
    expect(Object.isFrozen(decision.held)).toBe(true)
  })

  it('escapes what was asked, and repeats nothing else of the token', () => {
    const { message } = explain(token, 'x"\u001b[31m\u202e\n', 'a\u0000')
    expect(message).toBe('The token does not name tenant "x\\"\\u001b[31m\\u202e\\n".')
    expect(explain(token, 'a5h281k8', 'a\u0000\u{1f600}').message).toContain(
      '"a\\u0000\\ud83d\\ude00"',
    )
    expect(explain(token, 'a5h281k8', 'admin').message).not.toContain('support')
    expect(explain(token, 7 as unknown as string, 'admin')).toMatchObject({
      tenantId: '',
      message: 'No tenant id was given.',
    })
  })
})

describe('assertCan', () => {
  it('returns nothing or throws the refusal', () => {
    expect(assertCan(token, 'nz569yb7', 'admin')).toBeUndefined()
    expect(() => assertCan(token, 'a5h281k8', 'admin')).toThrow(
      expect.objectContaining({ name: 'AccessError', code: 'role_insufficient', status: 403 }),
    )
    expect(() => assertCan(token, 'unknown0', 'admin')).toThrow(
      expect.objectContaining({ code: 'tenant_forbidden', status: 403 }),
    )
  })
})

describe('hasRole', () => {
  it('asks about the given tenant, and without one about the issuing workspace', () => {
    expect(hasRole(token, 'admin', { tenantId: 'nz569yb7' })).toBe(true)
    expect(hasRole(token, 'admin')).toBe(false)
    expect(hasRole(token, 'owner')).toBe(true)
    expect(hasRole(token, 'owner', {})).toBe(true)
  })

  it('denies a tenant that is given and undefined', () => {
    expect(hasRole(token, 'owner', { tenantId: undefined as unknown as string })).toBe(false)
  })

  it('denies without a workspace', async () => {
    const stateless = await verifier.verify(withClaims({ tenantId: undefined }))
    expect(hasRole(stateless, 'admin')).toBe(false)
  })

  it.each([
    { tenant: 'nz569yb7' },
    { tenantID: 'x' },
    Object.create({ tenantId: 'nz569yb7' }),
    [],
    null,
    'acme',
  ])('refuses the options %j', (odd) => {
    expect(() => hasRole(token, 'owner', odd as object)).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })
})

describe('rolesIn and tenantsOf', () => {
  it('list what is written in the token, frozen', () => {
    expect(tenantsOf(token)).toEqual(['nz569yb7', 'a5h281k8', 'demo1234', 'empty'])
    expect(rolesIn(token, 'a5h281k8')).toEqual(['member', 'support team, night'])
    expect(rolesIn(token, 'empty')).toEqual([])
    expect(Object.isFrozen(tenantsOf(token))).toBe(true)
    expect(Object.isFrozen(rolesIn(token, 'a5h281k8'))).toBe(true)
  })
})

describe('explainUnverified', () => {
  const decoded = decodeToken(jwt)
  it('answers as explain would for the genuine token', () => {
    for (const tenant of ['nz569yb7', 'a5h281k8', 'unknown0', '__proto__']) {
      expect(explainUnverified(decoded, tenant, 'admin')).toEqual(explain(token, tenant, 'admin'))
    }
    const roles = defineRoles({ member: {}, admin: { inherits: ['member'] } })
    expect(explainUnverified(decoded, 'nz569yb7', 'member', { roles }).allowed).toBe(true)
  })
  it('denies when there is no authorization map', () => {
    const id = decodeToken(withClaims({ authorization: ['admin'] }))
    expect(explainUnverified(id, 'nz569yb7', 'admin').code).toBe('tenant_forbidden')
  })
})

describe('the decision channel', () => {
  it('tells of every decision once, and of no token', () => {
    const events: unknown[] = []
    const listener = (event: unknown) => events.push(event)
    subscribe('tenantry:decision', listener)
    try {
      can(token, 'nz569yb7', 'admin')
      explain(token, 'a5h281k8', { any: ['admin'] })
      expect(() => assertCan(token, 7 as unknown as string, 'admin')).toThrow()
      hasRole(token, 'owner')
    } finally {
      unsubscribe('tenantry:decision', listener)
    }
    can(token, 'nz569yb7', 'admin')
    const who = { userId: 1, sessionId: '3ebd28c1-7e13-4b5c-a2e1-8873ee776005' }
    expect(events).toEqual([
      { allowed: true, code: 'granted', tenantId: 'nz569yb7', requirement: 'admin', ...who },
      {
        allowed: false,
        code: 'role_insufficient',
        tenantId: 'a5h281k8',
        requirement: { any: ['admin'] },
        ...who,
      },
      { allowed: false, code: 'tenant_forbidden', tenantId: '', requirement: 'admin', ...who },
      { allowed: true, code: 'granted', tenantId: 'demo1234', requirement: 'owner', ...who },
    ])
  })
})

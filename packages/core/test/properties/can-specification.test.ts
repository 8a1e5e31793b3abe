/** `can` is one sentence, for every authorization map that a token can hold. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  AccessError,
  assertCan,
  can,
  createVerifier,
  decodeToken,
  explain,
  explainUnverified,
  hasRole,
  isTenantryError,
  rolesIn,
  tenantsOf,
} from '../../src/index.ts'
import { goodClaims, now } from '../support/mint.ts'
import { whilePolluted } from '../support/polluted.ts'
import { hs256, verifierOf } from '../support/signers.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** The specification. `map` is what JSON.parse makes of the claim. */
function isGranted(map: object, tenantId: string, role: string): boolean {
  const entry: unknown = Object.hasOwn(map, tenantId) ? Reflect.get(map, tenantId) : undefined
  const isEntry = typeof entry === 'object' && entry !== null && tenantId !== '__proto__'
  const roles: unknown = isEntry && Object.hasOwn(entry, 'roles') && Reflect.get(entry, 'roles')
  return (
    Array.isArray(roles) && roles.every((one) => typeof one === 'string') && roles.includes(role)
  )
}

const names = [
  'acme',
  'Acme',
  'acme ',
  ' acme',
  '\u0430cme',
  'acme\u0000',
  'e\u0301',
  '\u00e9',
  '😀',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'roles',
  'admin',
  'any',
  'all',
  'length',
  '0',
  '1',
  '-1',
  'null',
  'undefined',
  'true',
]
const roleNames = [
  'admin',
  'Admin',
  'admin ',
  'admin,member',
  '',
  'owner',
  '*',
  ...names.slice(6, 12),
]

const tenantName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names, '') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)
const roleName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...roleNames) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)
const sound = fc.array(roleName, { maxLength: 4 })

/** What an issuer should not write and a token may hold. */
const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 })
const oddRoles = fc.oneof(
  sound,
  roleName,
  json,
  fc.tuple(roleName, json),
  fc.tuple(fc.tuple(roleName)),
  roleName.map((role) => ({ 0: role, length: 1 })),
  roleName.map((role) => ({ [role]: true })),
)
const entry = fc.oneof(
  { weight: 4, arbitrary: sound.map((roles) => ({ roles })) },
  { weight: 3, arbitrary: oddRoles.map((roles) => ({ roles })) },
  { weight: 1, arbitrary: oddRoles.map((roles) => ({ Roles: roles, role: roles })) },
  { weight: 1, arbitrary: oddRoles.map((roles) => ({ ['__proto__']: { roles } })) },
  {
    weight: 1,
    arbitrary: fc.tuple(sound, json).map(([roles, extra]) => ({ roles, permissions: extra })),
  },
  { weight: 1, arbitrary: sound },
  { weight: 1, arbitrary: json },
)

/** JSON text, because only there a member may have any name. */
const mapText = fc
  .uniqueArray(fc.tuple(tenantName, entry), { maxLength: 5, selector: ([tenant]) => tenant })
  .map((entries) => JSON.stringify(Object.fromEntries(entries)))

const pollution: Readonly<Record<string, unknown>> = {
  roles: ['admin', 'owner'],
  permissions: ['admin'],
  admin: { roles: ['admin'] },
  ...Object.fromEntries(names.slice(0, 9).map((name) => [name, { roles: ['admin', 'owner'] }])),
  any: ['admin'],
  all: ['admin'],
  exactly: 'admin',
  permission: 'admin',
  authorization: { acme: { roles: ['admin'] } },
  tenantId: 'acme',
  standing: { roles: new Map([['admin', 'admin']]), permissions: new Map() },
  role: 'admin',
  granted: true,
  code: 'granted',
}

const verifier = verifierOf(hs256)
const header = { alg: 'HS256' }

function tokenWith(map: string): string {
  const claims = JSON.stringify({ ...goodClaims, authorization: 0 })
  return hs256.sign(header, claims.replace('"authorization":0', `"authorization":${map}`))
}

/** Every way of asking, or the code of what was thrown. */
function ask(jwt: string, tenantId: string, role: string): readonly unknown[] {
  const attempt = (question: () => unknown): unknown => {
    try {
      return question()
    } catch (error) {
      if (error instanceof AccessError) return false
      return isTenantryError(error) ? error.code : error
    }
  }
  const token = verifier.verifySync(jwt)
  return [
    attempt(() => can(token, tenantId, role)),
    attempt(() => explain(token, tenantId, role).allowed),
    attempt(() => explain(token, tenantId, role).code === 'granted'),
    attempt(() => assertCan(token, tenantId, role) === undefined),
    attempt(() => hasRole(token, role, { tenantId })),
    attempt(() => can(token, tenantId, { exactly: role })),
    attempt(() => can(token, tenantId, { any: [role] })),
    attempt(() => can(token, tenantId, { all: [role, role] })),
    attempt(() => rolesIn(token, tenantId).includes(role)),
    attempt(
      () =>
        Object.hasOwn(token.authorization, tenantId) &&
        token.authorization[tenantId]?.roles.includes(role) === true,
    ),
    attempt(() => tenantsOf(token).includes(tenantId) && can(token, tenantId, role)),
    attempt(() => explainUnverified(decodeToken(jwt), tenantId, role).allowed),
  ]
}

const questions = fc.tuple(
  tenantName,
  roleName.filter((role) => role !== ''),
)

describe('can', () => {
  it.each([
    ['', {}],
    [', whatever is on Object.prototype', pollution],
  ])('is: an own key, with a list of only strings, one of which is the role%s', (_, members) => {
    let granted = 0
    let denied = 0
    fc.assert(
      fc.property(mapText, fc.array(questions, { minLength: 1, maxLength: 8 }), (map, asked) => {
        const parsed: object = JSON.parse(map)
        const jwt = tokenWith(map)
        // Of the tenants and roles that are there as well, and not only of those that are not.
        const written = Object.keys(parsed).flatMap((tenant) =>
          ['admin', 'owner', 'constructor'].map((role): [string, string] => [tenant, role]),
        )
        const all = [...asked, ...written]
        const answers = whilePolluted(members, () =>
          all.map(([tenant, role]) => ask(jwt, tenant, role)),
        )
        for (const [index, [tenant, role]] of all.entries()) {
          const expected = isGranted(parsed, tenant, role)
          if (expected) granted++
          else denied++
          expect({ tenant, role, answers: new Set(answers[index]) }).toEqual({
            tenant,
            role,
            answers: new Set([expected]),
          })
        }
      }),
      { numRuns: 1000 },
    )
    expect(granted).toBeGreaterThan(50)
    expect(denied).toBeGreaterThan(50)
  })

  it('is false for a tenant that is no string, even where its name in text is a tenant', () => {
    const odd = [
      undefined,
      null,
      0,
      1,
      true,
      ['acme'],
      { toString: () => 'acme' },
      Symbol('acme'),
      new String('acme'),
    ]
    const map = Object.fromEntries(
      ['acme', 'undefined', 'null', '0', '1', 'true', '[object Object]'].map((name) => [
        name,
        { roles: ['admin'] },
      ]),
    )
    const token = verifier.verifySync(tokenWith(JSON.stringify(map)))
    expect(can(token, 'acme', 'admin')).toBe(true)
    for (const tenant of odd) {
      expect(can(token, tenant as string, 'admin')).toBe(false)
      expect(explain(token, tenant as string, 'admin').code).toBe('tenant_forbidden')
    }
  })

  it('does not grant by what is on Object.prototype when the verifier is made', () => {
    const { keys } = hs256
    const members = {
      ancestorsOf: () => ['acme'],
      authorizationOf: () => ({ other: { roles: ['admin'] } }),
    }
    const jwt = tokenWith('{"acme":{"roles":["admin"]}}')
    const answers = whilePolluted(members, () => {
      const polluted = createVerifier({
        keys,
        algorithms: ['HS256'],
        now: () => new Date(now * 1000),
      })
      const token = polluted.verifySync(jwt)
      return [can(token, 'acme', 'admin'), can(token, 'other', 'admin')]
    })
    expect(answers).toEqual([true, false])
  })
})

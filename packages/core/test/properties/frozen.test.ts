/** A verified token cannot be changed, and what one handler tries does not reach the next. */
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { type AccessToken, can, rolesIn, tenantsOf, type VerifierOptions } from '../../src/index.ts'
import { goodClaims } from '../support/mint.ts'
import { hs256, verifierOf } from '../support/signers.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const caches: [string, NonNullable<VerifierOptions['cache']>][] = [
  ['without a cache', false],
  ['with a cache', { max: 100 }],
  ['with a cache of one token', { max: 1 }],
]

type Change = readonly [name: string, change: (target: object) => unknown]

/** Every way to write to an object; each one throws where nothing can be written. */
const changes: readonly Change[] = [
  ['set', (target) => Object.assign(target, { roles: ['admin'] })],
  ['set an item', (target) => Object.assign(target, { 0: 'admin' })],
  ['define', (target) => Object.defineProperty(target, 'roles', { value: ['admin'] })],
  ['set the prototype', (target) => Object.setPrototypeOf(target, { roles: ['admin'] })],
  [
    'overwrite',
    (target) =>
      Object.assign(
        target,
        Object.fromEntries(Object.keys(target).map((key) => [key, 'changed'])),
        { more: 1 },
      ),
  ],
  ['push', (target) => Array.prototype.push.call(target, 'admin')],
  ['unshift', (target) => Array.prototype.unshift.call(target, 'admin')],
]

/** The token and every object that can be reached from it by reading. */
function reachable(token: AccessToken): object[] {
  const found = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || found.has(value)) return
    found.add(value)
    for (const key of Reflect.ownKeys(value)) visit(Reflect.get(value, key))
  }
  visit(token)
  visit(token.authorization)
  visit(rolesIn(token, 'nz569yb7'))
  visit(tenantsOf(token))
  return [...found]
}

/** All that a token says, as text. */
function saying(token: AccessToken): string {
  const { userId, subject, tenantId, mode, sessionId, authorization, issuedAt, expiresAt, claims } =
    token
  const roles = [rolesIn(token, 'nz569yb7'), tenantsOf(token), can(token, 'nz569yb7', 'root')]
  return JSON.stringify([
    { userId, subject, tenantId, mode, sessionId, authorization, issuedAt, expiresAt, claims },
    roles,
  ])
}

const extraClaims = fc.dictionary(
  fc.constantFrom('a', 'b', 'data', '__proto__', 'constructor', 'toString'),
  fc.jsonValue({ maxDepth: 4 }),
  { noNullPrototype: true },
)

it.each(caches)('is frozen through and through, without a prototype anywhere, %s', (_, cache) => {
  const verifier = verifierOf(hs256, { cache })
  fc.assert(
    fc.property(extraClaims, (extra) => {
      const jwt = hs256.sign({ alg: 'HS256' }, { ...goodClaims, extra })
      // The second one comes out of the cache where there is one.
      for (const token of [verifier.verifySync(jwt), verifier.verifySync(jwt)]) {
        for (const object of reachable(token)) {
          expect(Object.isFrozen(object)).toBe(true)
          const expected = Array.isArray(object) ? Array.prototype : null
          if (object !== token) expect(Object.getPrototypeOf(object)).toBe(expected)
        }
      }
    }),
    { numRuns: 300 },
  )
})

it.each(caches)('says the same after every attempt to change it, %s', async (_, cache) => {
  const verifier = verifierOf(hs256, { cache })
  await fc.assert(
    fc.asyncProperty(extraClaims, async (extra) => {
      const jwt = hs256.sign({ alg: 'HS256' }, { ...goodClaims, extra })
      const token = verifier.verifySync(jwt)
      const before = saying(token)
      for (const object of reachable(token)) {
        for (const [, change] of changes) expect(() => change(object)).toThrow(TypeError)
        for (const key of Reflect.ownKeys(object)) {
          if (Array.isArray(object) && key === 'length') continue
          expect(Reflect.deleteProperty(object, key)).toBe(false)
        }
      }
      token.expiresAt.setTime(0)
      token.issuedAt?.setTime(0)
      expect(saying(token)).toBe(before)
      expect(saying(verifier.verifySync(jwt))).toBe(before)
      expect(saying(await verifier.verify(jwt))).toBe(before)
    }),
    { numRuns: 100 },
  )
})

it('has getters that nobody can replace, for this token or for all', () => {
  const token = verifierOf(hs256).verifySync(hs256.sign({ alg: 'HS256' }, goodClaims))
  for (const target of [token, Object.getPrototypeOf(token)]) {
    for (const name of ['authorization', 'issuedAt', 'expiresAt', 'userId', 'claims']) {
      expect(() => Object.defineProperty(target, name, { value: {} })).toThrow(TypeError)
      expect(Reflect.set(target, name, {})).toBe(false)
    }
  }
})

it('keeps what many tokens say apart, whatever the size of the cache', () => {
  const tokens = Array.from({ length: 12 }, (_, index) => {
    const roles = [`role-${index}`]
    return hs256.sign(
      { alg: 'HS256' },
      { ...goodClaims, userId: index, authorization: { t: { roles } } },
    )
  })
  for (const cache of [false, { max: 1 }, { max: 2 }, { max: 5 }, { max: 100 }] as const) {
    const verifier = verifierOf(hs256, { cache })
    fc.assert(
      fc.property(fc.array(fc.nat(11), { minLength: 1, maxLength: 60 }), (order) => {
        for (const index of order) {
          const token = verifier.verifySync(tokens[index] ?? '')
          expect(token.userId).toBe(index)
          expect(rolesIn(token, 't')).toEqual([`role-${index}`])
        }
      }),
      { numRuns: 30 },
    )
  }
})

/** Objects and callbacks of the program that misbehave: they never turn a check off. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, describe, expect, it } from 'vitest'
import {
  can,
  createVerifier,
  defineRoles,
  explain,
  isTenantryError,
  userfront,
  type VerifierOptions,
} from '../../src/index.ts'
import { goodClaims, goodHeader, mint, now, options, rsa, withClaims } from '../support/mint.ts'
import { outcomeOf } from '../support/outcome.ts'

const keys = rsa.publicKey
const optionInvalid = expect.objectContaining({
  name: 'ConfigurationError',
  code: 'option_invalid',
})

describe('options that are no plain object', () => {
  const checks = { issuer: 'https://good.test', maxTokenAge: 0 }
  class Config {
    keys = keys
    get issuer(): string {
      return 'https://good.test'
    }
  }
  const odd: [string, () => unknown][] = [
    ['inherit a check', () => Object.assign(Object.create(checks), { keys })],
    [
      'inherit a check without Object.prototype',
      () => Object.assign(Object.create(Object.assign(Object.create(null), checks)), { keys }),
    ],
    ['are of a class', () => new Config()],
    [
      'hide a check from enumeration',
      () => Object.defineProperty({ keys }, 'issuer', { value: 'x' }),
    ],
    ['have a symbol', () => ({ keys, [Symbol('issuer')]: 'x' })],
    ['are a list', () => [keys]],
    [
      'have such a jwks',
      () => ({ keys: 'https://good.test/jwks', jwks: Object.create({ ttl: 1 }) }),
    ],
    ['have such a cache', () => ({ keys, cache: Object.create({ max: 1 }) })],
  ]
  it.each(odd)('are refused when they %s', (_, make) => {
    expect(() => createVerifier(make() as VerifierOptions)).toThrow(optionInvalid)
  })

  it('are read once: what was checked is what is used', async () => {
    let reads = 0
    const verifier = createVerifier({
      ...options,
      get maxTokenAge() {
        return reads++ === 0 ? 0 : Number.NaN
      },
    })
    expect(await outcomeOf(verifier, withClaims({}))).toBe('token_expired')
    let more = 0
    const changing = {
      keys,
      get maxTokenAge() {
        return more++ === 0 ? 0 : Number.NaN
      },
    }
    createVerifier(changing)
    expect(more).toBe(1)
  })

  it('may come without a prototype', () => {
    expect(() => createVerifier(Object.assign(Object.create(null), { keys }))).not.toThrow()
  })

  it.each(['authorizationOf', 'roles', 'issuer', 'audience', 'mode', 'workspaceId', 'maxTokenAge'])(
    'are refused when %s is present and undefined',
    (name) => {
      expect(() => createVerifier({ keys, [name]: undefined })).toThrow(optionInvalid)
    },
  )
})

describe('a polluted prototype', () => {
  const polluted = Object.prototype as Record<string, unknown>
  afterEach(() => {
    for (const name of ['keys', 'workspaceId', 'get', 'value', 'role', 'max', 'ttl'])
      delete polluted[name]
  })

  it('does not choose the keys or the workspace of a preset', () => {
    polluted['keys'] = 'https://evil.test/jwks'
    expect(userfront({ workspaceId: 'demo1234', mode: 'live' }).keys).toContain('api.userfront.com')
    polluted['workspaceId'] = 'evil0000'
    expect(() => userfront({ mode: 'live' } as never)).toThrow(optionInvalid)
  })

  it('does not break errors, caches or explanations', async () => {
    Object.assign(polluted, { role: 'owner', max: 'x', ttl: 'x' })
    const verifier = createVerifier({ ...options, cache: {} })
    polluted['value'] = 1
    const refusal = await verifier.verify('x').catch((error) => error)
    // The test's own tools do not stand it.
    delete polluted['value']
    expect(refusal).toMatchObject({ code: 'token_malformed' })
    const token = await verifier.verify(withClaims({}))
    expect(explain(token, 'nz569yb7', 'admin').grantedBy).toEqual({
      tenantId: 'nz569yb7',
      role: 'admin',
    })
  })
})

describe('callbacks', () => {
  it('authorizationOf that answers later is a mistake, and its rejection is not left behind', async () => {
    for (const authorizationOf of [
      async () => ({}),
      async () => Promise.reject(new Error('late')),
    ]) {
      const verifier = createVerifier({ ...options, authorizationOf })
      expect(await outcomeOf(verifier, withClaims({}))).toBe('option_invalid')
    }
  })

  it('authorizationOf that throws something odd refuses the token', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    for (const thrown of [proxy, null, undefined, 'text', Symbol('x')]) {
      const verifier = createVerifier({
        ...options,
        authorizationOf: () => {
          throw thrown
        },
      })
      expect(await outcomeOf(verifier, withClaims({}))).toBe('claim_invalid')
    }
  })

  const clocks: [string, () => unknown][] = [
    ['null', () => null],
    ['an empty list', () => []],
    ['an empty string', () => ''],
    ['false', () => false],
    ['a bigint', () => 1n],
    ['a number of seconds', () => now],
    ['a symbol', () => Symbol('x')],
    ['nothing', () => undefined],
    ['an invalid date', () => new Date(Number.NaN)],
    ['an object that looks like a date', () => ({ getTime: () => 0 })],
    ['a promise', async () => new Date()],
    ['a promise that fails', async () => Promise.reject(new Error('late'))],
    [
      'an exception',
      () => {
        throw new Error('SECRET')
      },
    ],
  ]
  it.each(clocks)('now that answers with %s accepts no token', async (_, clock) => {
    const verifier = createVerifier({ keys, now: clock as () => Date })
    const expired = mint(goodHeader, { ...goodClaims, iat: undefined, exp: 1000 })
    expect(await outcomeOf(verifier, expired)).toBe('option_invalid')
  })
})

describe('what is handed out', () => {
  it('does not lead back to the requirement of the program', async () => {
    const token = await createVerifier(options).verify(withClaims({}))
    const owner = { any: ['owner', { all: ['admin', { exactly: 'chief' }] }] }
    const seen: { requirement: { any: unknown[] } }[] = []
    const listener = (event: unknown) => seen.push(event as (typeof seen)[0])
    subscribe('tenantry:decision', listener)
    try {
      const { required } = explain(token, 'nz569yb7', owner)
      expect(required).toEqual(owner)
      expect(() => (required as typeof owner).any.push('admin')).toThrow(TypeError)
    } finally {
      unsubscribe('tenantry:decision', listener)
    }
    expect(() => seen[0]?.requirement.any.push('admin')).toThrow(TypeError)
    expect(can(token, 'nz569yb7', owner)).toBe(false)
  })

  it('is no role model when it was not made by defineRoles', () => {
    const model = defineRoles({ member: { permissions: ['read'] }, admin: {} })
    for (const fake of [
      { ...model, impliedBy: () => ['admin'] },
      { [Symbol.for('tenantry.roles')]: true },
      Object.create(model),
    ]) {
      expect(() => createVerifier({ keys, roles: fake as never })).toThrow(optionInvalid)
    }
    expect(model).toMatchObject({ roles: ['member', 'admin'] })
  })

  it('is no role model without the prototype that a literal sets by accident', () => {
    expect(() => defineRoles({ admin: {}, __proto__: { owner: {} } } as never)).toThrow(
      optionInvalid,
    )
    const sparse = Object.assign(['read'], { length: 2 })
    expect(() => defineRoles({ admin: { permissions: sparse } })).toThrow(optionInvalid)
  })

  it('makes no token, whatever its class is called with', async () => {
    const token = await createVerifier(options).verify(withClaims({}))
    const AnyToken = Object.getPrototypeOf(token).constructor
    for (const parts of [[], [undefined], [Symbol('verified')], [Symbol('verified'), null]]) {
      expect(() => Reflect.construct(AnyToken, parts)).toThrow(
        expect.objectContaining({ code: 'token_unverified' }),
      )
    }
  })
})

it('a typ is compared in ASCII', async () => {
  const verifier = createVerifier({ ...options, types: ['tok+jwt'] })
  expect(await outcomeOf(verifier, mint({ alg: 'RS256', typ: 'TOK+JWT' }, goodClaims))).toBe(
    'accepted',
  )
  expect(await outcomeOf(verifier, mint({ alg: 'RS256', typ: 'to\u212a+jwt' }, goodClaims))).toBe(
    'typ_unexpected',
  )
})

it('a value that refuses to be looked at is no error of ours', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(isTenantryError(proxy)).toBe(false)
})

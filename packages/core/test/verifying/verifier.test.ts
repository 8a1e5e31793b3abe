import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import { createVerifier, decodeToken } from '../../src/index.ts'
import type { KeySet } from '../../src/keys/key-set.ts'
import { createTokenCache } from '../../src/verify/token-cache.ts'
import {
  goodClaims,
  goodHeader,
  mint,
  now,
  options,
  otherRsa,
  withClaims,
} from '../support/mint.ts'
import { outcomeOf } from '../support/outcome.ts'

describe('the order of the checks', () => {
  it('compares the signature before it looks at any claim', async () => {
    const verifier = createVerifier({ ...options, issuer: 'x', mode: 'live' })
    const forged = mint(goodHeader, 'not even JSON', otherRsa.privateKey)
    expect(await outcomeOf(verifier, forged)).toBe('signature_invalid')
  })
  it('names the kind of a token before its expiry', async () => {
    const verifier = createVerifier(options)
    expect(await outcomeOf(verifier, withClaims({ type: 'refresh', exp: 1 }))).toBe(
      'token_kind_unexpected',
    )
  })
})

describe('a closed verifier', () => {
  it('answers nothing any more', async () => {
    const verifier = createVerifier(options)
    await verifier.ready()
    verifier.close()
    verifier.close()
    expect(await outcomeOf(verifier, withClaims({}))).toBe('verifier_closed')
    await expect(verifier.ready()).rejects.toMatchObject({ code: 'verifier_closed' })
  })
})

describe.each([
  ['no cache', false],
  ['a cache', undefined],
  ['a cache of one', { max: 1 }],
  ['a cache of two', { max: 2 }],
] as const)('with %s', (_, cache) => {
  let time = now
  const verifier = createVerifier({
    ...options,
    ...(cache === undefined ? {} : { cache }),
    now: () => new Date(time * 1000),
  })
  const tokens = [1, 2, 3, 4, 5].map((userId) =>
    withClaims({ userId, exp: now + 10 * userId, nbf: now - 10 }),
  )

  it('answers for the token that was asked about', async () => {
    for (const round of [1, 2, 3]) {
      for (const [index, jwt] of tokens.entries()) {
        expect((await verifier.verify(jwt)).userId, `round ${round}`).toBe(index + 1)
        expect(verifier.verifySync(jwt).userId).toBe(index + 1)
      }
    }
  })

  it('refuses a token when its time is over, or not yet there', async () => {
    const [first = '', second = ''] = tokens
    time = now + 15
    expect(await outcomeOf(verifier, first)).toBe('token_expired')
    expect(await outcomeOf(verifier, second)).toBe('accepted')
    time = now - 30
    expect(await outcomeOf(verifier, second)).toBe('token_inactive')
    time = now
  })

  it('refuses a token with the end of a signature that it knows', async () => {
    const [good = ''] = tokens
    await verifier.verify(good)
    const [, payload, signature] = good.split('.')
    const tampered = Buffer.from(JSON.stringify({ ...goodClaims, userId: 2 })).toString('base64url')
    expect(await outcomeOf(verifier, good.replace(`${payload}`, tampered))).toBe(
      'signature_invalid',
    )
    expect(await outcomeOf(verifier, `x${good}`)).not.toBe('accepted')
    expect(await outcomeOf(verifier, `${signature}`)).toBe('token_malformed')
    expect(await outcomeOf(verifier, good)).toBe('accepted')
  })
})

describe('the cache of verified tokens', () => {
  const keys = {} as KeySet
  const entry = (jwt: string) => ({
    jwt,
    token: jwt,
    times: { exp: 1, nbf: undefined, iat: undefined },
    keys,
  })
  const named = (index: number) => `${index}.`.padStart(40, 'x')

  it.each([1, 2, 3, 10, 100])('keeps no more than %s', (max) => {
    const cache = createTokenCache<string>(max)
    for (let index = 0; index < 1000; index++) cache.set(entry(named(index)))
    const kept = Array.from({ length: 1000 }, (_, index) => cache.get(named(index), keys)).filter(
      Boolean,
    )
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length).toBeLessThanOrEqual(max)
  })

  it('keeps no more than 8 Mi characters, however many tokens that are', () => {
    const cache = createTokenCache<string>(10_000)
    const large = (index: number) => `${'x'.repeat(8000)}${named(index)}`
    for (let index = 0; index < 3000; index++) cache.set(entry(large(index)))
    const kept = Array.from({ length: 3000 }, (_, index) => cache.get(large(index), keys)).filter(
      Boolean,
    )
    expect(kept.length).toBeGreaterThan(100)
    expect(kept.length * 8040).toBeLessThanOrEqual(8 * 1024 * 1024)
  })

  it('keeps what is in use while others come and go', () => {
    const cache = createTokenCache<string>(10)
    cache.set(entry(named(0)))
    for (let index = 1; index < 1000; index++) {
      cache.set(entry(named(index)))
      expect(cache.get(named(0), keys)?.token).toBe(named(0))
    }
  })

  it('forgets what was verified with other keys', () => {
    const cache = createTokenCache<string>(10)
    cache.set(entry(named(0)))
    expect(cache.get(named(0), {} as KeySet)).toBeUndefined()
    expect(cache.get(named(0), keys)).toBeUndefined()
  })
})

describe('the verify channel', () => {
  it('tells of every verification, and of no token', async () => {
    const events: unknown[] = []
    const listener = (event: unknown) => events.push(event)
    const verifier = createVerifier(options)
    const jwt = withClaims({})
    subscribe('tenantry:verify', listener)
    try {
      await verifier.verify(jwt)
      verifier.verifySync(jwt)
      await verifier.verify('x').catch(() => undefined)
    } finally {
      unsubscribe('tenantry:verify', listener)
    }
    await verifier.verify(jwt)
    const who = { userId: 1, sessionId: goodClaims.sessionId }
    expect(events).toEqual([
      { code: 'verified', cached: false, ...who },
      { code: 'verified', cached: true, ...who },
      { code: 'token_malformed', cached: false, userId: undefined, sessionId: undefined },
    ])
  })
})

describe('decodeToken', () => {
  it('reads a token of any algorithm without believing it', () => {
    const jwt = mint({ alg: 'none', x: 1 }, { any: ['thing'] }, otherRsa.privateKey)
    const decoded = decodeToken(jwt)
    expect(decoded).toEqual({
      verified: false,
      header: { alg: 'none', x: 1 },
      claims: { any: ['thing'] },
    })
    expect(Object.isFrozen(decoded) && Object.isFrozen(decoded.claims['any'])).toBe(true)
    expect(decodeToken(`${jwt.split('.').slice(0, 2).join('.')}.`).verified).toBe(false)
  })
  it.each(['', 'x', 'a.b', 'a.b.c', 'a.b.c.d', 7])('refuses %j', (odd) => {
    expect(() => decodeToken(odd as string)).toThrow(
      expect.objectContaining({ code: 'token_malformed' }),
    )
  })
  it('reads a token of a megabyte, and no larger one', () => {
    expect(decodeToken(withClaims({ x: 'x'.repeat(700_000) })).claims['userId']).toBe(1)
    expect(() => decodeToken('x'.repeat(1024 * 1024 + 1))).toThrow(
      expect.objectContaining({ code: 'token_too_large' }),
    )
  })
})

/** How often a JWKS endpoint is asked, whatever tokens arrive and whatever it answers. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UnavailableError } from '../../src/index.ts'
import { answerOf, answerOfSync } from '../support/answer.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'
import { type MonotonicClock, stopMonotonicClock } from '../support/monotonic-clock.ts'

let clock: MonotonicClock
beforeEach(() => {
  clock = stopMonotonicClock()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('one fetch at a time', () => {
  it('makes one fetch for 50 verifications that find no keys', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const jwts = await Promise.all(times(50, () => issuer.token()))
    const answers = await Promise.all(jwts.map((jwt) => answerOf(verifier, jwt)))
    expect(answers).toEqual(times(50, () => 'accepted'))
    expect(server.requests).toBe(1)
  })

  it('makes one fetch for 50 verifications after the TTL, and none before', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    await verifier.ready()
    const jwt = await issuer.token()
    clock.advance(599.9)
    await Promise.all(times(50, () => answerOf(verifier, jwt)))
    expect(server.requests).toBe(1)
    clock.advance(0.1)
    const answers = await Promise.all(times(50, () => answerOf(verifier, jwt)))
    expect(answers).toEqual(times(50, () => 'accepted'))
    expect(server.requests).toBe(2)
  })

  it('makes one fetch for 50 verifications of a key that was just published', async () => {
    const { issuer, server, rotate, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    await verifier.ready()
    clock.advance(31)
    await rotate()
    const jwts = await Promise.all(times(50, () => issuer.token()))
    const answers = await Promise.all(jwts.map((jwt) => answerOf(verifier, jwt)))
    expect(answers).toEqual(times(50, () => 'accepted'))
    expect(server.requests).toBe(2)
  })

  it('makes one fetch for ready, verify and verifySync together', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const jwt = await issuer.token()
    const [sync, first, , second] = [
      answerOfSync(verifier, jwt),
      answerOf(verifier, jwt),
      verifier.ready(),
      answerOf(verifier, jwt),
    ]
    expect(sync).toBe('keys_unavailable')
    expect(await Promise.all([first, second])).toEqual(['accepted', 'accepted'])
    expect(server.requests).toBe(1)
  })
})

it('ready asks once, however often it is called while the keys are fresh', async () => {
  const { server, verifier: make } = await startJwksEndpoint()
  const verifier = make()
  await Promise.all([verifier.ready(), verifier.ready()])
  await verifier.ready()
  expect(server.requests).toBe(1)
})

describe('unknown kids', () => {
  it('cause one fetch per cooldown, 10,000 of them, while good tokens pass', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ cache: false })
    await verifier.ready()
    const good = await issuer.token()
    const unknown = await Promise.all(
      times(10_000, (index) => issuer.token({}, { header: { kid: `unknown-${index}` } })),
    )
    const flood = (): Promise<string[]> =>
      Promise.all(unknown.map((jwt) => answerOf(verifier, jwt)))

    const answers = flood()
    expect(await answerOf(verifier, good)).toBe('accepted')
    expect(new Set(await answers)).toEqual(new Set(['key_not_found']))
    expect(server.requests).toBe(1)
    clock.advance(30)
    await flood()
    await flood()
    expect(server.requests).toBe(2)
    clock.advance(29.9)
    await flood()
    expect(server.requests).toBe(2)
    expect(await answerOf(verifier, good)).toBe('accepted')
    clock.advance(0.1)
    await flood()
    expect(server.requests).toBe(3)
  })

  it('one after another in verifySync cause one fetch per cooldown as well', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    await verifier.ready()
    clock.advance(30)
    for (const index of times(20, (each) => each)) {
      const jwt = await issuer.token({}, { header: { kid: `unknown-${index}` } })
      // While a look for newer keys is under way, nobody can say that the key does not exist.
      expect(answerOfSync(verifier, jwt)).toBe('keys_unavailable')
    }
    await vi.waitFor(() => expect(server.requests).toBe(2))
    await vi.waitFor(async () => {
      const jwt = await issuer.token({}, { header: { kid: 'unknown' } })
      expect(answerOfSync(verifier, jwt)).toBe('key_not_found')
    })
    const unknown = await issuer.token({}, { header: { kid: 'unknown' } })
    expect(await answerOf(verifier, unknown)).toBe('key_not_found')
    expect(server.requests).toBe(2)
    expect(answerOfSync(verifier, await issuer.token())).toBe('accepted')
  })

  it('wait for a fetch that is under way instead of being refused', async () => {
    const { issuer, rotate, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    await verifier.ready()
    clock.advance(31)
    const unknown = answerOf(verifier, await issuer.token({}, { header: { kid: 'unknown' } }))
    await rotate({ keep: true })
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    expect(await unknown).toBe('key_not_found')
  })

  it('make the keys unavailable, not the token bad, while only stale keys are here', async () => {
    const { issuer, server, rotate, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    await verifier.ready()
    const old = await issuer.token()
    await rotate()
    server.fault = 'status 500'
    clock.advance(601)
    expect(await answerOf(verifier, await issuer.token())).toBe('keys_unavailable')
    expect(await answerOf(verifier, old)).toBe('accepted')
    expect(server.requests).toBe(2)
  })
})

describe('an endpoint that is down', () => {
  it('is asked once by 20 verifications in a row that find no keys', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    server.fault = 'status 500'
    const verifier = make()
    const jwt = await issuer.token()
    for (let count = 0; count < 20; count++) {
      expect(await answerOf(verifier, jwt)).toBe('keys_unavailable')
      expect(answerOfSync(verifier, jwt)).toBe('keys_unavailable')
    }
    expect(server.requests).toBe(1)
  })

  it('is asked again after one cooldown at the earliest', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    server.fault = 'status 500'
    const verifier = make({ jwks: { cooldown: 40 } })
    const jwt = await issuer.token()
    await answerOf(verifier, jwt)
    clock.advance(39.9)
    await answerOf(verifier, jwt)
    expect(server.requests).toBe(1)
    clock.advance(10.1)
    server.fault = 'none'
    expect(await answerOf(verifier, jwt)).toBe('accepted')
    expect(server.requests).toBe(2)
  })

  it.each([
    ['no jitter', 0, [10, 20, 40, 80, 100, 100, 100]],
    ['all the jitter', 1, [13, 25, 50, 100, 100, 100, 100]],
  ])('is asked at a pause that doubles up to ten cooldowns (%s)', async (_, random, pauses) => {
    vi.spyOn(Math, 'random').mockReturnValue(random)
    const { server, verifier: make } = await startJwksEndpoint()
    server.fault = 'status 500'
    const verifier = make({ jwks: { cooldown: 10 } })
    const seen: number[] = []
    for (const [index, pause] of pauses.entries()) {
      const error: UnavailableError = await verifier.ready().then(
        () => expect.unreachable(),
        (thrown) => thrown,
      )
      expect(server.requests).toBe(index + 1)
      seen.push(error.retryAfter)
      clock.advance(pause)
    }
    expect(seen).toEqual(pauses)
  })

  it('is asked with short pauses again once it has answered', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks: { cooldown: 10, ttl: 1, staleFor: 0 } })
    server.fault = 'status 500'
    await expect(verifier.ready()).rejects.toMatchObject({ retryAfter: 10 })
    clock.advance(10)
    await expect(verifier.ready()).rejects.toMatchObject({ retryAfter: 20 })
    clock.advance(20)
    server.fault = 'none'
    await verifier.ready()
    clock.advance(1)
    server.fault = 'status 500'
    await expect(verifier.ready()).rejects.toMatchObject({ retryAfter: 10 })
  })

  it('is asked each time without a cooldown, and Retry-After stays a number', async () => {
    let fetches = 0
    const fetch = async (): Promise<Response> => {
      fetches++
      throw new Error('down')
    }
    const { verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks: { cooldown: 0, fetch } })
    for (let count = 0; count < 1100; count++) await verifier.ready().catch(() => undefined)
    await expect(verifier.ready()).rejects.toMatchObject({
      headers: { 'retry-after': '1' },
    })
    expect(fetches).toBe(1101)
  })
})

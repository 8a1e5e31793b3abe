/** Keys that come, go and change at the endpoint, and how long the old ones still count. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answerOf, answerOfSync } from '../support/answer.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'
import { type MonotonicClock, stopMonotonicClock } from '../support/monotonic-clock.ts'
import { publishedKeys } from '../support/published-key.ts'

let clock: MonotonicClock
beforeEach(() => {
  clock = stopMonotonicClock()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a removed key', () => {
  it.each([
    ['default times', {}, 600],
    ['a TTL shorter than the cooldown', { ttl: 5, cooldown: 3600 }, 5],
    ['a TTL longer than staleFor', { ttl: 50, staleFor: 1 }, 50],
  ])('is refused after the TTL, cached tokens too (%s)', async (_, jwks, ttl) => {
    const { issuer, rotate, verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks })
    const old = await issuer.token()
    expect(await answerOf(verifier, old)).toBe('accepted')
    await rotate()
    clock.advance(ttl - 0.1)
    expect(await answerOf(verifier, old)).toBe('accepted')
    clock.advance(0.1)
    expect(answerOfSync(verifier, old)).toBe('keys_unavailable')
    expect(await answerOf(verifier, old)).toBe('key_not_found')
    expect(answerOfSync(verifier, old)).toBe('key_not_found')
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
  })

  it('is refused as soon as another token made the set refresh', async () => {
    const { issuer, rotate, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const old = await issuer.token()
    expect(await answerOf(verifier, old)).toBe('accepted')
    await rotate()
    clock.advance(30)
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    expect(await answerOf(verifier, old)).toBe('key_not_found')
    expect(answerOfSync(verifier, old)).toBe('key_not_found')
  })

  it('does not come back when the endpoint goes down after the removal', async () => {
    const { issuer, server, rotate, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const old = await issuer.token()
    await verifier.ready()
    await rotate()
    clock.advance(600)
    const current = await issuer.token()
    expect(await answerOf(verifier, current)).toBe('accepted')
    server.fault = 'status 500'
    clock.advance(600)
    expect(await answerOf(verifier, current)).toBe('accepted')
    expect(await answerOf(verifier, old)).toBe('keys_unavailable')
  })
})

it('accepts old and new tokens while both keys are published', async () => {
  const { issuer, rotate, verifier: make } = await startJwksEndpoint()
  const verifier = make()
  const old = await issuer.token()
  await verifier.ready()
  await rotate({ keep: true })
  clock.advance(30)
  expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
  expect(await answerOf(verifier, old)).toBe('accepted')
})

describe('another key under the same kid', () => {
  it('works right after the refresh, and tokens of the old one are refused, cached or not', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const name = { header: { kid: 'main' } }
    const publish = (): void => {
      const keys = publishedKeys(issuer)
      server.document = { keys: keys.map((key) => ({ ...key, kid: 'main' })) }
    }
    publish()
    const [cached, fresh] = [await issuer.token({}, name), await issuer.token({}, name)]
    expect(await answerOf(verifier, cached)).toBe('accepted')
    expect(answerOfSync(verifier, cached)).toBe('accepted')
    await issuer.rotate()
    publish()
    clock.advance(600)
    expect(await answerOf(verifier, await issuer.token({}, name))).toBe('accepted')
    expect(await answerOf(verifier, cached)).toBe('signature_invalid')
    expect(answerOfSync(verifier, cached)).toBe('signature_invalid')
    expect(await answerOf(verifier, fresh)).toBe('signature_invalid')
  })
})

describe('stale keys', () => {
  it('serve for staleFor seconds since the last success, and not longer', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks: { ttl: 10, cooldown: 1, staleFor: 100 } })
    const jwt = await issuer.token()
    await verifier.ready()
    clock.advance(50)
    await verifier.ready()
    server.fault = 'status 500'
    for (let second = 0; second < 99; second++) {
      clock.advance(1)
      expect(await answerOf(verifier, jwt)).toBe('accepted')
      expect(answerOfSync(verifier, jwt)).toBe('accepted')
    }
    clock.advance(1)
    expect(answerOfSync(verifier, jwt)).toBe('keys_unavailable')
    expect(await answerOf(verifier, jwt)).toBe('keys_unavailable')
    clock.advance(10)
    server.fault = 'none'
    expect(await answerOf(verifier, jwt)).toBe('accepted')
  })

  it('do not say that a key which they lack does not exist', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks: { ttl: 10 } })
    await verifier.ready()
    server.fault = 'status 500'
    clock.advance(10)
    const unknown = await issuer.token({}, { header: { kid: 'unknown' } })
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    expect(await answerOf(verifier, unknown)).toBe('keys_unavailable')
    expect(answerOfSync(verifier, unknown)).toBe('keys_unavailable')
    expect(() => verifier.verifySync(unknown)).toThrow(
      expect.objectContaining({ cause: expect.any(Error) }),
    )
  })

  it('never serve when staleFor is 0', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks: { staleFor: 0 } })
    const jwt = await issuer.token()
    expect(await answerOf(verifier, jwt)).toBe('accepted')
    server.fault = 'status 500'
    clock.advance(600)
    expect(await answerOf(verifier, jwt)).toBe('keys_unavailable')
  })

  it('serve without another fetch until the pause is over', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    await verifier.ready()
    server.fault = 'status 500'
    clock.advance(600)
    for (let count = 0; count < 20; count++) {
      expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    }
    expect(server.requests).toBe(2)
  })

  it('make verify wait, and verifySync give up, while a refresh is under way', async () => {
    const { issuer, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const jwt = await issuer.token()
    await verifier.ready()
    clock.advance(600)
    const waiting = answerOf(verifier, jwt)
    expect(answerOfSync(verifier, jwt)).toBe('keys_unavailable')
    expect(await waiting).toBe('accepted')
    expect(answerOfSync(verifier, jwt)).toBe('accepted')
  })
})

it('does not let the wall clock make keys older or younger', async () => {
  const { issuer, server, verifier: make } = await startJwksEndpoint()
  let date = Date.now()
  const verifier = make({ now: () => new Date(date) })
  const jwt = await issuer.token({}, { expiresIn: 10_000_000 })
  await verifier.ready()
  vi.spyOn(Date, 'now').mockImplementation(() => date)
  date += 1_000_000_000
  expect(await answerOf(verifier, jwt)).toBe('accepted')
  expect(server.requests).toBe(1)
  date -= 1_000_000_000
  clock.advance(600)
  expect(await answerOf(verifier, jwt)).toBe('accepted')
  expect(server.requests).toBe(2)
})

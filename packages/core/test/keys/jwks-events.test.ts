/** What `tenantry:jwks` tells a monitoring system, and that it costs nothing when none listens. */
import { channel } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answerOf, answerOfSync } from '../support/answer.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'
import { watchJwksEvents } from '../support/jwks-events.ts'
import { type MonotonicClock, stopMonotonicClock } from '../support/monotonic-clock.ts'
import { publishedKeys } from '../support/published-key.ts'

let clock: MonotonicClock
beforeEach(() => {
  clock = stopMonotonicClock()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('tenantry:jwks', () => {
  it('counts a generation for every change of the set, and none for the same text', async () => {
    const { server, rotate, verifier: make } = await startJwksEndpoint()
    const events = watchJwksEvents()
    const verifier = make()
    for (const change of [async () => undefined, async () => undefined, rotate]) {
      await change()
      await verifier.ready()
      clock.advance(600)
    }
    expect(events).toEqual([
      { event: 'refreshed', url: server.url, generation: 1 },
      { event: 'refreshed', url: server.url, generation: 1 },
      { event: 'refreshed', url: server.url, generation: 2 },
    ])
  })

  it('tells once for each failed refresh that stale keys are in use', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    await verifier.ready()
    const events = watchJwksEvents()
    server.fault = 'status 500'
    const jwt = await issuer.token()
    for (const seconds of [600, 60]) {
      clock.advance(seconds)
      await Promise.all(Array.from({ length: 5 }, () => answerOf(verifier, jwt)))
      expect(answerOfSync(verifier, jwt)).toBe('accepted')
    }
    const reason = 'the endpoint answered with status 500'
    expect(events).toEqual([
      { event: 'failed', url: server.url, generation: 1, reason },
      { event: 'stale', url: server.url, generation: 1 },
      { event: 'failed', url: server.url, generation: 1, reason },
      { event: 'stale', url: server.url, generation: 1 },
    ])
  })

  it('tells that keys are stale when they get too old after a failure', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks: { ttl: 100, cooldown: 60 } })
    await verifier.ready()
    clock.advance(60)
    server.fault = 'status 500'
    const unknown = await issuer.token({}, { header: { kid: 'unknown' } })
    expect(await answerOf(verifier, unknown)).toBe('key_not_found')
    const events = watchJwksEvents()
    expect(answerOfSync(verifier, await issuer.token())).toBe('accepted')
    expect(events).toEqual([])
    clock.advance(40)
    expect(answerOfSync(verifier, await issuer.token())).toBe('accepted')
    expect(events).toEqual([{ event: 'stale', url: server.url, generation: 1 }])
  })

  it('names the reason, and nothing of the key, for a key that is skipped', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const events = watchJwksEvents()
    const keys = publishedKeys(issuer)
    server.document = { keys: [...keys, { kty: 'oct', kid: 'name-of-it', k: 'bWF0ZXJpYWw' }, 7] }
    await make().ready()
    expect(events.map(({ event, reason }) => [event, reason])).toEqual([
      ['key_skipped', expect.stringContaining('secret')],
      ['key_skipped', 'it is not a JWK object'],
      ['refreshed', undefined],
    ])
    expect(JSON.stringify(events)).not.toMatch(/name-of-it|bWF0ZXJpYWw/)
  })

  it('has a plain reason for a failure that is no Error', async () => {
    const { server, verifier: make } = await startJwksEndpoint()
    const events = watchJwksEvents()
    const verifier = make({ jwks: { fetch: () => Promise.reject('text') } })
    await expect(verifier.ready()).rejects.toMatchObject({ code: 'keys_unavailable' })
    expect(events).toEqual([
      { event: 'failed', url: server.url, generation: 0, reason: 'the fetch failed' },
    ])
  })

  it('is not published to when nobody subscribes', async () => {
    const publish = vi.spyOn(channel('tenantry:jwks'), 'publish')
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    server.fault = 'status 500'
    clock.advance(600)
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    expect(publish).not.toHaveBeenCalled()
  })
})

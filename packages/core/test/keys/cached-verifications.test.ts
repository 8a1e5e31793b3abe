/** What the cache remembers of a key set that changes. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'
import { type MonotonicClock, stopMonotonicClock } from '../support/monotonic-clock.ts'

let clock: MonotonicClock
beforeEach(() => {
  clock = stopMonotonicClock()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('cached verifications', () => {
  it('outlive a refresh that brings the same text', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const jwt = await issuer.token()
    const first = await verifier.verify(jwt)
    clock.advance(600)
    await verifier.ready()
    expect(server.requests).toBe(2)
    expect(verifier.verifySync(jwt)).toBe(first)
  })

  it('are dropped by a refresh that brings another text, though the key is still there', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const jwt = await issuer.token()
    const first = await verifier.verify(jwt)
    server.document = { ...issuer.keys, note: 'changed' }
    clock.advance(600)
    await verifier.ready()
    const second = verifier.verifySync(jwt)
    expect(second).not.toBe(first)
    expect(verifier.verifySync(jwt)).toBe(second)
  })
})

/** An endpoint that answers with anything but a JWK Set: a failed refresh, and nothing worse. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UnavailableError } from '../../src/index.ts'
import { answerOf, answerOfSync } from '../support/answer.ts'
import { everyFault, type Fault, serveFaultyJwks } from '../support/faulty-jwks-server.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'
import { watchJwksEvents } from '../support/jwks-events.ts'
import { type MonotonicClock, stopMonotonicClock } from '../support/monotonic-clock.ts'

let clock: MonotonicClock
beforeEach(() => {
  clock = stopMonotonicClock()
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Why each answer is refused. Anything else would mean that it was refused by luck. */
const reasons: Partial<Record<Fault, string>> = {
  'status 500': 'the endpoint answered with status 500',
  'status 404': 'the endpoint answered with status 404',
  'status 206': 'the endpoint answered with status 206',
  'HTML with status 200': 'the answer is not a JSON object',
  'a redirect to a good endpoint': 'the endpoint answered with status 302',
  'a permanent redirect': 'the endpoint answered with status 308',
  'no answer at all': 'the endpoint took too long',
  'a byte every few milliseconds, for ever': 'the endpoint took too long',
  'a body of 200 MB': 'the answer is too large',
  'a body of 64 MB in 64 KB of gzip': 'the answer is too large',
  'an empty list of keys': 'the JWK Set is empty',
  'an empty body': 'the answer is not a JSON object',
  'text that is not JSON': 'the answer is not a JSON object',
  'a JSON array': 'the answer is not a JSON object',
  'a keys member that is no list': 'the answer is not a JWK Set',
  'a byte order mark before the JSON': 'the answer is not a JSON object',
  'half of the JSON': 'the answer is not a JSON object',
  'the keys member twice': 'the answer is not a JSON object',
}

const silent: readonly Fault[] = ['no answer at all', 'a byte every few milliseconds, for ever']

/** Only an endpoint that never ends its answer has to be waited for. */
const timeoutFor = (fault: Fault): number => (silent.includes(fault) ? 0.2 : 30)

describe.each(everyFault)('an endpoint that answers with %s', (fault) => {
  it('leaves the last good keys in service', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks: { timeout: timeoutFor(fault) } })
    await verifier.ready()
    server.fault = fault
    clock.advance(601)
    const jwt = await issuer.token()
    expect(await answerOf(verifier, jwt)).toBe('accepted')
    expect(server.requests).toBe(2)
    expect(answerOfSync(verifier, await issuer.token())).toBe('accepted')
    expect(await answerOf(verifier, await issuer.forged())).toBe('signature_invalid')
    server.fault = 'none'
    clock.advance(60)
    expect(await answerOf(verifier, jwt)).toBe('accepted')
    expect(server.requests).toBe(3)
  })

  it('is no fault of the token when there are no keys yet: 503 with Retry-After', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const events = watchJwksEvents()
    server.fault = fault
    const verifier = make({ jwks: { timeout: timeoutFor(fault) } })
    const jwt = await issuer.token()
    const error: unknown = await verifier.verify(jwt).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UnavailableError)
    expect(error).toMatchObject({ code: 'keys_unavailable', status: 503 })
    expect(error).toHaveProperty(['headers', 'retry-after'], expect.stringMatching(/^[1-9]\d*$/))
    expect(answerOfSync(verifier, jwt)).toBe('keys_unavailable')
    await expect(verifier.ready()).rejects.toMatchObject({ code: 'keys_unavailable' })
    expect(server.requests).toBe(1)
    expect(events).toEqual([
      {
        event: 'failed',
        url: server.url,
        generation: 0,
        reason: reasons[fault] ?? expect.any(String),
      },
    ])
  })
})

describe.each(['ECONNREFUSED', 'unknown host'])('an endpoint that is not there (%s)', (kind) => {
  it('is 503 when there are no keys yet', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    await server.close()
    const keys = kind === 'ECONNREFUSED' ? server.url : 'https://jwks.invalid/'
    expect(await answerOf(make({ keys }), await issuer.token())).toBe('keys_unavailable')
  })
})

it('keeps the last good keys in service when the endpoint goes away', async () => {
  const { issuer, server, verifier: make } = await startJwksEndpoint()
  const verifier = make()
  await verifier.ready()
  await server.close()
  clock.advance(601)
  expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
})

it('never follows a redirect, not even to a good endpoint', async () => {
  const target = await serveFaultyJwks({ keys: [] })
  const { issuer, server, verifier: make } = await startJwksEndpoint(target.url)
  target.document = issuer.keys
  server.fault = 'a redirect to a good endpoint'
  expect(await answerOf(make(), await issuer.token())).toBe('keys_unavailable')
  server.fault = 'a permanent redirect'
  expect(await answerOf(make(), await issuer.token())).toBe('keys_unavailable')
  expect(server.requests).toBe(2)
  expect(target.requests).toBe(0)
  await target.close()
})

const gone: readonly Fault[] = [
  'a body of 200 MB',
  'an endless body in wrong UTF-8',
  'a body of 64 MB in 64 KB of gzip',
  'a byte every few milliseconds, for ever',
  'no answer at all',
]

it.each(gone)('hangs up on %s and reads no further', async (fault) => {
  const { issuer, server, verifier: make } = await startJwksEndpoint()
  server.fault = fault
  const verifier = make({ jwks: { timeout: timeoutFor(fault) } })
  expect(await answerOf(verifier, await issuer.token())).toBe('keys_unavailable')
  await vi.waitFor(() => expect(server.underWay).toBe(0))
  expect(server.bytesSent).toBeLessThan(16 * 1024 * 1024)
})

it('accepts an answer of exactly maxBytes, counted in bytes after decompression, and not one more', async () => {
  const { issuer, server, verifier: make } = await startJwksEndpoint()
  server.document = { ...issuer.keys, note: 'é' }
  const maxBytes = Buffer.byteLength(JSON.stringify(server.document))
  const jwt = await issuer.token()
  expect(await answerOf(make({ jwks: { maxBytes } }), jwt)).toBe('accepted')
  expect(await answerOf(make({ jwks: { maxBytes: maxBytes - 1 } }), jwt)).toBe('keys_unavailable')
})

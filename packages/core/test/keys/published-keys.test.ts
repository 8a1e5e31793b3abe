/** What an endpoint may publish: the good keys of a set count, whatever stands beside them. */
import { generateKeyPairSync } from 'node:crypto'
import type { PublicJwk } from '@tenantry/core'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, it } from 'vitest'
import { answerOf } from '../support/answer.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'
import { watchJwksEvents } from '../support/jwks-events.ts'
import { publishedKeys } from '../support/published-key.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const other: PublicJwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'other' }
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })

const bad: [string, unknown, RegExp][] = [
  ['a private key', { ...pair.privateKey.export({ format: 'jwk' }), kid: 'p' }, /private/],
  ['a private key of an unknown type', { kty: 'AKP', priv: 'AAAA' }, /private/],
  ['a secret', { kty: 'oct', k: Buffer.alloc(64, 1).toString('base64url') }, /secret/],
  ['a secret for HS256', { kty: 'oct', alg: 'HS256', k: 'A'.repeat(86) }, /secret/],
  ['an empty secret', { kty: 'oct', k: '' }, /secret/],
  ['a key for encryption', { ...other, use: 'enc' }, /use/],
  ['a key that may not verify', { ...other, key_ops: ['deriveBits'] }, /key_ops/],
  ['a key of an unknown type', { kty: 'AKP', pub: 'AAAA' }, /kty/],
  ['a key without a type', { x: other['x'] }, /kty/],
  ['a key for an algorithm that is not listed', { ...weak, alg: 'RS256' }, /list/],
  ['a point that is not on its curve', { ...other, x: other['y'], y: other['x'] }, /numbers/],
  ['a kid that is no string', { ...other, kid: 7 }, /kid/],
  ['null', null, /JWK object/],
  ['a list', [other], /kty/],
  ['text', 'key', /JWK object/],
]

describe.each(bad)('%s in the set', (_, jwk, reason) => {
  it('is skipped, and the good keys beside it stay', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const events = watchJwksEvents()
    const keys = publishedKeys(issuer)
    server.document = { keys: [jwk, ...keys] }
    const verifier = make()
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    expect(events).toMatchObject([
      { event: 'key_skipped', reason: expect.stringMatching(reason) },
      { event: 'refreshed' },
    ])
    const named = await issuer.token({}, { header: { kid: 'p' } })
    expect(await answerOf(verifier, named)).toBe('key_not_found')
  })

  it('is a failed fetch when there is nothing else', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const events = watchJwksEvents()
    server.document = { keys: [jwk] }
    expect(await answerOf(make(), await issuer.token())).toBe('keys_unavailable')
    expect(events.at(-1)).toMatchObject({
      event: 'failed',
      reason: 'the endpoint publishes no key that can be used',
    })
  })
})

describe('two keys with one kid', () => {
  it('are both skipped, and the others stay', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const events = watchJwksEvents()
    const mine = publishedKeys(issuer)
    const twins = publishedKeys(createTestIssuer({ algorithm: 'ES256' }))
    const doubled = [...mine, ...twins].map((key) => ({ ...key, kid: 'same' }))
    server.document = { keys: [...doubled, other] }
    const jwt = await issuer.token({}, { header: { kid: 'same' } })
    expect(await answerOf(make(), jwt)).toBe('key_not_found')
    expect(events.map(({ event }) => event)).toEqual(['key_skipped', 'key_skipped', 'refreshed'])
  })

  it('do no harm when only one of them can be used', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const mine = publishedKeys(issuer)
    server.document = { keys: [...mine, { ...mine[0], use: 'enc' }] }
    expect(await answerOf(make(), await issuer.token())).toBe('accepted')
  })
})

it('reads a set with members and key members that nobody knows', async () => {
  const { issuer, server, verifier: make } = await startJwksEndpoint()
  const keys = publishedKeys(issuer)
  server.document = { keys: keys.map((key) => ({ ...key, x5c: ['AA'], iat: 1 })), next: null }
  expect(await answerOf(make(), await issuer.token())).toBe('accepted')
})

it('reads keys without names, which take any kid while only one fits', async () => {
  const { issuer, server, verifier: make } = await startJwksEndpoint()
  const [jwk] = publishedKeys(issuer)
  server.document = { keys: [{ ...jwk, kid: undefined }] }
  expect(await answerOf(make(), await issuer.token())).toBe('accepted')
  server.document = {
    keys: [
      { ...jwk, kid: undefined },
      { ...other, kid: undefined },
    ],
  }
  expect(await answerOf(make(), await issuer.token())).toBe('key_not_found')
})

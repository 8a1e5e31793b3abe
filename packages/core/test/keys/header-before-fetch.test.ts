/** Nobody makes a server fetch anything with a token that could never be accepted. */
import { createSign, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { answerOf, answerOfSync } from '../support/answer.ts'
import { serveFaultyJwks } from '../support/faulty-jwks-server.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'

const headers: [string, object, string][] = [
  ['an algorithm that is not listed', { alg: 'RS256' }, 'alg_not_allowed'],
  ['alg none', { alg: 'none' }, 'alg_not_allowed'],
  ['an HMAC algorithm', { alg: 'HS256' }, 'alg_not_allowed'],
  ['an alg that is no string', { alg: ['ES256'] }, 'alg_not_allowed'],
  ['no alg', { alg: undefined }, 'alg_not_allowed'],
  ['crit', { crit: ['exp'], exp: 1 }, 'crit_unsupported'],
  ['b64', { b64: false }, 'crit_unsupported'],
  ['an unexpected typ', { typ: 'dpop+jwt' }, 'typ_unexpected'],
  ['a token inside', { cty: 'JWT' }, 'token_malformed'],
  ['a kid that is a number', { kid: 1 }, 'key_not_found'],
  ['a kid that is null', { kid: null }, 'key_not_found'],
  ['a kid that is an object', { kid: { toString: 'x' } }, 'key_not_found'],
  ['a kid of 257 characters', { kid: 'k'.repeat(257) }, 'key_not_found'],
]

describe.each(headers)('a token with %s', (_, header, code) => {
  it('is refused without a fetch', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    const jwt = await issuer.token({}, { header: { ...header } })
    expect(await answerOf(verifier, jwt)).toBe(code)
    expect(answerOfSync(verifier, jwt)).toBe(code)
    expect(server.requests).toBe(0)
  })
})

it.each([
  ['an empty string', ''],
  ['two segments', 'e30.e30'],
  ['garbage', 'a.b.c'],
  ['spaces', ' . . '],
  ['a token that is too large', `${'a'.repeat(9000)}.e30.e30`],
])('refuses %s without a fetch', async (_, jwt) => {
  const { server, verifier: make } = await startJwksEndpoint()
  expect(await answerOf(make(), jwt)).toMatch(/^token_(malformed|too_large)$/)
  expect(server.requests).toBe(0)
})

it('does ask for a kid of 256 characters: such a key may exist', async () => {
  const { issuer, server, verifier: make } = await startJwksEndpoint()
  const jwt = await issuer.token({}, { header: { kid: 'k'.repeat(256) } })
  expect(await answerOf(make(), jwt)).toBe('key_not_found')
  expect(server.requests).toBe(1)
})

describe('key material and addresses in the header', () => {
  const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = attacker.publicKey.export({ format: 'jwk' })

  it.each(['jku', 'x5u', 'jwk', 'x5c'])('are never read: %s', async (name) => {
    const evil = await serveFaultyJwks({ keys: [jwk] })
    const { issuer, verifier: make } = await startJwksEndpoint()
    const value = { jku: evil.url, x5u: evil.url, jwk, x5c: [evil.url] }[name]
    const good = await issuer.token({}, { header: { [name]: value } })
    const [header, payload] = good.split('.')
    const text = `${header}.${payload}`
    const signature = createSign('sha256')
      .update(text)
      .sign({ key: attacker.privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url')
    expect(await answerOf(make(), good)).toBe('accepted')
    expect(await answerOf(make(), `${text}.${signature}`)).toBe('signature_invalid')
    expect(evil.requests).toBe(0)
    await evil.close()
  })
})

/** Every form in which keys can be given by value, and that they verify. */
import { generateKeyPairSync, type KeyObject, webcrypto } from 'node:crypto'
import { createTestIssuer } from '@tenantry/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Algorithm,
  createVerifier,
  type PublicJwk,
  type VerifierOptions,
} from '../../src/index.ts'
import { answerOf, answerOfSync } from '../support/answer.ts'
import { certificateOf } from '../support/certificate.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'
import { issuerOf } from '../support/published-key.ts'

type Keys = VerifierOptions['keys']

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()
const pkcs1 = (key: KeyObject): string => key.export({ type: 'pkcs1', format: 'pem' }).toString()

const forms: [string, (key: KeyObject, jwk: PublicJwk) => Keys][] = [
  ['a JWK', (_, jwk) => jwk],
  ['a JWK without kid, alg and use', (key) => ({ ...key.export({ format: 'jwk' }) })],
  ['a JWK without a prototype', (_, jwk) => Object.assign(Object.create(null), jwk)],
  ['a JWK Set', (_, jwk) => ({ keys: [jwk] })],
  ['a KeyObject', (key) => key],
  ['PEM of an SPKI', spki],
  ['PEM with CRLF', (key) => spki(key).replaceAll('\n', '\r\n')],
  ['PEM with text around it', (key) => `the key:\n${spki(key)}\nend`],
  ['PEM with escaped line breaks', (key) => spki(key).replaceAll('\n', '\\n')],
  ['PEM with escaped CRLF', (key) => spki(key).replaceAll('\n', '\\r\\n')],
  ['base64 of a PEM', (key) => base64(spki(key))],
  ['base64 of a PEM, in lines', (key) => base64(spki(key)).replace(/.{76}/g, '$&\n')],
  ['a certificate', certificateOf],
  ['base64 of a certificate', (key) => base64(certificateOf(key))],
]

const rsaForms: typeof forms = [
  ['PEM of a PKCS#1 key', pkcs1],
  ['base64 of a PKCS#1 PEM', (key) => base64(pkcs1(key))],
  ['PKCS#1 with escaped line breaks', (key) => pkcs1(key).replaceAll('\n', '\\n')],
]

describe.each(['RS256', 'PS384', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
  '%s',
  (algorithm) => {
    const { issuer, jwk, key } = issuerOf(algorithm)
    let tokens: readonly string[] = []
    beforeAll(async () => {
      const stranger = createTestIssuer({ algorithm })
      tokens = [await issuer.token(), await issuer.forged(), await stranger.token()]
    })

    it.each(key.asymmetricKeyType === 'rsa' ? [...forms, ...rsaForms] : forms)(
      'verifies with %s',
      async (_, form) => {
        const verifier = createVerifier({ keys: form(key, jwk), algorithms: [algorithm] })
        const [good = '', forged = '', strange = ''] = tokens
        expect(answerOfSync(verifier, good)).toBe('accepted')
        expect(await answerOf(verifier, good)).toBe('accepted')
        expect(await answerOf(verifier, forged)).toBe('signature_invalid')
        expect(await answerOf(verifier, strange)).toMatch(/^(signature_invalid|key_not_found)$/)
        await verifier.ready()
        verifier.close()
      },
    )
  },
)

const purposes: [Algorithm, object][] = [
  ['RS256', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }],
  ['RS512', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }],
  ['PS384', { name: 'RSA-PSS', hash: 'SHA-384' }],
  ['ES256', { name: 'ECDSA', namedCurve: 'P-256' }],
  ['EdDSA', { name: 'Ed25519' }],
]

describe.each(purposes)('a CryptoKey for %s', (algorithm, purpose) => {
  it('verifies, by the one algorithm that it is for', async () => {
    const { issuer, jwk } = issuerOf(algorithm)
    const all: Algorithm[] = ['RS256', 'RS512', 'PS384', 'ES256', 'EdDSA']
    const name = { ...purpose } as webcrypto.AlgorithmIdentifier
    const { kty, crv, n, e, x, y } = jwk
    const bare = JSON.parse(JSON.stringify({ kty, crv, n, e, x, y }))
    const key = await webcrypto.subtle.importKey('jwk', bare, name, false, ['verify'])
    const verifier = createVerifier({ keys: key, algorithms: all })
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    expect(await answerOf(verifier, await issuer.forged())).toBe('signature_invalid')
  })
})

describe('a JWKS URL', () => {
  it.each<[string, (url: string) => Keys]>([
    ['a string', (url) => url],
    ['a string with blanks around it', (url) => ` ${url}\n`],
    ['a string with a scheme in capitals', (url) => url.replace('http', 'HTTP')],
    ['a URL', (url) => new URL(url)],
    ['an address on localhost', (url) => url.replace('127.0.0.1', 'localhost')],
  ])('may be %s', async (_, form) => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ keys: form(server.url) })
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    expect(server.requests).toBe(1)
  })

  it.each([
    'https://issuer.example/jwks',
    'http://[::1]:8080/jwks',
    'http://127.255.0.1/jwks',
    'http://localhost/jwks',
  ])('may be %s, and nothing is fetched before it is needed', (url) => {
    let fetches = 0
    const fetch = async (): Promise<Response> => {
      fetches++
      return new Response()
    }
    createVerifier({ keys: url, jwks: { fetch } }).close()
    expect(fetches).toBe(0)
  })
})

describe('a secret', () => {
  it.each(['HS256', 'HS384', 'HS512'] as const)('verifies %s in every form', async (algorithm) => {
    const issuer = createTestIssuer({ algorithm })
    const secret = 'secret' in issuer.keys ? issuer.keys.secret : undefined
    const [jwk = {}]: readonly PublicJwk[] =
      secret !== undefined && 'keys' in secret && Array.isArray(secret.keys) ? secret.keys : []
    const bytes = Buffer.from(String(jwk['k']), 'base64url')
    for (const form of [{ keys: [jwk] }, jwk, bytes, new Uint8Array(bytes)]) {
      const verifier = createVerifier({ keys: { secret: form }, algorithms: [algorithm] })
      expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
      expect(answerOfSync(verifier, await issuer.forged())).toBe('signature_invalid')
    }
  })

  it('is copied: changing the bytes afterwards changes nothing', async () => {
    const issuer = createTestIssuer({ algorithm: 'HS256' })
    const secret = 'secret' in issuer.keys ? issuer.keys.secret : undefined
    const k = /"k":"([^"]+)"/.exec(JSON.stringify(secret))?.[1] ?? ''
    const bytes = Buffer.from(k, 'base64url')
    const verifier = createVerifier({ keys: { secret: bytes }, algorithms: ['HS256'] })
    bytes.fill(0)
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
  })

  it('may be of exactly the length of the hash', () => {
    for (const [algorithm, bytes] of [
      ['HS256', 32],
      ['HS384', 48],
      ['HS512', 64],
    ] as const) {
      const keys = { secret: new Uint8Array(bytes) }
      expect(() => createVerifier({ keys, algorithms: [algorithm] })).not.toThrow()
    }
  })
})

it('skips the keys of a set that are for something else', async () => {
  const { issuer, jwk } = issuerOf('ES256')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
    format: 'jwk',
  })
  const keys = [{ ...rsa, use: 'enc' }, { kty: 'AKP' }, { ...rsa, kid: 'r' }, jwk]
  const verifier = createVerifier({ keys: { keys }, algorithms: ['ES256'] })
  expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
  const named = await issuer.token({}, { header: { kid: 'r' } })
  expect(await answerOf(verifier, named)).toBe('key_not_found')
})

it('skips a key of a set that several listed algorithms fit', async () => {
  const { issuer, jwk } = issuerOf('RS256')
  const other = issuerOf('RS256')
  const vague = { ...other.jwk, alg: undefined }
  const algorithms: Algorithm[] = ['RS256', 'PS256']
  const verifier = createVerifier({ keys: { keys: [vague, jwk] }, algorithms })
  expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
  expect(await answerOf(verifier, await other.issuer.token())).toBe('key_not_found')
})

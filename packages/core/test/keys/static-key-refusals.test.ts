/** What the `keys` option refuses when the verifier is made, without a word of the key itself. */
import { createSecretKey, generateKeyPairSync, type KeyObject, webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../support/refusal.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
const jwkOf = (key: KeyObject): Record<string, unknown> => ({ ...key.export({ format: 'jwk' }) })
const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()
const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const rsaJwk = jwkOf(rsa.publicKey)
const ecJwk = jwkOf(ec.publicKey)
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7)
const oct = (length: number): object => ({
  kty: 'oct',
  k: Buffer.from(bytes(length)).toString('base64url'),
})

type Case = [what: string, keys: unknown, says: RegExp, algorithms?: readonly string[]]

function refuses(cases: readonly Case[]): void {
  it.each(cases)('refuses %s', (_, keys, says, algorithms = ['RS256']) => {
    const message = refusalOf({ keys, algorithms })
    expect(message).toMatch(says)
    expect(message).toMatch(/"(keys|algorithms)"/)
  })
}

describe('what is no key', () => {
  refuses([
    ['undefined', undefined, /missing/],
    ['null', null, /missing/],
    ['a number', 42, /give a JWKS URL/],
    ['a boolean', true, /give a JWKS URL/],
    ['a symbol', Symbol('key'), /give a JWKS URL/],
    ['a function', () => rsaJwk, /give a JWKS URL/],
    ['an empty object', {}, /kty/],
    ['a list', [rsaJwk], /kty/],
    ['bytes', bytes(64), /kty/],
    ['a boxed string', Object('https://issuer.example/jwks'), /kty/],
    ['inherited members', Object.create(rsaJwk), /kty/],
    ['an empty string', '', /neither/],
    ['garbage', 'correct horse battery staple', /neither/],
    ['base64 of garbage', Buffer.from('correct horse').toString('base64'), /neither/],
    ['JSON text of a JWK', JSON.stringify(rsaJwk), /neither/],
    ['an empty set', { keys: [] }, /empty/],
    ['a set that is no list', { keys: { 0: rsaJwk } }, /list/],
    ['a set of nothing', { keys: [null, 7, 'key'] }, /no key can be used/],
    ['an address in a set', { keys: 'https://issuer.example/jwks' }, /list/],
  ])
})

describe('addresses', () => {
  refuses([
    ['plain http', 'http://issuer.example/jwks', /https/],
    ['plain http in a URL', new URL('http://issuer.example/jwks'), /https/],
    ['a name that only begins like loopback', 'http://localhost.example/jwks', /https/],
    ['a name that only looks like loopback', 'http://127.0.0.1.example/jwks', /https/],
    ['a user that looks like loopback', 'http://localhost@issuer.example/', /user name/],
    ['any address of this machine', 'http://0.0.0.0/jwks', /https/],
    ['ftp', 'ftp://issuer.example/jwks', /https/],
    ['ftp on loopback', 'ftp://127.0.0.1/jwks', /https/],
    ['a file', new URL('file:///etc/jwks.json'), /https/],
    ['data', new URL('data:application/json,{"keys":[]}'), /https/],
    ['a user name', 'https://user@issuer.example/jwks', /user name/],
    ['a password', 'https://user:password-in-address@issuer.example/', /user name/],
    ['a host that is none', 'https://', /valid URL/],
    ['one slash', 'https:/issuer.example/jwks', /neither/],
  ])

  it('refuses options for a JWKS URL that go with keys by value', () => {
    expect(refusalOf({ keys: rsaJwk, jwks: { ttl: 60 } })).toMatch(/"jwks"/)
  })
})

describe('private keys', () => {
  refuses([
    ['an RSA JWK', jwkOf(rsa.privateKey), /private/],
    ['an EC JWK', jwkOf(ec.privateKey), /private/, ['ES256']],
    ['an Ed25519 JWK', jwkOf(ed.privateKey), /private/, ['EdDSA']],
    ['an RSA JWK with prime factors only', { ...rsaJwk, p: 'AQAB' }, /private/],
    ['a private member that is null', { ...rsaJwk, d: null }, /private/],
    ['one in a set', { keys: [rsaJwk, jwkOf(ec.privateKey)] }, /key 2 .* private/],
    ['one of an unknown type in a set', { keys: [rsaJwk, { kty: 'AKP', priv: 'A' }] }, /private/],
    ['PKCS#8', pkcs8(rsa.privateKey), /private/],
    ['base64 of PKCS#8', Buffer.from(pkcs8(rsa.privateKey)).toString('base64'), /private/],
    ['PKCS#1', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }), /private/],
    ['SEC1', ec.privateKey.export({ type: 'sec1', format: 'pem' }), /private/, ['ES256']],
    [
      'an encrypted one',
      rsa.privateKey.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-128-cbc',
        passphrase: 'passphrase',
      }),
      /private/,
    ],
    ['a private KeyObject', rsa.privateKey, /no public key/],
    ['a secret KeyObject', createSecretKey(bytes(64)), /no public key/],
  ])

  it('refuses a private and a secret CryptoKey', async () => {
    const name = { name: 'ECDSA', namedCurve: 'P-256' }
    const pair = await webcrypto.subtle.generateKey(name, true, ['sign', 'verify'])
    const hmac = { name: 'HMAC', hash: 'SHA-256' }
    const secret = await webcrypto.subtle.generateKey(hmac, true, ['sign', 'verify'])
    for (const keys of [pair.privateKey, secret]) {
      expect(refusalOf({ keys, algorithms: ['ES256'] })).toMatch(/"keys": no public key/)
    }
  })
})

describe('PEM', () => {
  const lines = spki(rsa.publicKey).split('\n')
  refuses([
    ['two keys', spki(rsa.publicKey) + spki(ec.publicKey), /more than one/],
    ['a private key after a public one', spki(rsa.publicKey) + pkcs8(rsa.privateKey), /more than/],
    ['a key without an end', lines.slice(0, -2).join('\n'), /no public key/],
    ['a key that is cut', [...lines.slice(0, 3), ...lines.slice(-2)].join('\n'), /no public key/],
    ['an empty block', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----', /no public key/],
    ['a half label', '-----BEGIN', /neither/],
    ['another kind of block', spki(rsa.publicKey).replaceAll('PUBLIC KEY', 'X509 CRL'), /public/],
    ['a key for PSS only', spki(pss.publicKey), /no public key/, ['PS256']],
    ['an EC key for RS256', spki(ec.publicKey), /no listed algorithm/],
  ])
})

describe('purpose', () => {
  refuses([
    ['no alg where several fit', rsaJwk, /more than one/, ['RS256', 'PS256']],
    ['a PEM where several fit', spki(rsa.publicKey), /more than one/, ['RS256', 'RS512']],
    ['a set of such keys', { keys: [rsaJwk] }, /no key can be used.*more/, ['RS256', 'RS512']],
    ['an alg that is not listed', { ...rsaJwk, alg: 'RS512' }, /not in the list/],
    ['an alg of another kty', { ...rsaJwk, alg: 'ES256' }, /does not go/, ['RS256', 'ES256']],
    ['an alg of another crv', { ...ecJwk, alg: 'ES384' }, /does not go/, ['ES256', 'ES384']],
    ['that inside a set', { keys: [rsaJwk, { ...ecJwk, alg: 'EdDSA' }] }, /key 2 .*does not go/],
    ['an alg for encryption', { ...rsaJwk, alg: 'RSA-OAEP' }, /signature algorithm/],
    ['an alg that is no string', { ...rsaJwk, alg: ['RS256'] }, /signature algorithm/],
    ['an alg of Object.prototype', { ...rsaJwk, alg: 'constructor' }, /signature algorithm/],
    ['use enc', { ...rsaJwk, use: 'enc' }, /use/],
    ['use that is no string', { ...rsaJwk, use: ['sig'] }, /use/],
    ['key_ops without verify', { ...rsaJwk, key_ops: ['encrypt'] }, /key_ops/],
    ['key_ops that is a string', { ...rsaJwk, key_ops: 'verify' }, /key_ops/],
    ['a kid that is a number', { ...rsaJwk, kid: 1 }, /kid/],
    ['an empty kid', { ...rsaJwk, kid: '' }, /kid/],
    ['a kid of 257 characters', { ...rsaJwk, kid: 'k'.repeat(257) }, /kid/],
    ['an unknown kty', { ...rsaJwk, kty: 'RSA2' }, /kty/],
    ['another curve', { ...ecJwk, crv: 'secp256k1' }, /no listed/, ['ES256']],
    ['Ed448', { kty: 'OKP', crv: 'Ed448', x: 'A'.repeat(76) }, /no listed/, ['EdDSA']],
    ['a kid twice', { keys: [rsaJwk, rsaJwk].map((k) => ({ ...k, kid: 'same' })) }, /kid/],
  ])

  it('refuses a CryptoKey that is for something else', async () => {
    const ecdh = { name: 'ECDH', namedCurve: 'P-256' }
    const agreement = await webcrypto.subtle.generateKey(ecdh, true, ['deriveBits'])
    const keys = agreement.publicKey
    expect(refusalOf({ keys, algorithms: ['ES256'] })).toMatch(/"keys".*key_ops/)
    const name = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }
    const rs512 = await webcrypto.subtle.importKey('jwk', rsaJwk, name, true, ['verify'])
    expect(refusalOf({ keys: rs512, algorithms: ['RS256'] })).toMatch(/"keys".*not in the list/)
    const sha1 = { ...name, hash: 'SHA-1' }
    const rs1 = await webcrypto.subtle.importKey('jwk', rsaJwk, sha1, true, ['verify'])
    expect(refusalOf({ keys: rs1, algorithms: ['RS256'] })).toMatch(/signature algorithm/)
  })
})

describe('secrets', () => {
  const short = /shorter than/
  refuses([
    ['a public key for HS256', rsaJwk, /algorithms/, ['HS256']],
    ['a PEM for HS256', spki(rsa.publicKey), /algorithms/, ['HS256']],
    ['a public key for RS256 and HS256', rsaJwk, /algorithms/, ['RS256', 'HS256']],
    ['a secret for RS256', { secret: bytes(64) }, /algorithms/],
    ['a secret for HS256 and RS256', { secret: bytes(64) }, /algorithms/, ['HS256', 'RS256']],
    ['an oct JWK that is not in { secret }', oct(64), /only ever comes as \{ secret \}/],
    ['one in a set', { keys: [rsaJwk, oct(64)] }, /key 2 .*only ever/],
    [
      'a string',
      { secret: 'correct horse battery staple, and then some more' },
      /never a string/,
      ['HS256'],
    ],
    ['a missing secret', { secret: undefined }, /never a string/, ['HS256']],
    ['null', { secret: null }, /never a string/, ['HS256']],
    ['a number', { secret: 7 }, /never a string/, ['HS256']],
    ['a KeyObject', { secret: createSecretKey(bytes(64)) }, /kty/, ['HS256']],
    ['no bytes', { secret: bytes(0) }, /empty/, ['HS256']],
    ['an empty k', { secret: { kty: 'oct', k: '' } }, /empty/, ['HS256']],
    ['31 bytes for HS256', { secret: bytes(31) }, short, ['HS256']],
    ['47 bytes for HS384', { secret: bytes(47) }, short, ['HS384']],
    ['63 bytes for HS512', { secret: bytes(63) }, short, ['HS512']],
    ['a short one in a set', { secret: { keys: [oct(32), oct(31)] } }, /key 2 .*short/, ['HS256']],
    ['bytes where several fit', { secret: bytes(64) }, /more than one/, ['HS256', 'HS512']],
    ['a public key as the secret', { secret: rsaJwk }, /mixed/, ['HS256']],
    ['a mixed set', { secret: { keys: [oct(64), rsaJwk] } }, /mixed/, ['HS256']],
    ['an empty set', { secret: { keys: [] } }, /empty/, ['HS256']],
    [
      'the bytes of a PEM',
      { secret: Buffer.from(spki(rsa.publicKey)) },
      /text of a PEM/,
      ['HS256'],
    ],
    [
      'the bytes of a PEM behind white space',
      { secret: Buffer.from(`\ufeff \r\n${spki(rsa.publicKey)}`) },
      /text of a PEM/,
      ['HS256'],
    ],
    ['a secret beside other members', { secret: bytes(64), kid: 'a' }, /nothing else/, ['HS256']],
  ])
})

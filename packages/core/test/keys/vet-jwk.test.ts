/** JWKs whose members are missing, of another type, or written in another way than they must be. */
import { generateKeyPairSync } from 'node:crypto'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, it } from 'vitest'
import { createVerifier, type PublicJwk } from '../../src/index.ts'
import { staticKeySource } from '../../src/keys/key-source.ts'
import { readStaticKeys } from '../../src/keys/static-keys.ts'
import { answerOf } from '../support/answer.ts'
import { publishedKeys } from '../support/published-key.ts'
import { refusalOf } from '../support/refusal.ts'

const jwkOf = (pair: ReturnType<typeof generateKeyPairSync>): PublicJwk => ({
  ...pair.publicKey.export({ format: 'jwk' }),
})
const rsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))
const ec = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
const ed = jwkOf(generateKeyPairSync('ed25519'))
const algorithms = ['RS256', 'ES256', 'EdDSA'] as const

const members: [string, PublicJwk, string][] = [
  ['RSA', rsa, 'n'],
  ['RSA', rsa, 'e'],
  ['EC', ec, 'crv'],
  ['EC', ec, 'x'],
  ['EC', ec, 'y'],
  ['OKP', ed, 'crv'],
  ['OKP', ed, 'x'],
]

describe.each(members)('a key of type %s', (_, jwk, member) => {
  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a number', 65537],
    ['a list', [jwk[member]]],
  ])(`is refused when ${member} is %s`, (_, value) => {
    expect(refusalOf({ keys: { ...jwk, [member]: value }, algorithms })).toMatch(/"keys"/)
    expect(refusalOf({ keys: { keys: [{ ...jwk, [member]: value }] }, algorithms })).toMatch(
      /key 1/,
    )
  })
})

const numbers = members.filter(([, , member]) => member !== 'crv')

describe.each(numbers)('a number of a key of type %s', (_, jwk, member) => {
  const text = String(jwk[member])
  it.each<[string, string]>([
    ['empty', ''],
    ['padded', `${text}=`],
    ['in plain base64', `+/${text.slice(2)}`],
    ['followed by a line break', `${text}\n`],
    ['of an impossible length', `${text}AAAAA`.slice(0, text.length - (text.length % 4) + 1)],
    ['in hexadecimal with a prefix', `0x:${text}`],
  ])(`is refused when ${member} is %s`, (_, value) => {
    const message = refusalOf({ keys: { ...jwk, [member]: value }, algorithms })
    expect(message).toMatch(/missing or not base64url/)
  })
})

it('refuses a number whose last character carries bits that no byte needs', () => {
  // 65537 is AQAB; 3 is Aw, of which Ax is another spelling.
  expect(refusalOf({ keys: { ...rsa, e: 'Ax' } })).toMatch(/base64url/)
  expect(() => createVerifier({ keys: { ...rsa, e: 'Aw' } })).not.toThrow()
})

it.each([undefined, null, 7, 'not+base64url', 'AA='])('refuses a secret of k %j', (k) => {
  const keys = { secret: { kty: 'oct', k } }
  expect(refusalOf({ keys, algorithms: ['HS256'] })).toMatch(/base64url/)
})

it('reads own members only, whatever somebody put on Object.prototype', async () => {
  const issuer = createTestIssuer({ algorithm: 'ES256' })
  const [jwk = {}] = publishedKeys(issuer)
  Object.defineProperty(Object.prototype, 'd', { value: 'polluted', configurable: true })
  Object.defineProperty(Object.prototype, 'use', { value: 'enc', configurable: true })
  try {
    const { use: _, ...bare } = jwk
    const verifier = createVerifier({ keys: bare, algorithms: ['ES256'] })
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
  } finally {
    Reflect.deleteProperty(Object.prototype, 'd')
    Reflect.deleteProperty(Object.prototype, 'use')
  }
})

it('keeps keys that were given by value for ever: nothing to wait for, nothing newer', async () => {
  const keys = readStaticKeys(ec, ['ES256'])
  const source = staticKeySource(keys)
  expect(source.current()).toBe(keys)
  expect(await source.load()).toBe(keys)
  expect(await source.renew(keys)).toBe(keys)
  expect(source.mayChange()).toBe(false)
  expect(source.unavailable().retryAfter).toBe(1)
})

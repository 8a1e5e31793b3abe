/** Keys that parse and must never be trusted, made by arithmetic, and their neighbours that are sound. */
import { describe, expect, it } from 'vitest'
import { createVerifier, type PublicJwk } from '../../src/index.ts'
import { encodePoint, fieldPrime, lowOrderCoordinates } from '../support/ed25519-points.ts'
import { refusalOf } from '../support/refusal.ts'
import { describeVectors, readVectors } from '../support/third-party.ts'

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

function integer(value: bigint): string {
  const hex = value.toString(16)
  return base64url(Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'))
}

const rsaJwk = (modulus: bigint, exponent = 65537n): PublicJwk => ({
  kty: 'RSA',
  n: integer(modulus),
  e: integer(exponent),
})

/** An odd number of so many bits that no weakness was built into. */
const modulusOf = (bits: number): bigint => 2n ** BigInt(bits - 1) + 3n ** 100n * 2n + 1n

describe('RSA', () => {
  it.each<[string, object, RegExp]>([
    ['1024 bits', rsaJwk(modulusOf(1024)), /1024 bits/],
    ['2047 bits', rsaJwk(modulusOf(2047)), /2047 bits/],
    ['8193 bits', rsaJwk(modulusOf(8193)), /8193 bits/],
    ['a modulus of 0', { ...rsaJwk(modulusOf(2048)), n: 'AA' }, /1 bits/],
    ['an even modulus', rsaJwk(modulusOf(2048) + 1n), /even/],
    ['exponent 0', { ...rsaJwk(modulusOf(2048)), e: 'AA' }, /exponent/],
    ['exponent 1', rsaJwk(modulusOf(2048), 1n), /exponent/],
    ['exponent 2', rsaJwk(modulusOf(2048), 2n), /exponent/],
    ['an even exponent', rsaJwk(modulusOf(2048), 65536n), /exponent/],
    ['an exponent of 65 bits', rsaJwk(modulusOf(2048), 2n ** 64n + 1n), /64 bits/],
  ])('is refused with %s', (_, keys, says) => {
    expect(refusalOf({ keys })).toMatch(says)
    expect(refusalOf({ keys: { keys: [keys] } })).toMatch(says)
  })

  it.each([
    ['2048 bits', rsaJwk(modulusOf(2048))],
    ['8192 bits', rsaJwk(modulusOf(8192))],
    ['exponent 3', rsaJwk(modulusOf(2048), 3n)],
    ['an exponent of 64 bits', rsaJwk(modulusOf(2048), 2n ** 64n - 1n)],
  ])('is accepted with %s', (_, keys) => {
    expect(() => createVerifier({ keys })).not.toThrow()
  })
})

describe('ROCA (CVE-2017-15361)', () => {
  /** The product of the small primes that every such modulus was built around. */
  const primes = Array.from({ length: 166 }, (_, index) => index + 2).filter((candidate) =>
    Array.from({ length: candidate - 2 }, (_, index) => index + 2).every((n) => candidate % n),
  )
  const product = primes.reduce((whole, prime) => whole * BigInt(prime), 1n)

  function powerModulo(base: bigint, exponent: number): bigint {
    let result = 1n
    for (let count = 0; count < exponent; count++) result = (result * base) % product
    return result
  }

  it.each([0, 1, 2, 1000, 65_000])('is refused: a modulus that is 65537^%d', (exponent) => {
    const roca = (2n ** 2047n / product + 1n) * product + powerModulo(65537n, exponent)
    expect(refusalOf({ keys: rsaJwk(roca) })).toMatch(/ROCA/)
    expect(() => createVerifier({ keys: rsaJwk(roca + 2n) })).not.toThrow()
  })

  it('is not suspected when the fingerprint is missing at a single prime', () => {
    let tried = 0
    for (const prime of primes.map(BigInt)) {
      const powers = new Set<bigint>()
      for (let power = 1n; !powers.has(power); power = (power * 65537n) % prime) powers.add(power)
      const rest = product / prime
      const modulus = (times: bigint): bigint => (2n ** 2047n / rest + times) * rest + 1n
      const misses = Array.from({ length: Number(prime) }, (_, times) =>
        modulus(BigInt(times + 1)),
      ).filter((candidate) => candidate % prime !== 0n && !powers.has(candidate % prime))
      const [other] = misses
      if (other === undefined || prime === 2n) continue
      expect(() => createVerifier({ keys: rsaJwk(other) })).not.toThrow()
      tried++
    }
    expect(tried).toBeGreaterThan(10)
  })

  describeVectors('wycheproof/jose', 'Wycheproof', () => {
    it('is refused in the key of the project', () => {
      interface Group {
        readonly comment: string
        readonly public: { readonly keys: readonly object[] }
      }
      const { testGroups }: { testGroups: readonly Group[] } = readVectors(
        'wycheproof/jose/json_web_key_test.json',
      )
      const group = testGroups.find(({ comment }) => comment === 'jws_rsa_roca_key')
      const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
      expect(refusalOf({ keys: group?.public, algorithms })).toMatch(/ROCA/)
    })
  })
})

describe('Ed25519', () => {
  const refusalOfPoint = (point: Uint8Array): string =>
    refusalOf({ keys: { kty: 'OKP', crv: 'Ed25519', x: base64url(point) }, algorithms: ['EdDSA'] })

  it('refuses every point of low order, with either sign', () => {
    const coordinates = lowOrderCoordinates()
    expect(coordinates).toHaveLength(5)
    for (const y of coordinates) {
      for (const sign of [0, 1] as const) {
        expect(refusalOfPoint(encodePoint(y, sign))).toMatch(/low order/)
      }
    }
  })

  it('refuses every coordinate that is not below the field prime, with either sign', () => {
    for (let y = fieldPrime; y < 2n ** 255n; y++) {
      for (const sign of [0, 1] as const) {
        expect(refusalOfPoint(encodePoint(y, sign))).toMatch(/low order|canonical/)
      }
    }
  })

  it('accepts the base point and its negative, and the largest coordinate', () => {
    // RFC 8032 section 5.1: the y of the base point is 4/5.
    const y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n
    for (const point of [encodePoint(y, 0), encodePoint(y, 1), encodePoint(fieldPrime - 2n, 0)]) {
      const keys = { kty: 'OKP', crv: 'Ed25519', x: base64url(point) }
      expect(() => createVerifier({ keys, algorithms: ['EdDSA'] })).not.toThrow()
    }
  })

  it.each([0, 31, 33, 64])('refuses a key of %d bytes', (length) => {
    expect(refusalOfPoint(Buffer.alloc(length, 9))).toMatch(/32 bytes|base64url/)
  })
})

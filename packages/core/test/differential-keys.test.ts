/** Keys and signatures that jose takes as they come, and what becomes of them here. */
import { createHmac, randomBytes } from 'node:crypto'
import { compactVerify, importJWK, type JWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../src/crypto/algorithms.ts'
import { createVerifier, type PublicJwk, type PublicJwks, TokenError } from '../src/index.ts'
import { passesJwsStage } from './support/jws-stage.ts'
import { ec, goodClaims, mint, now, rsa, segment } from './support/mint.ts'
import { describeVectors, readVectors } from './support/third-party.ts'
import { casesOf, type WycheproofFile } from './support/wycheproof.ts'

const clock = new Date(now * 1000)

async function joseAccepts(jwt: string, jwk: PublicJwk, algorithm: string): Promise<boolean> {
  return await importJWK(jwk as JWK, algorithm)
    .then((key) => jwtVerify(jwt, key, { algorithms: [algorithm], currentDate: clock }))
    .then(
      () => true,
      () => false,
    )
}

/** Why our verifier cannot be made with the key, or what it makes of the token. */
async function ours(jwt: string, jwk: PublicJwk, algorithm: Algorithm): Promise<string> {
  const keys = jwk.kty === 'oct' ? { secret: jwk } : jwk
  try {
    const verifier = createVerifier({ keys, algorithms: [algorithm], now: () => clock })
    await verifier.verify(jwt)
    return 'accepted'
  } catch (error) {
    return error instanceof TokenError ? error.code : String(error)
  }
}

const text = (alg: string): string => `${segment({ alg })}.${segment(goodClaims)}`

/** A padded SHA-256 digest as RSASSA-PKCS1-v1_5 signs it. With e = 1 it is its own signature. */
async function paddedDigest(message: string, length: number): Promise<Buffer> {
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(message))
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const tail = Buffer.concat([Buffer.from([0]), info, Buffer.from(digest)])
  const filling = Buffer.alloc(length - 2 - tail.length, 0xff)
  return Buffer.concat([Buffer.from([0, 1]), filling, tail])
}

describe('A token that anybody could have signed', () => {
  it('is accepted by jose under an RSA key with e = 1, and the key is refused here', async () => {
    const { n } = rsa.publicKey.export({ format: 'jwk' })
    const jwk = { kty: 'RSA', n, e: 'AQ' }
    const jwt = `${text('RS256')}.${segment(await paddedDigest(text('RS256'), 256))}`
    expect(await joseAccepts(jwt, jwk, 'RS256')).toBe(true)
    expect(await ours(jwt, jwk, 'RS256')).toMatch(/exponent is not odd/)
  })

  it('is accepted by jose under the identity point of Ed25519, and the key is refused here', async () => {
    const identity = Buffer.alloc(32)
    identity[0] = 1
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: segment(identity) }
    const jwt = `${text('EdDSA')}.${segment(Buffer.concat([identity, Buffer.alloc(32)]))}`
    expect(await joseAccepts(jwt, jwk, 'EdDSA')).toBe(true)
    expect(await ours(jwt, jwk, 'EdDSA')).toMatch(/low order/)
  })

  it.each([
    ['HS256', 31],
    ['HS384', 47],
    ['HS512', 63],
  ] as const)(
    'is accepted by jose under a secret for %s of %i bytes, and the secret is refused here',
    async (algorithm, length) => {
      const sign = (secret: Buffer): string => {
        const hash = `sha${algorithm.slice(2)}`
        return `${text(algorithm)}.${createHmac(hash, secret).update(text(algorithm)).digest('base64url')}`
      }
      const secret = randomBytes(length)
      const jwk = { kty: 'oct', k: segment(secret) }
      expect(await joseAccepts(sign(secret), jwk, algorithm)).toBe(true)
      expect(await ours(sign(secret), jwk, algorithm)).toMatch(/shorter than the/)
      const long = Buffer.concat([secret, Buffer.from([1])])
      const sound = { kty: 'oct', k: segment(long) }
      expect(await ours(sign(long), sound, algorithm)).toBe('accepted')
    },
  )

  it('is not accepted by a key without alg for another algorithm than the listed one', async () => {
    const jwk = rsa.publicKey.export({ format: 'jwk' })
    const jwt = mint({ alg: 'RS512' }, goodClaims, rsa.privateKey, 'sha512')
    expect(await joseAccepts(jwt, jwk, 'RS512')).toBe(true)
    expect(await ours(jwt, jwk, 'RS256')).toBe('alg_not_allowed')
    expect(await ours(jwt, { ...jwk, alg: 'RS256' }, 'RS512')).toMatch(/its alg is not in the list/)
  })

  it('is not accepted by a named key for another algorithm, though both are listed', async () => {
    const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), alg: 'RS256', kid: 'a' }
    const verifier = createVerifier({
      keys: { keys: [jwk] },
      algorithms: ['RS256', 'RS512'],
      now: () => clock,
    })
    const rs512 = mint({ alg: 'RS512', kid: 'a' }, goodClaims, rsa.privateKey, 'sha512')
    await expect(verifier.verify(rs512)).rejects.toMatchObject({ code: 'alg_not_allowed' })
    const rs256 = mint({ alg: 'RS256', kid: 'a' }, goodClaims)
    await expect(verifier.verify(rs256)).resolves.toBeDefined()
  })
})

describe('An ES256 signature', () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const jwk = ec.publicKey.export({ format: 'jwk' })
  const good = mint({ alg: 'ES256' }, goodClaims, ec.privateKey)
  const bytes = Buffer.from(good.slice(good.lastIndexOf('.') + 1), 'base64url')
  const r = BigInt(`0x${bytes.subarray(0, 32).toString('hex')}`)
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  const signedWith = (first: bigint, second: bigint): string => {
    const hex = [first, second].map((number) => number.toString(16).padStart(64, '0')).join('')
    return `${text('ES256')}.${Buffer.from(hex, 'hex').toString('base64url')}`
  }

  it('has a twin that both accept: RFC 7518 does not ask for the smaller s', async () => {
    expect(signedWith(r, s)).toBe(good)
    const twin = signedWith(r, order - s)
    expect(await joseAccepts(twin, jwk, 'ES256')).toBe(true)
    expect(await ours(twin, jwk, 'ES256')).toBe('accepted')
  })

  const edges = [0n, 1n, order - 1n, order, order + 1n, 2n ** 256n - 1n]
  it.each(
    edges.flatMap((first) => [
      ...edges.map((second) => [first, second] as const),
      [first, s] as const,
      [r, first] as const,
    ]),
  )('of r = %s and s = %s is refused by both', async (first, second) => {
    const jwt = signedWith(first, second)
    expect(await joseAccepts(jwt, jwk, 'ES256')).toBe(false)
    expect(await ours(jwt, jwk, 'ES256')).toBe('signature_invalid')
  })
})

describeVectors('wycheproof/jose', 'Keys of Wycheproof that jose takes', () => {
  const path = 'wycheproof/jose/json_web_key_test.json'
  const cases = casesOf(readVectors<WycheproofFile<PublicJwks>>(path))

  it.each([
    [7, 'RS256', 'a modulus with the ROCA weakness', /ROCA/],
    [9, 'RS256', 'an exponent of 1', /exponent is not odd/],
    [10, 'HS256', 'a short secret', /shorter than the 32 bytes/],
    [11, 'HS384', 'a short secret', /shorter than the 48 bytes/],
    [12, 'HS512', 'a short secret', /shorter than the 64 bytes/],
  ] as const)('are refused here in case %i (%s): %s', async (id, algorithm, _, reason) => {
    const found = cases.find(({ tcId }) => tcId === id)
    const [jwk = {}] = found?.key.keys ?? []
    const key = await importJWK(jwk as JWK, algorithm)
    await expect(compactVerify(String(found?.jws), key)).resolves.toBeDefined()
    const keys = jwk.kty === 'oct' ? { secret: jwk } : jwk
    expect(await passesJwsStage(found?.jws, keys, algorithm)).toMatch(reason)
  })
})

/** The examples of RFC 7520, RFC 7797 and RFC 8037. Their payloads are prose, so none is a token. */
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../src/crypto/algorithms.ts'
import { createVerifier, type PublicJwk } from '../../src/index.ts'
import { passesJwsStage, verifyJws } from '../support/jws-stage.ts'
import { rsa } from '../support/mint.ts'
import { describeVectors, readVectors } from '../support/third-party.ts'

interface Example {
  readonly input: { readonly key: PublicJwk; readonly alg: Algorithm }
  readonly output: {
    readonly compact?: string
    readonly json?: unknown
    readonly json_flat?: unknown
  }
}

/** The examples come with the private key, which a verifier has no use for. */
function publicHalf({ d, p, q, dp, dq, qi, ...jwk }: PublicJwk): PublicJwk {
  return jwk
}

const signed: [path: string, algorithm: Algorithm][] = [
  ['jws/4_1.rsa_v15_signature.json', 'RS256'],
  ['jws/4_2.rsa-pss_signature.json', 'PS384'],
  ['jws/4_3.ecdsa_signature.json', 'ES512'],
  ['jws/4_4.hmac-sha2_integrity_protection.json', 'HS256'],
  ['curve25519/jws.json', 'EdDSA'],
]

const refused: [path: string, why: string, code: string][] = [
  ['jws/4_5.signature_with_detached_content.json', 'its content is not in it', 'signature_invalid'],
  ['rfc7797/hmac-sha2_b64_false.json', 'its payload is not encoded', 'token_malformed'],
]

const jsonOnly = [
  'jws/4_6.protecting_specific_header_fields.json',
  'jws/4_7.protecting_content_only.json',
  'jws/4_8.multiple_signatures.json',
  'rfc7797/4.2.hmac-sha2_b64_false.json',
]

const read = (path: string): Example => readVectors<Example>(`cookbook/${path}`)

describeVectors('cookbook', 'The JOSE cookbook', () => {
  it.each(signed)('has a good %s signature in %s', async (path, algorithm) => {
    const { input, output } = read(path)
    expect(input.alg).toBe(algorithm)
    expect(await verifyJws(output.compact, publicHalf(input.key), algorithm)).toBe('accepted')
  })

  it.each(signed)('has, in %s, no claims: a %s verifier says so', async (path, algorithm) => {
    const { input, output } = read(path)
    const jwk = publicHalf(input.key)
    const keys = jwk.kty === 'oct' ? { secret: jwk } : jwk
    expect(await passesJwsStage(output.compact, keys, algorithm)).toBe('accepted')
  })

  it.each(refused)('is refused in %s, because %s', async (path, _, code) => {
    const { input, output } = read(path)
    expect(output.compact).toBeTypeOf('string')
    expect(await verifyJws(output.compact, input.key, 'HS256')).toBe(code)
  })

  it('is refused for b64 and crit even where the payload is of the right alphabet', async () => {
    const { input, output } = read('rfc7797/hmac-sha2_b64_false.json')
    const jws = String(output.compact).replace(/\..*\./, '.cGF5bG9hZA.')
    expect(await verifyJws(jws, input.key, 'HS256')).toBe('crit_unsupported')
  })

  it.each([...signed, ...refused].map(([path]) => path).concat(jsonOnly))(
    'is refused in the JSON serializations of %s',
    async (path) => {
      const { json, json_flat: flat } = read(path).output
      const secret = read('jws/4_4.hmac-sha2_integrity_protection.json').input.key
      const serializations = [json, flat].filter((value) => value !== undefined)
      expect(serializations.length).toBeGreaterThan(0)
      for (const value of serializations) {
        expect(await verifyJws(value, secret, 'HS256')).toBe('token_malformed')
        expect(await verifyJws(JSON.stringify(value), secret, 'HS256')).toBe('token_malformed')
      }
    },
  )

  describe('of nested tokens', () => {
    const nested = readVectors<{ sign: Example; encrypt: Example }>(
      'cookbook/6.nesting_signatures_and_encryption.json',
    )

    it('has a good inner token, which is no access token any more', async () => {
      const { input, output } = nested.sign
      const jwk = publicHalf(input.key)
      expect(await verifyJws(output.compact, jwk, 'PS256')).toBe('accepted')
      const verifier = createVerifier({ keys: jwk, algorithms: ['PS256'] })
      await expect(verifier.verify(String(output.compact))).rejects.toMatchObject({
        code: 'token_kind_unexpected',
      })
    })

    it.each([
      ['the encrypted outer token', nested.encrypt],
      ['an example of ECDH-ES', read('curve25519/ecdh-es.json')],
    ])('is refused as not signed: %s', async (_, { output }) => {
      const keys = rsa.publicKey.export({ format: 'jwk' })
      expect(String(output.compact).split('.')).toHaveLength(5)
      expect(await passesJwsStage(output.compact, keys, 'RS256')).toBe('token_malformed')
    })
  })

  describe('of keys', () => {
    const jwk = (name: string): PublicJwk => readVectors<PublicJwk>(`cookbook/${name}`)
    const verifierOf = (name: string, algorithm: Algorithm) => {
      const key = jwk(name)
      return createVerifier({
        keys: key.kty === 'oct' ? { secret: key } : key,
        algorithms: [algorithm],
      })
    }

    it.each([
      ['jwk/3_1.ec_public_key.json', 'ES512', 'jws/4_3.ecdsa_signature.json'],
      ['jwk/3_3.rsa_public_key.json', 'RS256', 'jws/4_1.rsa_v15_signature.json'],
      [
        'jwk/3_5.symmetric_key_mac_computation.json',
        'HS256',
        'jws/4_4.hmac-sha2_integrity_protection.json',
      ],
    ] as const)('takes %s for %s, and the example signed with it', async (name, alg, example) => {
      expect(await verifyJws(read(example).output.compact, jwk(name), alg)).toBe('accepted')
      const verifier = verifierOf(name, alg)
      await expect(verifier.verify('')).rejects.toMatchObject({ code: 'token_malformed' })
    })

    it.each([
      ['jwk/3_2.ec_private_key.json', 'ES512', 'it is a private key'],
      ['jwk/3_4.rsa_private_key.json', 'RS256', 'it is a private key'],
      ['jwk/3_6.symmetric_key_encryption.json', 'HS256', 'its use is not "sig"'],
    ] as const)('refuses %s for %s: %s', (name, algorithm, reason) => {
      expect(() => verifierOf(name, algorithm)).toThrow(reason)
    })

    it('refuses the X25519 key of the key agreement example', async () => {
      const { input, output } = read('curve25519/ecdh-es.json')
      const agreement = publicHalf(input.key)
      expect(agreement['crv']).toBe('X25519')
      expect(await verifyJws(output.compact, agreement, 'EdDSA')).toBe('key: its use is not "sig"')
      expect(await verifyJws(output.compact, { ...agreement, use: 'sig' }, 'EdDSA')).toBe(
        'key: no listed algorithm goes with its kty and crv',
      )
    })
  })
})

/** Wycheproof's older file that mixes JWS and JWE, and its JWE file: a JWE is never a token here. */
import { describe, expect, it } from 'vitest'
import type { PublicJwk, PublicJwks, VerifierOptions } from '../../src/index.ts'
import { passesJwsStage } from '../support/jws-stage.ts'
import { ec, rsa } from '../support/mint.ts'
import { describeVectors, readVectors } from '../support/third-party.ts'
import { casesOf, requestedAlgorithm, type WycheproofFile } from '../support/wycheproof.ts'

/** One key, or a set of them. */
type AnyKey = PublicJwk & Partial<PublicJwks>
const read = (name: string) =>
  casesOf(readVectors<WycheproofFile<AnyKey>>(`wycheproof/jose/${name}`))

function isSecret(key: AnyKey): boolean {
  return (key.keys ?? [key]).some(({ kty }) => kty === 'oct')
}

describeVectors('wycheproof/jose', 'Wycheproof json_web_crypto_test', () => {
  const cases = read('json_web_crypto_test.json')
  const signed = cases.filter(({ group }) => group.startsWith('jws'))

  it('has 49 JWS cases, of which 4 are valid', () => {
    expect(signed).toHaveLength(49)
    expect(signed.filter(({ result }) => result === 'valid')).toHaveLength(4)
  })

  it.each(signed)('finds case $tcId $result ($group: $comment)', async ({ key, jws, result }) => {
    const keys = isSecret(key) ? { secret: key } : key
    const outcome = await passesJwsStage(jws, keys, requestedAlgorithm(jws) ?? defaultFor(key))
    expect(outcome === 'accepted' ? 'valid' : 'invalid').toBe(result)
  })
})

/** Where a token names no algorithm: one that the key is good for, so that a verifier can be made. */
function defaultFor(key: AnyKey): 'HS256' | 'ES256' | 'RS256' {
  if (isSecret(key)) return 'HS256'
  return key.kty === 'EC' ? 'ES256' : 'RS256'
}

describeVectors('wycheproof/jose', 'Every JWE of Wycheproof', () => {
  const verifiers: [VerifierOptions['keys'], 'RS256' | 'ES256' | 'HS256'][] = [
    [rsa.publicKey.export({ format: 'jwk' }), 'RS256'],
    [ec.publicKey.export({ format: 'jwk' }), 'ES256'],
    [{ secret: new Uint8Array(32).fill(7) }, 'HS256'],
  ]
  const files = [
    ['json_web_encryption_test.json', 139],
    ['json_web_crypto_test.json', 34],
  ] as const
  describe.each(files)('in %s', (name, count) => {
    const encrypted = read(name).filter(({ jwe }) => jwe !== undefined)

    it(`is one of ${count}`, () => {
      expect(encrypted).toHaveLength(count)
    })

    it.each(encrypted)(
      'is malformed, whatever the key: case $tcId ($group: $comment)',
      async ({ jwe }) => {
        for (const [keys, algorithm] of verifiers) {
          expect(['token_malformed', 'alg_not_allowed']).toContain(
            await passesJwsStage(jwe, keys, algorithm),
          )
        }
      },
    )
  })
})

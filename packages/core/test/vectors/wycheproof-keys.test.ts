/** Wycheproof's JWK Sets, given to a verifier as an application would give them. */
import { expect, it } from 'vitest'
import type { PublicJwks, VerifierOptions } from '../../src/index.ts'
import { passesJwsStage } from '../support/jws-stage.ts'
import { describeVectors, readVectors } from '../support/third-party.ts'
import {
  casesOf,
  requestedAlgorithm,
  type WycheproofCase,
  type WycheproofFile,
} from '../support/wycheproof.ts'

const path = 'wycheproof/jose/json_web_key_test.json'

/** A set with a secret in it can only be given as one: that is how named secrets come. */
function keysOption(set: PublicJwks): VerifierOptions['keys'] {
  return set.keys.some(({ kty }) => kty === 'oct') ? { secret: set } : set
}

/** The algorithm that the token asks for is on the list, so the keys alone can be the reason. */
async function outcome(
  { key, jws }: WycheproofCase<PublicJwks>,
  keys: VerifierOptions['keys'] = keysOption(key),
): Promise<string> {
  return await passesJwsStage(jws, keys, requestedAlgorithm(jws) ?? 'RS256')
}

describeVectors('wycheproof/jose', 'Wycheproof json_web_key_test', () => {
  const cases = casesOf(readVectors<WycheproofFile<PublicJwks>>(path))

  it('agrees with the file on 26 of 26 cases', async () => {
    expect(cases).toHaveLength(26)
    let agreeing = 0
    for (const test of cases) {
      if (((await outcome(test)) === 'accepted') === (test.result === 'valid')) agreeing++
    }
    expect(agreeing).toBe(26)
  })

  it.each(cases)('finds case $tcId $result ($group: $comment)', async (test) => {
    const result = await outcome(test)
    expect(result === 'accepted' ? 'valid' : 'invalid').toBe(test.result)
  })

  it.each(cases.filter(({ group }) => group === 'jws_mixedSymmetryKeyset'))(
    'refuses the set of case $tcId, which mixes a secret with a public key, in either option',
    async (test) => {
      expect(await passesJwsStage(test.jws, test.key, 'ES256')).toMatch(/a secret \(kty "oct"\)/)
      expect(await outcome(test, { secret: test.key })).toMatch(/^keys: .*must not be mixed/)
    },
  )

  // On WebCrypto a point that is not on its curve is noticed when the key is used.
  it.each([
    [7, /^keys: .*ROCA/],
    [8, /^keys: .*1024 bits/],
    [9, /^keys: .*exponent/],
    [10, /^keys: .*shorter than the 32 bytes/],
    [16, /^keys: .*the secret is empty/],
    [22, /^(keys: .*its numbers are not a key|signature_invalid$)/],
    [23, /^keys: .*does not go with its kty and crv/],
  ])('refuses case %i for the reason it was made for', async (id, reason) => {
    const test = cases.find(({ tcId }) => tcId === id)
    expect(test === undefined ? undefined : await outcome(test)).toMatch(reason)
  })
})

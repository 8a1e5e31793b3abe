/** Wycheproof's JWS vectors against the stages that a token goes through up to its signature. */
import { expect, it, vi } from 'vitest'
import { type Algorithm, isAlgorithm } from '../../src/crypto/algorithms.ts'
import type { PublicJwk } from '../../src/index.ts'
import { verifyJws } from '../support/jws-stage.ts'
import { describeVectors, readVectors } from '../support/third-party.ts'
import {
  casesOf,
  requestedAlgorithm,
  type WycheproofCase,
  type WycheproofFile,
} from '../support/wycheproof.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const path = 'wycheproof/jose/json_web_signature_test.json'

/** Where we answer otherwise than the file, on purpose. */
const deviations: ReadonlyMap<number, { ours: 'valid' | 'invalid'; why: string }> = new Map([
  [346, { ours: 'invalid', why: 'the key is for PS256 and the token is PS384: one key, one alg' }],
  [350, { ours: 'invalid', why: 'as 346, for a key that has key_ops in place of use' }],
  [347, { ours: 'invalid', why: 'the alg of the key is ES521, which no registry knows' }],
  [351, { ours: 'invalid', why: 'as 347, for a key that has key_ops in place of use' }],
  [372, { ours: 'invalid', why: 'a question mark in the header segment is not base64url' }],
  [373, { ours: 'invalid', why: 'a question mark in the payload segment is not base64url' }],
  [367, { ours: 'valid', why: 'the same string as case 357, which the file calls valid' }],
  [370, { ours: 'valid', why: 'the same string as case 357, which the file calls valid' }],
])

/**
 * The one algorithm that is allowed: that of the key. Where the key has none, or names one that does
 * not exist, it is what the token asks for, so that the list of algorithms is never what refuses it.
 */
function allowed({ key, jws }: WycheproofCase<PublicJwk>): Algorithm {
  return isAlgorithm(key.alg) ? key.alg : (requestedAlgorithm(jws) ?? 'RS256')
}

async function ourResult(test: WycheproofCase<PublicJwk>): Promise<'valid' | 'invalid'> {
  const outcome = await verifyJws(test.jws, test.key, allowed(test))
  return outcome === 'accepted' ? 'valid' : 'invalid'
}

describeVectors('wycheproof/jose', 'Wycheproof json_web_signature_test', () => {
  const cases = casesOf(readVectors<WycheproofFile<PublicJwk>>(path))

  it('has the 401 cases that the counts below are about', () => {
    expect(cases).toHaveLength(401)
    expect(new Set(cases.map(({ tcId }) => tcId)).size).toBe(401)
  })

  it('agrees with the file on 393 cases, and differs on the 8 that are explained', async () => {
    const differing: number[] = []
    for (const test of cases) {
      if ((await ourResult(test)) !== test.result) differing.push(test.tcId)
    }
    expect(cases.length - differing.length).toBe(393)
    expect(differing).toHaveLength(8)
    expect(differing).toEqual([...deviations.keys()].sort((a, b) => a - b))
  })

  it('is given the very string of case 357 again by cases 367 and 370', () => {
    const jws = (id: number): unknown => cases.find(({ tcId }) => tcId === id)?.jws
    expect(jws(357)).toBeTypeOf('string')
    expect([jws(367), jws(370)]).toEqual([jws(357), jws(357)])
  })

  it.each(
    cases.map((test) => {
      const deviation = deviations.get(test.tcId)
      const why = deviation === undefined ? test.comment : deviation.why
      return { test, expected: deviation?.ours ?? test.result, why }
    }),
  )('finds case $test.tcId $expected ($test.group: $why)', async ({ test, expected }) => {
    expect(await ourResult(test)).toBe(expected)
  })

  it('refuses a key for encryption because of its purpose, whatever its signature is worth', async () => {
    const outcomes = await Promise.all(
      cases
        .filter(({ tcId }) => tcId >= 353 && tcId <= 356)
        .map((test) => verifyJws(test.jws, test.key, allowed(test))),
    )
    expect(outcomes).toEqual([
      'key: its use is not "sig"',
      'key: its use is not "sig"',
      'key: its key_ops do not include "verify"',
      'key: its key_ops do not include "verify"',
    ])
  })
})

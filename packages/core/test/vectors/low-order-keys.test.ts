/** CCTV's Ed25519 edge cases: a key that fits many signatures must not be taken for a key. */
import { expect, it } from 'vitest'
import { isFault, vetJwk } from '../../src/keys/vet-jwk.ts'
import { describeVectors, readVectors } from '../support/third-party.ts'

interface EdgeCase {
  readonly number: number
  readonly key: string
  readonly flags: readonly string[] | null
}

describeVectors('cctv-ed25519', 'CCTV Ed25519', () => {
  const cases = readVectors<readonly EdgeCase[]>('cctv-ed25519/ed25519vectors.json')

  it('has keys of low order, and every one of them is refused', () => {
    const weak = cases.filter(({ flags }) =>
      flags?.some((flag) => flag === 'low_order_A' || flag === 'non_canonical_A'),
    )
    expect(weak.length).toBeGreaterThan(0)
    const taken = weak.filter(({ key }) => {
      const x = Buffer.from(key, 'hex').toString('base64url')
      return !isFault(vetJwk({ kty: 'OKP', crv: 'Ed25519', x }, ['EdDSA'], false))
    })
    expect(taken).toEqual([])
  })
})

/** The keys that may speak at one moment, and which of them a token means. */
import { type Algorithm, canonical } from '../crypto/algorithms.ts'
import type { VerificationKey } from './vet-jwk.ts'

/** An immutable set of vetted keys. A change of keys is another set. */
export interface KeySet {
  readonly keys: readonly VerificationKey[]
  /**
   * The key that a token with this header was signed with, `alg_not_allowed` when the key of that
   * name is for another algorithm, or undefined when there is no such key.
   *
   * A key without a name takes any kid. A token without a kid takes the only key that fits.
   */
  find(
    kid: string | undefined,
    algorithm: Algorithm,
  ): VerificationKey | 'alg_not_allowed' | undefined
}

/** Makes a set of keys. The names in it must be distinct. */
export function createKeySet(keys: readonly VerificationKey[]): KeySet {
  const named = new Map<string, VerificationKey>()
  const unnamed: VerificationKey[] = []
  for (const key of keys) {
    if (key.kid === undefined) unnamed.push(key)
    else named.set(key.kid, key)
  }
  return {
    keys,
    find(kid, algorithm) {
      const wanted = canonical(algorithm)
      if (kid === undefined) return onlyOne(keys, wanted)
      const key = named.get(kid)
      if (key === undefined) return onlyOne(unnamed, wanted)
      return key.algorithm === wanted ? key : 'alg_not_allowed'
    },
  }
}

function onlyOne(
  keys: readonly VerificationKey[],
  algorithm: Algorithm,
): VerificationKey | undefined {
  let found: VerificationKey | undefined
  for (const key of keys) {
    if (key.algorithm !== algorithm) continue
    if (found !== undefined) return undefined
    found = key
  }
  return found
}

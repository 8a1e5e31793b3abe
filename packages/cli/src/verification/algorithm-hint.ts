/** What to type for a token of an algorithm that nobody has named. */
import { algorithmNames } from '@tenantry/core'
import type { Verification } from './verification-options.ts'

/**
 * Undefined where the algorithm was chosen, or would not go with the keys: whether they are secret
 * is never up to the token.
 */
export function algorithmHint(
  alg: unknown,
  { isAlgorithmNamed, base, origin }: Verification,
): string | undefined {
  const named = algorithmNames.find((name) => name === alg)
  if (isAlgorithmNamed || named === undefined || base.algorithms?.includes(named)) return undefined
  if (named.startsWith('HS') !== (origin.flag === '--secret-file')) return undefined
  return `If your server accepts ${named}, add --alg ${named}.`
}

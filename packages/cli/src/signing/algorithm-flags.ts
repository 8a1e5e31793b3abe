/** How the algorithms of keys are named to a verifier. */
import type { Algorithm } from '@tenantry/core'

/** The flags with a space before each; none for what is accepted when nothing is named. */
export function algorithmFlags(algorithms: readonly Algorithm[]): string {
  const isDefault = algorithms.every((name) => name === 'RS256' || name === 'HS256')
  return isDefault ? '' : algorithms.map((name) => ` --alg ${name}`).join('')
}

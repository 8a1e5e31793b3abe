/** The signature algorithms that exist for Tenantry, and the type of key that each one needs. */

/** A value of the `alg` header (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2). */
export type Algorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'
  | 'HS256'
  | 'HS384'
  | 'HS512'

/** What a key must be for an algorithm: its JWK type and its curve. */
interface KeyRequirement {
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'oct'
  readonly crv?: 'P-256' | 'P-384' | 'P-521' | 'Ed25519'
}

const requirements: ReadonlyMap<Algorithm, KeyRequirement> = new Map<Algorithm, KeyRequirement>([
  ['RS256', { kty: 'RSA' }],
  ['RS384', { kty: 'RSA' }],
  ['RS512', { kty: 'RSA' }],
  ['PS256', { kty: 'RSA' }],
  ['PS384', { kty: 'RSA' }],
  ['PS512', { kty: 'RSA' }],
  ['ES256', { kty: 'EC', crv: 'P-256' }],
  ['ES384', { kty: 'EC', crv: 'P-384' }],
  ['ES512', { kty: 'EC', crv: 'P-521' }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
  ['Ed25519', { kty: 'OKP', crv: 'Ed25519' }],
  ['HS256', { kty: 'oct' }],
  ['HS384', { kty: 'oct' }],
  ['HS512', { kty: 'oct' }],
])

/**
 * Every algorithm that can be listed in `algorithms`, by name.
 *
 * @example
 * ```ts
 * import { algorithmNames } from '@tenantry/core'
 *
 * console.log(algorithmNames.includes('RS256'))
 * ```
 */
export const algorithmNames: readonly Algorithm[] = Object.freeze([...requirements.keys()])

export function isAlgorithm(name: unknown): name is Algorithm {
  return requirements.has(name as Algorithm)
}

/** What a key must be to be used with this algorithm. */
export function keyRequirement(algorithm: Algorithm): KeyRequirement {
  return requirements.get(algorithm) as KeyRequirement
}

/** RFC 7518 section 3.2: an HMAC key is at least as long as the hash. */
export function minimumSecretBytes(algorithm: Algorithm): number {
  return Number(algorithm.slice(2)) / 8
}

export function isSymmetric(algorithm: Algorithm): boolean {
  return keyRequirement(algorithm).kty === 'oct'
}

/** Two names for one algorithm: RFC 9864 renamed EdDSA over Curve25519 to Ed25519. */
export function canonical(algorithm: Algorithm): Algorithm {
  return algorithm === 'Ed25519' ? 'EdDSA' : algorithm
}

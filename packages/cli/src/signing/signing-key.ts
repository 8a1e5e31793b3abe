/** A key that signs tokens for development, and the half of it that may be published. */
import {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type SignKeyObjectInput,
  sign,
  verify,
} from 'node:crypto'
import type { Algorithm, PublicJwk } from '@tenantry/core'

/** A JWK with its private half. */
export type PrivateJwk = PublicJwk

/** A key that tokens are signed with. */
export interface SigningKey {
  readonly algorithm: Algorithm
  readonly kid: string
  /** With the private half. For a secret file, and for no other place. */
  readonly privateJwk: PrivateJwk
  /** The half to publish; undefined for a secret, which has none. */
  readonly publicJwk: PublicJwk | undefined
  /** The signature over `text`, in the form that RFC 7518 section 3 gives it. */
  sign(text: string): Buffer
}

/** What the name of every key begins with that this program makes. */
export const DEV_PREFIX = 'dev-'

/** The members that make up a key, without its private half (RFC 7517, RFC 7518 section 6). */
const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const

/**
 * Makes a key of a JWK that has its private half.
 *
 * @throws {Error} of `node:crypto`, when the members are no key
 */
export function signingKeyOf(jwk: JsonWebKey, algorithm: Algorithm, name?: string): SigningKey {
  const kid = name ?? `${DEV_PREFIX}${thumbprint(jwk)}`
  const naming = { kid, alg: algorithm, use: 'sig' }
  if (jwk.kty === 'oct') {
    const secret = Buffer.from(jwk.k ?? '', 'base64url')
    return {
      algorithm,
      kid,
      privateJwk: { kty: 'oct', k: secret.toString('base64url'), ...naming },
      publicJwk: undefined,
      sign: (text) => createHmac(hashOf(algorithm), secret).update(text).digest(),
    }
  }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  const input = { key, ...paddingOf(algorithm) }
  const hash = algorithm.startsWith('Ed') ? null : hashOf(algorithm)
  const half = createPublicKey({ key: publicMembersOf(jwk), format: 'jwk' })
  const probe = Buffer.from(kid)
  // The halves of a JWK need not belong together, and nobody else would say so.
  if (!verify(hash, probe, { ...input, key: half }, sign(hash, probe, input))) {
    throw new Error('the halves of the key do not belong together')
  }
  return {
    algorithm,
    kid,
    privateJwk: { ...key.export({ format: 'jwk' }), ...naming },
    publicJwk: { ...half.export({ format: 'jwk' }), ...naming },
    sign: (text) => sign(hash, Buffer.from(text), input),
  }
}

/**
 * The half of a key that may be published, of a JWK that has one half or both.
 *
 * @throws {Error} of `node:crypto`, when the members are no key
 */
export function publicHalf(jwk: JsonWebKey, algorithm: Algorithm, name?: string): PublicJwk {
  const kid = name ?? `${DEV_PREFIX}${thumbprint(jwk)}`
  const key = createPublicKey({ key: publicMembersOf(jwk), format: 'jwk' })
  return { ...key.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' }
}

function publicMembersOf(jwk: JsonWebKey): JsonWebKey {
  const members = publicMembers.map((member) => [member, jwk[member]] as const)
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}

/** The JWK thumbprint (RFC 7638): the same for both halves of a key. */
function thumbprint(jwk: JsonWebKey): string {
  // The required members in the order of their names, and nothing else.
  const members = jwk.kty === 'oct' ? ['kty', 'k'] : publicMembers
  const required = members
    .filter((member) => jwk[member] !== undefined)
    .toSorted()
    .map((member) => [member, jwk[member]] as const)
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(required)))
    .digest('base64url')
}

function hashOf(algorithm: Algorithm): string {
  return `sha${algorithm.slice(2)}`
}

function paddingOf(algorithm: Algorithm): Omit<SignKeyObjectInput, 'key'> {
  if (algorithm.startsWith('ES')) return { dsaEncoding: 'ieee-p1363' }
  if (!algorithm.startsWith('PS')) return {}
  return {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  }
}

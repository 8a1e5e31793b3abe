/**
 * What a JWK must be before its word counts (RFC 7517, RFC 7518 sections 3 and 6, RFC 8037
 * section 2). Every form of key comes through here, wherever it was read from.
 */
import { engine } from '#engine'
import {
  type Algorithm,
  canonical,
  isAlgorithm,
  keyRequirement,
  minimumSecretBytes,
} from '../crypto/algorithms.ts'
import type { BareJwk, PreparedKey } from '../crypto/engine.ts'
import { isRocaModulus, isUnsafeEd25519Point } from './weak-keys.ts'

/** A key that may speak: for one algorithm, and by one name or none. */
export interface VerificationKey {
  readonly kid: string | undefined
  /** The one algorithm of this key, `Ed25519` written as `EdDSA`. */
  readonly algorithm: Algorithm
  readonly prepared: PreparedKey
}

/**
 * Why a key may not speak. `unusable` is a key for something else (another `use`, another type or
 * algorithm than the listed ones): no harm in a set. `unsafe` is a key that nobody should have made
 * or published.
 */
export interface KeyFault {
  readonly severity: 'unusable' | 'unsafe'
  readonly reason: string
}

const unusable = (reason: string): KeyFault => ({ severity: 'unusable', reason })
const unsafe = (reason: string): KeyFault => ({ severity: 'unsafe', reason })

export function isFault(outcome: VerificationKey | KeyFault): outcome is KeyFault {
  return 'reason' in outcome
}

/** Members that only a private key has (RFC 7518 sections 6.2.2 and 6.3.2, RFC 8037 section 2). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv']

/** A key name longer than this is nobody's. */
export const MAX_KID_LENGTH = 256

/**
 * Vets one JWK for a verifier that accepts `algorithms`. Only own members are read.
 *
 * @param secret - whether symmetric keys are wanted, and then nothing else
 */
export function vetJwk(
  jwk: unknown,
  algorithms: readonly Algorithm[],
  secret: boolean,
): VerificationKey | KeyFault {
  if (typeof jwk !== 'object' || jwk === null) return unusable('it is not a JWK object')
  const member = (name: string): unknown =>
    Object.hasOwn(jwk, name) ? Reflect.get(jwk, name) : undefined

  // First, because it is unsafe whatever else is wrong with the key.
  if (privateMembers.some((name) => member(name) !== undefined)) {
    return unsafe('it is a private key: only its public half belongs here')
  }
  const bare = bareJwk(member)
  if ('reason' in bare) return bare
  if ((bare.kty === 'oct') !== secret) {
    return unsafe(
      secret
        ? 'a secret and a public key must not be mixed'
        : 'a secret (kty "oct") only ever comes as { secret }, never as a key and never from a URL',
    )
  }

  const use = member('use')
  if (use !== undefined && use !== 'sig') return unusable('its use is not "sig"')
  const operations = member('key_ops')
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return unusable('its key_ops do not include "verify"')
  }
  const kid = member('kid')
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID_LENGTH)) {
    return unusable('its kid is not a string of 1 to 256 characters')
  }

  const algorithm = algorithmOf(member('alg'), bare, algorithms)
  if (typeof algorithm !== 'string') return algorithm
  const weakness = weaknessOf(bare, algorithm)
  if (weakness !== undefined) return weakness
  try {
    return { kid, algorithm, prepared: engine.prepareKey(bare, algorithm) }
  } catch {
    return unsafe('its numbers are not a key of its type')
  }
}

/** Base64url text in the one spelling that an encoder writes (RFC 7518 section 2). */
function isBase64Url(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && engine.decodeBase64Url(value) !== undefined
}

/** The members that make up the key itself, if they are all there and well formed. */
function bareJwk(member: (name: string) => unknown): BareJwk | KeyFault {
  const [crv, n, e, x, y, k] = ['crv', 'n', 'e', 'x', 'y', 'k'].map(member)
  switch (member('kty')) {
    case 'RSA':
      if (isBase64Url(n) && isBase64Url(e)) return { kty: 'RSA', n, e }
      break
    case 'EC':
      if (typeof crv === 'string' && isBase64Url(x) && isBase64Url(y))
        return { kty: 'EC', crv, x, y }
      break
    case 'OKP':
      if (typeof crv === 'string' && isBase64Url(x)) return { kty: 'OKP', crv, x }
      break
    case 'oct':
      if (k === '') return unsafe('the secret is empty')
      if (isBase64Url(k)) return { kty: 'oct', k }
      break
    default:
      return unusable('its kty is not one that signs')
  }
  return unsafe('a member of the key is missing or not base64url')
}

/** The one algorithm of a key: the one it names, or the only listed one that fits its type. */
function algorithmOf(
  alg: unknown,
  jwk: BareJwk,
  algorithms: readonly Algorithm[],
): Algorithm | KeyFault {
  if (alg !== undefined) {
    if (!isAlgorithm(alg)) return unusable('its alg is not a signature algorithm')
    if (!fits(jwk, alg)) return unsafe('its alg does not go with its kty and crv')
    if (algorithms.some((listed) => canonical(listed) === canonical(alg))) return canonical(alg)
    return unusable('its alg is not in the list of algorithms')
  }
  const fitting = new Set(algorithms.filter((listed) => fits(jwk, listed)).map(canonical))
  const [only] = fitting
  if (only === undefined) return unusable('no listed algorithm goes with its kty and crv')
  if (fitting.size > 1) {
    return unusable('it has no alg, and more than one listed algorithm goes with it')
  }
  return only
}

function fits(jwk: BareJwk, algorithm: Algorithm): boolean {
  const required = keyRequirement(algorithm)
  return (
    jwk.kty === required.kty && (jwk.kty === 'RSA' || jwk.kty === 'oct' || jwk.crv === required.crv)
  )
}

function weaknessOf(jwk: BareJwk, algorithm: Algorithm): KeyFault | undefined {
  switch (jwk.kty) {
    case 'RSA':
      return rsaWeakness(toInteger(jwk.n), toInteger(jwk.e))
    case 'OKP': {
      const point = bytesOf(jwk.x)
      if (point.length !== 32) return unsafe('its x is not 32 bytes')
      return isUnsafeEd25519Point(point) ? unsafe('its point is of low order') : undefined
    }
    case 'oct': {
      const minimum = minimumSecretBytes(algorithm)
      return bytesOf(jwk.k).length < minimum
        ? unsafe(`the secret is shorter than the ${minimum} bytes that ${algorithm} needs`)
        : undefined
    }
    default:
      return undefined
  }
}

function rsaWeakness(modulus: bigint, exponent: bigint): KeyFault | undefined {
  const bits = modulus.toString(2).length
  if (bits < 2048) return unsafe(`its modulus has ${bits} bits; at least 2048 are needed`)
  if (bits > 8192) return unsafe(`its modulus has ${bits} bits; at most 8192 are accepted`)
  if (modulus % 2n === 0n) return unsafe('its modulus is even')
  if (exponent < 3n || exponent % 2n === 0n) return unsafe('its exponent is not odd and at least 3')
  if (exponent >= 1n << 64n) return unsafe('its exponent has more than 64 bits')
  if (isRocaModulus(modulus)) return unsafe('its modulus has the ROCA weakness (CVE-2017-15361)')
  return undefined
}

/** The bytes of a member that {@link isBase64Url} let through. */
function bytesOf(member: string): Uint8Array {
  return engine.decodeBase64Url(member) as Uint8Array
}

function toInteger(segment: string): bigint {
  let hex = '0x'
  for (const byte of bytesOf(segment)) hex += byte.toString(16).padStart(2, '0')
  return BigInt(hex)
}

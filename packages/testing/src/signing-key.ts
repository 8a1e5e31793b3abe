/** A key pair (or secret) that signs real tokens with `node:crypto`. */
import {
  constants,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  type SignKeyObjectInput,
  sign,
} from 'node:crypto'
import type { Algorithm, PublicJwk } from '@tenantry/core'

/** One generation of the issuer's keys. */
export interface SigningKey {
  readonly kid: string
  /** The public half as a JWK; for HS algorithms the secret itself, as a JWK of type `oct`. */
  readonly jwk: PublicJwk
  /** The signature over `text`, in the form that RFC 7518 section 3 gives it. */
  sign(text: string): Buffer
}

/** Makes a new key for the algorithm. */
export function createSigningKey(algorithm: Algorithm): SigningKey {
  const kid = randomUUID()
  const hash = algorithm.startsWith('Ed') ? null : `sha${algorithm.slice(2)}`
  if (hash !== null && algorithm.startsWith('HS')) {
    const secret = randomBytes(64)
    return {
      kid,
      jwk: { kty: 'oct', kid, alg: algorithm, use: 'sig', k: secret.toString('base64url') },
      sign: (text) => createHmac(hash, secret).update(text).digest(),
    }
  }
  const { publicKey, privateKey } = generateKeyPair(algorithm)
  const input = { key: privateKey, ...paddingOf(algorithm) }
  return {
    kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' },
    sign: (text) => sign(hash, Buffer.from(text), input),
  }
}

function generateKeyPair(algorithm: Algorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' })
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' })
    case 'EdDSA':
    case 'Ed25519':
      return generateKeyPairSync('ed25519')
    default:
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
  }
}

function paddingOf(algorithm: Algorithm): Omit<SignKeyObjectInput, 'key'> {
  if (algorithm.startsWith('ES')) return { dsaEncoding: 'ieee-p1363' }
  if (!algorithm.startsWith('PS')) return {}
  return {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  }
}

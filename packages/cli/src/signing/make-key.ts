/** New keys. */
import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto'
import type { Algorithm } from '@tenantry/core'
import { type SigningKey, signingKeyOf } from './signing-key.ts'

/** Makes a key for the algorithm. Without a name it is called after its thumbprint. */
export function makeKey(algorithm: Algorithm, name?: string): SigningKey {
  return signingKeyOf(newJwk(algorithm), algorithm, name)
}

function newJwk(algorithm: Algorithm): JsonWebKey {
  switch (algorithm) {
    case 'HS256':
    case 'HS384':
    case 'HS512':
      return { kty: 'oct', k: randomBytes(64).toString('base64url') }
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' })
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey.export({ format: 'jwk' })
    case 'EdDSA':
    case 'Ed25519':
      return generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
    default:
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
        format: 'jwk',
      })
  }
}

/** Signatures by `node:crypto`: synchronous, with keys that are parsed once. */
import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  KeyObject,
  timingSafeEqual,
  type VerifyKeyObjectInput,
  verify,
  type webcrypto,
} from 'node:crypto'
import { types } from 'node:util'
import { type Algorithm, canonical } from './algorithms.ts'
import type { BareJwk, Engine, PreparedKey } from './engine.ts'

export const engine: Engine = {
  decodeBase64Url: (text) => Buffer.from(text, 'base64url'),
  encodeBase64Url: (bytes) => Buffer.from(bytes).toString('base64url'),
  prepareKey,
  exportPublicJwk,
}

function prepareKey(jwk: BareJwk, algorithm: Algorithm): PreparedKey {
  const hash = hashOf(algorithm)
  if (jwk.kty === 'oct') {
    const secret = createSecretKey(Buffer.from(jwk.k, 'base64url'))
    return {
      algorithm,
      isSignature: (signed, signature) => isMac(`${hash}`, secret, signed, signature),
    }
  }
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const input = { key, ...paddingOf(algorithm) }
  return {
    algorithm,
    isSignature: (signed, signature) => isSignature(hash, input, signed, signature),
  }
}

/** Ed25519 has its hash built in. */
function hashOf(algorithm: Algorithm): string | null {
  return canonical(algorithm) === 'EdDSA' ? null : `sha${algorithm.slice(2)}`
}

function paddingOf(algorithm: Algorithm): Omit<VerifyKeyObjectInput, 'key'> {
  switch (algorithm.slice(0, 2)) {
    case 'RS':
      return { padding: constants.RSA_PKCS1_PADDING }
    case 'PS':
      return {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    case 'ES':
      // RFC 7518 section 3.4: r and s side by side, not DER.
      return { dsaEncoding: 'ieee-p1363' }
    default:
      return {}
  }
}

function isMac(hash: string, secret: KeyObject, signed: string, signature: string): boolean {
  const expected = createHmac(hash, secret).update(signed, 'latin1').digest()
  const given = Buffer.from(signature, 'base64url')
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function isSignature(
  hash: string | null,
  key: VerifyKeyObjectInput,
  signed: string,
  signature: string,
): boolean {
  try {
    return verify(hash, Buffer.from(signed, 'latin1'), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

function exportPublicJwk(material: unknown): Readonly<Record<string, unknown>> | undefined {
  const key = toKeyObject(material)
  if (key === undefined) return undefined
  if (key.type !== 'public') throw new TypeError(`a ${key.type} key`)
  const jwk = key.export({ format: 'jwk' })
  return types.isCryptoKey(material) ? { ...jwk, ...purposeOf(material) } : { ...jwk }
}

/** A CryptoKey says itself what it is for; with RSA that is one hash and one padding. */
function purposeOf(key: webcrypto.CryptoKey): Readonly<Record<string, unknown>> {
  const { name, hash } = key.algorithm as webcrypto.RsaHashedKeyAlgorithm
  const purpose = { key_ops: [...key.usages] }
  if (name === 'RSASSA-PKCS1-v1_5') return { ...purpose, alg: `RS${hash.name.slice(4)}` }
  return name === 'RSA-PSS' ? { ...purpose, alg: `PS${hash.name.slice(4)}` } : purpose
}

function toKeyObject(material: unknown): KeyObject | undefined {
  if (typeof material === 'string') return createPublicKey(material)
  if (types.isKeyObject(material)) return material as KeyObject
  if (types.isCryptoKey(material)) return KeyObject.from(material)
  return undefined
}

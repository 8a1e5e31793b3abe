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
import { decodedLength, endsClean } from './base64url.ts'
import type { BareJwk, Engine, PreparedKey } from './engine.ts'
import { decodeUtf8 } from './utf8.ts'

export const engine: Engine = {
  decodeBase64Url,
  decodeText,
  encodeBase64Url: (bytes) => Buffer.from(bytes).toString('base64url'),
  prepareKey,
  exportPublicJwk,
}

/** Written over by the next call: whoever gets a view of it has read it by then. */
const scratch = Buffer.allocUnsafeSlow(8192)

function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return isCanonical(text, bytes.length) ? bytes : undefined
}

function decodeText(text: string): string | undefined {
  if (text.length > scratch.length) {
    const bytes = decodeBase64Url(text)
    return bytes === undefined ? undefined : decodeUtf8(bytes)
  }
  const length = scratch.write(text, 'base64url')
  if (!isCanonical(text, length)) return undefined
  const characters = scratch.toString('latin1', 0, length)
  // As many bytes in UTF-8 as characters: nothing but ASCII, as nearly every token is.
  return Buffer.byteLength(characters) === length
    ? characters
    : decodeUtf8(scratch.subarray(0, length))
}

/** Whether a text is the one encoding of the bytes that Node read from it, of which there are so many. */
function isCanonical(text: string, length: number): boolean {
  return (
    // Node passes over what is not of the alphabet, so that bytes are missing, and stops at padding.
    length === decodedLength(text.length) &&
    endsClean(text) &&
    // It takes the two characters of the other alphabet too, and the low byte of a wide character.
    !text.includes('+') &&
    !text.includes('/') &&
    Buffer.byteLength(text) === text.length
  )
}

/**
 * What Node looks for on the key that it is given, and also on Object.prototype: there somebody could
 * ask for another padding.
 */
const noOptions: object = {
  padding: undefined,
  saltLength: undefined,
  dsaEncoding: undefined,
  context: undefined,
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
  const padding = paddingOf(algorithm)
  const input =
    padding === undefined ? Object.assign(key, noOptions) : { ...noOptions, key, ...padding }
  return {
    algorithm,
    isSignature: (signed, signature) => isSignature(hash, input, signed, signature),
  }
}

/** Ed25519 has its hash built in. */
function hashOf(algorithm: Algorithm): string | null {
  return canonical(algorithm) === 'EdDSA' ? null : `sha${algorithm.slice(2)}`
}

/** Undefined where a key has one way only: PKCS #1 v1.5 for RSA, unless another one is asked for. */
function paddingOf(algorithm: Algorithm): Omit<VerifyKeyObjectInput, 'key'> | undefined {
  switch (algorithm.slice(0, 2)) {
    case 'PS':
      return {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    case 'ES':
      // RFC 7518 section 3.4: r and s side by side, not DER.
      return { dsaEncoding: 'ieee-p1363' }
    default:
      return undefined
  }
}

function bytesOf(ascii: string): Uint8Array {
  if (ascii.length > scratch.length) return Buffer.from(ascii, 'latin1')
  return scratch.subarray(0, scratch.write(ascii, 'latin1'))
}

function isMac(hash: string, secret: KeyObject, signed: string, signature: Uint8Array): boolean {
  const expected = createHmac(hash, secret).update(signed, 'latin1').digest()
  return expected.length === signature.length && timingSafeEqual(expected, signature)
}

function isSignature(
  hash: string | null,
  key: KeyObject | VerifyKeyObjectInput,
  signed: string,
  signature: Uint8Array,
): boolean {
  try {
    return verify(hash, bytesOf(signed), key, signature)
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

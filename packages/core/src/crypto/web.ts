/** Signatures by `jose` on WebCrypto, for runtimes without `node:crypto`. Answers are promises. */
import { base64url, type CryptoKey, compactVerify, importJWK, type JWK } from 'jose'
import { type Algorithm, canonical } from './algorithms.ts'
import { decodedLength, endsClean } from './base64url.ts'
import type { BareJwk, Engine, PreparedKey } from './engine.ts'
import { decodeUtf8 } from './utf8.ts'

export const engine: Engine = {
  decodeBase64Url,
  decodeText(text) {
    const bytes = decodeBase64Url(text)
    return bytes === undefined ? undefined : decodeUtf8(bytes)
  },
  encodeBase64Url: (bytes) => base64url.encode(bytes),
  prepareKey,
  exportPublicJwk,
}

const alphabet = /^[A-Za-z0-9_-]*$/

function decodeBase64Url(text: string): Uint8Array | undefined {
  if (!alphabet.test(text) || decodedLength(text.length) === undefined) return undefined
  return endsClean(text) ? base64url.decode(text) : undefined
}

function prepareKey(jwk: BareJwk, algorithm: Algorithm): PreparedKey {
  const key = importJWK(jwk as JWK, algorithm)
  // A point that is not on its curve shows here; verifying with the key then answers false.
  key.catch(() => undefined)
  // jose takes the algorithm from the header, and a secret would go with any of its kind.
  const algorithms = canonical(algorithm) === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [algorithm]
  return {
    algorithm,
    isSignature: (signed, signature) => isSignature(key, algorithms, signed, signature),
  }
}

async function isSignature(
  key: Promise<CryptoKey | Uint8Array>,
  algorithms: string[],
  signed: string,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    await compactVerify(`${signed}.${base64url.encode(signature)}`, await key, { algorithms })
    return true
  } catch {
    return false
  }
}

function exportPublicJwk(material: unknown): undefined {
  const isKey = Object.prototype.toString.call(material) === '[object CryptoKey]'
  if (typeof material === 'string' || isKey) {
    throw new TypeError('not available on this runtime, which has WebCrypto only: pass a JWK')
  }
  return undefined
}

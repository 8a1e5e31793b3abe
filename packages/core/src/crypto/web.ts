/** Signatures by `jose` on WebCrypto, for runtimes without `node:crypto`. Answers are promises. */
import { base64url, type CryptoKey, compactVerify, importJWK, type JWK } from 'jose'
import type { Algorithm } from './algorithms.ts'
import type { BareJwk, Engine, PreparedKey } from './engine.ts'

export const engine: Engine = {
  decodeBase64Url: (text) => base64url.decode(text),
  encodeBase64Url: (bytes) => base64url.encode(bytes),
  prepareKey,
  exportPublicJwk,
}

function prepareKey(jwk: BareJwk, algorithm: Algorithm): PreparedKey {
  const key = importJWK(jwk as JWK, algorithm)
  // A point that is not on its curve shows here; verifying with the key then answers false.
  key.catch(() => undefined)
  return { algorithm, isSignature: (signed, signature) => isSignature(key, signed, signature) }
}

async function isSignature(
  key: Promise<CryptoKey | Uint8Array>,
  signed: string,
  signature: string,
): Promise<boolean> {
  try {
    await compactVerify(`${signed}.${signature}`, await key)
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

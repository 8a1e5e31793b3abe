/**
 * The cryptography that differs between Node and a runtime that has WebCrypto only. `#engine`
 * stands for one of the two implementations beside this file, chosen by an import condition of the
 * package; both pass the same vectors.
 */
import type { Algorithm } from './algorithms.ts'

/** The members of a public or secret JWK that make up the key, and nothing else. */
export type BareJwk =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: string; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: string; readonly x: string }
  | { readonly kty: 'oct'; readonly k: string }

/** A key made ready for one algorithm. What is in it is the business of the engine that made it. */
export interface PreparedKey {
  readonly algorithm: Algorithm
  /** Whether `signature` is the key's signature over `signed`, which is ASCII. Never throws. */
  isSignature(signed: string, signature: Uint8Array): boolean | Promise<boolean>
}

export interface Engine {
  /**
   * The bytes that the text encodes (RFC 4648 section 5, without padding); undefined when it is not
   * what an encoder would write for any bytes, so that different texts never are the same bytes.
   */
  decodeBase64Url(text: string): Uint8Array | undefined
  /** The same, as the UTF-8 text that the bytes are; when they are none, a text that is no JSON. */
  decodeText(text: string): string | undefined
  encodeBase64Url(bytes: Uint8Array): string
  /** Makes a key ready for one algorithm, once. Throws when the numbers are no such key. */
  prepareKey(jwk: BareJwk, algorithm: Algorithm): PreparedKey
  /**
   * The JWK of a public key that came as PEM text or as the platform's own key object; undefined
   * when the value is neither. Throws when it is one and holds no public key.
   */
  exportPublicJwk(material: unknown): Readonly<Record<string, unknown>> | undefined
}

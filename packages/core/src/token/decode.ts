/** Looking into a token without believing it. */
import { readPayload } from './claims.ts'
import { readCompact, readHeader } from './compact.ts'
import { freezeJson, type JsonObject } from './json.ts'

/** Larger than any token in use, and small enough to be read at once. */
const MAX_DECODED_BYTES = 1024 * 1024

/**
 * What a token says of itself, unverified: anyone can have written it. `can` refuses it, at compile
 * time and at run time. Frozen; no object in it has a prototype.
 */
export interface DecodedToken {
  /** Always false: nobody has checked the signature. */
  readonly verified: false
  readonly header: JsonObject
  readonly claims: JsonObject
}

/**
 * Reads a token without verifying it: for logs of token kinds, for debugging, for choosing a
 * verifier. Never decide anything by it.
 *
 * @param jwt - a compact JWS of at most 1 MiB
 * @throws {TokenError} `token_malformed` or `token_too_large`
 *
 * @example
 * ```ts
 * import { decodeToken } from '@tenantry/core'
 *
 * const { header, claims } = decodeToken(jwt)
 * console.log(header['alg'], claims['exp'])
 * ```
 */
export function decodeToken(jwt: string): DecodedToken {
  const token = readCompact(jwt, MAX_DECODED_BYTES)
  const header = freezeJson(readHeader(token))
  return Object.freeze({ verified: false, header, claims: freezeJson(readPayload(token)) })
}

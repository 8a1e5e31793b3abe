/**
 * The strict gate: what is not exactly one compact JWS is refused before anything is parsed, so
 * that one token has one spelling (RFC 7515 section 2, draft rfc8725bis section 3).
 */
import { engine } from '#engine'
import { TokenError } from '../errors.ts'
import { type TokenFault, tokenFault } from './faults.ts'
import { checkJsonObject, type ParsedObject } from './json.ts'

/** The three segments of a token, read and not yet believed. */
export interface CompactToken {
  /** The whole of it. */
  readonly jwt: string
  /** The first segment, as it was sent. */
  readonly headerSegment: string
  /** What the signature is made over: header and payload segment with the dot between them. */
  readonly signed: string
  /** The text of the payload; one that is no JSON when its bytes are not UTF-8. */
  readonly payload: string
  /** May be empty. */
  readonly signature: Uint8Array
}

const compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/

/**
 * Reads the outside of a token.
 *
 * @throws {TokenError} `token_too_large` over `maxBytes`, `token_malformed` for everything that is
 * not three canonical base64url segments.
 */
export function readCompact(jwt: unknown, maxBytes: number): CompactToken {
  if (typeof jwt !== 'string') throw tokenFault('not_a_string')
  // A character is at least a byte, and every character that may stand here is exactly one.
  if (jwt.length > maxBytes) throw new TokenError('token_too_large')
  const first = jwt.indexOf('.')
  const second = jwt.indexOf('.', first + 1)
  if (first < 1 || second === -1 || jwt.includes('.', second + 1)) {
    throw tokenFault(whatItIsInstead(jwt))
  }
  const payload = engine.decodeText(jwt.slice(first + 1, second))
  const signature = engine.decodeBase64Url(jwt.slice(second + 1))
  if (payload === undefined || signature === undefined) throw malformed(jwt)
  const headerSegment = jwt.slice(0, first)
  return { jwt, headerSegment, signed: jwt.slice(0, second), payload, signature }
}

/**
 * The header of a token: the members of a JSON object, which nobody else may get hold of.
 *
 * @throws {TokenError} `token_malformed`, also when the segment is not canonical base64url
 */
export function readHeader({ jwt, headerSegment }: CompactToken): ParsedObject {
  const text = engine.decodeText(headerSegment)
  if (text === undefined) throw malformed(jwt)
  const header = checkJsonObject(text)
  if (typeof header !== 'string') return header
  throw tokenFault(header === 'syntax' ? 'header_json' : header)
}

function malformed(jwt: string): TokenError {
  return tokenFault(compact.test(jwt) ? 'encoding' : whatItIsInstead(jwt))
}

function whatItIsInstead(text: string): TokenFault {
  if (text.startsWith('uf_')) return 'api_key'
  if (/^bearer /i.test(text)) return 'bearer_prefix'
  if (/\s/.test(text)) return 'white_space'
  return text.split('.', 4).length === 3 && !text.startsWith('.') ? 'alphabet' : 'segments'
}

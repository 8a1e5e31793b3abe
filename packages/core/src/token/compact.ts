/**
 * The strict gate: what is not exactly one compact JWS is refused before anything is parsed, so
 * that one token has one spelling (RFC 7515 section 2, draft rfc8725bis section 3).
 */
import { engine } from '#engine'
import { TokenError } from '../errors.ts'
import { type TokenFault, tokenFault } from './faults.ts'
import { type JsonFault, type JsonObject, parseJsonObject } from './json.ts'

/** The three segments of a token, read and not yet believed. */
export interface CompactToken {
  readonly header: JsonObject
  /** The bytes of the payload, as text of the base64url alphabet. */
  readonly payload: string
  /** What the signature is made over: header and payload segment with the dot between them. */
  readonly signed: string
  /** The signature, as text of the base64url alphabet; may be empty. */
  readonly signature: string
}

const compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/

/**
 * Reads the outside of a token.
 *
 * @throws {TokenError} `token_too_large` over `maxBytes`, `token_malformed` for everything that is
 * not three canonical base64url segments with a JSON object in front.
 */
export function readCompact(jwt: unknown, maxBytes: number): CompactToken {
  if (typeof jwt !== 'string') throw tokenFault('not_a_string')
  // A character is at least a byte, and every character that may stand here is exactly one.
  if (jwt.length > maxBytes) throw new TokenError('token_too_large')
  if (!compact.test(jwt)) throw tokenFault(whatItIsInstead(jwt))
  const first = jwt.indexOf('.')
  const second = jwt.indexOf('.', first + 1)
  if (!isCanonical(jwt, 0, first) || !isCanonical(jwt, first + 1, second)) {
    throw tokenFault('encoding')
  }
  if (!isCanonical(jwt, second + 1, jwt.length)) throw tokenFault('encoding')
  return {
    header: readJson(jwt.slice(0, first), 'header_json'),
    payload: jwt.slice(first + 1, second),
    signed: jwt.slice(0, second),
    signature: jwt.slice(second + 1),
  }
}

/** Decodes a segment that {@link readCompact} let through and parses the JSON object in it. */
export function readJson(
  segment: string,
  syntaxFault: 'header_json' | 'payload_json',
  infinite?: ReadonlySet<string>,
): JsonObject {
  const text = decodeUtf8(engine.decodeBase64Url(segment))
  const json: JsonObject | JsonFault =
    text === undefined ? 'syntax' : parseJsonObject(text, infinite)
  if (typeof json !== 'string') return json
  throw tokenFault(json === 'syntax' ? syntaxFault : json)
}

// `ignoreBOM` keeps a byte order mark in the text, where JSON.parse refuses it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

function whatItIsInstead(text: string): TokenFault {
  if (text.startsWith('uf_')) return 'api_key'
  if (/^bearer /i.test(text)) return 'bearer_prefix'
  if (/\s/.test(text)) return 'white_space'
  return text.split('.', 4).length === 3 && !text.startsWith('.') ? 'alphabet' : 'segments'
}

/**
 * Whether the segment is what an encoder would write: no impossible length, and no bit set behind
 * the last byte. Otherwise sixteen different strings would carry the same signature.
 */
function isCanonical(text: string, start: number, end: number): boolean {
  const rest = (end - start) % 4
  if (rest === 0) return true
  if (rest === 1) return false
  const unused = rest === 2 ? 0b1111 : 0b11
  return (sextet(text.charCodeAt(end - 1)) & unused) === 0
}

/** The value of one character of the base64url alphabet (RFC 4648 section 5). */
function sextet(code: number): number {
  if (code >= 0x61) return code - 0x61 + 26
  if (code === 0x5f) return 63
  if (code >= 0x41) return code - 0x41
  if (code === 0x2d) return 62
  return code - 0x30 + 52
}

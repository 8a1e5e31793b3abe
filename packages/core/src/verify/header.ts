/** What the header of a token may say, settled before any key is looked up or fetched. */
import { type Algorithm, isAlgorithm } from '../crypto/algorithms.ts'
import { TokenError } from '../errors.ts'
import { MAX_KID_LENGTH } from '../keys/vet-jwk.ts'
import { type CompactToken, readHeader } from '../token/compact.ts'
import { tokenFault } from '../token/faults.ts'
import type { ParsedObject } from '../token/json.ts'

export interface HeaderPolicy {
  readonly algorithms: readonly Algorithm[]
  /** Accepted `typ` values in normal form; null stands for a token without one. */
  readonly types: readonly (string | null)[]
}

/** What a token claims to be signed with. */
export interface SigningClaim {
  readonly algorithm: Algorithm
  readonly kid: string | undefined
}

/**
 * What a token whose header this server accepts claims to be signed with.
 *
 * Embedded keys and key addresses (jwk, jku, x5c, x5u) are never read: RFC 8725 section 3.10.
 *
 * @throws {TokenError} `alg_not_allowed`, `crit_unsupported`, `token_malformed`, `typ_unexpected`,
 * `key_not_found` for a kid that no key can have
 */
export function checkHeader(token: CompactToken, policy: HeaderPolicy): SigningClaim {
  const header = readHeader(token)
  const alg = header['alg']
  if (!isAlgorithm(alg) || !policy.algorithms.includes(alg)) throw new TokenError('alg_not_allowed')
  // RFC 7515 section 4.1.11 and RFC 7797 section 7: no extension is understood here.
  if (header['crit'] !== undefined || header['b64'] !== undefined) {
    throw new TokenError('crit_unsupported')
  }
  if (isNested(header)) throw tokenFault('nested')
  if (token.signature.length === 0) throw tokenFault('signature_missing')
  const typ = header['typ']
  const type = typ === undefined ? null : typeof typ === 'string' ? normalType(typ) : undefined
  if (type === undefined || !policy.types.includes(type)) throw new TokenError('typ_unexpected')
  return { algorithm: alg, kid: readKid(header['kid']) }
}

/** Headers of tokens whose signature held, which need not be read again. */
export interface HeaderMemory {
  get(token: CompactToken): SigningClaim | undefined
  /** Only for a token whose signature held: nobody else can push an entry out. */
  set(token: CompactToken, claim: SigningClaim): void
}

/** More than a key set has keys, each with a header or two of its own. */
const MAX_HEADERS = 64

/** Makes one. What was accepted under one policy is not for another. */
export function createHeaderMemory(): HeaderMemory {
  const claims = new Map<string, SigningClaim>()
  // Tokens of one key have the same header, one after the other.
  let latest: string | undefined
  let latestClaim: SigningClaim | undefined
  return {
    get({ headerSegment, signature }) {
      // Without a signature the header is read, for the right words of the refusal.
      if (signature.length === 0) return undefined
      return headerSegment === latest ? latestClaim : claims.get(headerSegment)
    },
    set({ headerSegment }, claim) {
      if (headerSegment === latest) return
      latest = headerSegment
      latestClaim = claim
      if (claims.has(headerSegment)) return
      if (claims.size >= MAX_HEADERS) claims.clear()
      claims.set(headerSegment, claim)
    },
  }
}

/** RFC 7515 section 4.1.4: a kid is a string. RFC 8725 section 3.10: and hostile. */
function readKid(kid: unknown): string | undefined {
  if (kid === undefined || (typeof kid === 'string' && kid.length <= MAX_KID_LENGTH)) return kid
  throw new TokenError('key_not_found')
}

/** RFC 7519 section 5.2: `cty: JWT` announces a token inside the token. */
function isNested(header: ParsedObject): boolean {
  const cty = header['cty']
  if (cty === undefined) return false
  return typeof cty !== 'string' || normalType(cty) === 'jwt'
}

/** RFC 7515 section 4.1.9: a media type, of which `application/` may be left out. */
export function normalType(typ: string): string {
  // ASCII only: a Kelvin sign is no k.
  return typ.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/^application\//, '')
}

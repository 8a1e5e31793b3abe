/**
 * Tokens that were verified before. A look-up reads the end of the signature only and then compares
 * the whole token, so two tokens are never confused; what comes out is the same frozen token.
 */
import type { KeySet } from '../keys/key-set.ts'
import type { TokenTimes } from '../token/claims.ts'

export interface CachedToken<Token> {
  readonly jwt: string
  readonly token: Token
  readonly times: TokenTimes
  /** The set of keys it was verified with. Another set is another answer. */
  readonly keys: KeySet
}

export interface TokenCache<Token> {
  get(jwt: string, keys: KeySet): CachedToken<Token> | undefined
  /** Only for tokens whose signature held: nobody else can push an entry out. */
  set(entry: CachedToken<Token>): void
}

/** 32 characters at the end of a signature: 192 bits, of which no two signatures share all. */
const TAIL = 32

/** Characters of all cached tokens together: what hangs from a token grows with its length. */
const MAX_CHARACTERS = 8 * 1024 * 1024

/**
 * A cache of at most `max` tokens, and of at most 8 Mi characters of them. It keeps two generations:
 * a token that is found in the older one moves to the younger, and when the younger is full the
 * older is dropped whole.
 */
export function createTokenCache<Token>(max: number): TokenCache<Token> {
  const perGeneration = Math.max(1, Math.floor(max / 2))
  let young = new Map<string, CachedToken<Token>>()
  let old = new Map<string, CachedToken<Token>>()
  let characters = 0

  function set(entry: CachedToken<Token>): void {
    characters += entry.jwt.length
    if (young.size >= perGeneration || characters > MAX_CHARACTERS / 2) {
      old = max > 1 ? young : new Map()
      young = new Map()
      characters = entry.jwt.length
    }
    young.set(tailOf(entry.jwt), entry)
  }

  return {
    get(jwt, keys) {
      const tail = tailOf(jwt)
      const recent = young.get(tail)
      const entry = recent ?? old.get(tail)
      if (entry === undefined || entry.jwt !== jwt) return undefined
      if (entry.keys !== keys) {
        young.delete(tail)
        old.delete(tail)
        return undefined
      }
      if (recent === undefined) {
        old.delete(tail)
        set(entry)
      }
      return entry
    },
    set,
  }
}

function tailOf(jwt: string): string {
  return jwt.slice(-TAIL)
}

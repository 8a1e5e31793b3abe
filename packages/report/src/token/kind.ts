/** What kind of token it is, by what it says of itself. */
import type { JsonObject } from '@tenantry/core'

/** Only the first one is for a server like yours. */
export type TokenKind = 'access' | 'refresh' | 'id' | 'other'

/** Claims that speak of a person and not of what the person may do (OpenID Connect Core 5.1). */
const profileClaims = [
  'email',
  'phoneNumber',
  'phone_number',
  'name',
  'username',
  'preferred_username',
  'image',
  'picture',
  'nonce',
  'at_hash',
]

/** The kind of a token. Core refuses everything but `access`. */
export function kindOf(claims: JsonObject): TokenKind {
  const type = claims['type']
  if (type === 'refresh') return 'refresh'
  if (type !== undefined && type !== 'access') return 'other'
  const map = claims['authorization']
  if (typeof map === 'object' && map !== null && !Array.isArray(map)) return 'access'
  return profileClaims.some((name) => claims[name] !== undefined) ? 'id' : 'other'
}

const words: Readonly<Record<TokenKind, string>> = {
  access: 'access token',
  refresh: 'refresh token',
  id: 'ID token',
  other: 'not an access token',
}

/** The kind in words. */
export function kindInWords(kind: TokenKind): string {
  return words[kind]
}

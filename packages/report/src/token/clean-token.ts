/** A token as it is pasted becomes the token itself. */

/** The token in a text, and where in the text it was when that is worth saying. */
export interface CleanToken {
  readonly jwt: string
  /** The member of a JSON response that it was taken from. */
  readonly member?: string
}

/**
 * Trims, joins wrapped lines, strips quotes, `Authorization:` and `Bearer`, and takes the access
 * token out of a JSON response. What is left is not checked here.
 */
export function cleanToken(text: string): CleanToken {
  const pasted = stripDecoration(text)
  const response = pasted.startsWith('{') ? tokenOfResponse(pasted) : undefined
  if (response === undefined) return { jwt: joinLines(pasted) }
  return { jwt: joinLines(stripDecoration(response.text)), member: response.member }
}

/** Whether a text is a token, once it is cleaned: a JSON object in base64url, and two dots. */
export function looksLikeToken(text: string): boolean {
  const parts = cleanToken(text).jwt.split('.', 4)
  return parts.length === 3 && isObjectInBase64(parts[0])
}

/** No name of a tenant or role is longer; a token is. */
const MAX_NAME_LENGTH = 128

/**
 * Whether a text that is no token is a credential all the same: a piece of a token, an encrypted
 * one, an API key, or longer than any name.
 */
export function looksLikeCredential(text: string): boolean {
  if (text.length > MAX_NAME_LENGTH) return true
  return cleanToken(text).jwt.startsWith('uf_') || holdsToken(text)
}

/** Whether a text is a token, a piece of one, or a response with one. */
export function holdsToken(text: string): boolean {
  const { jwt, member } = cleanToken(text)
  return member !== undefined || jwt.split('.').some(isObjectInBase64)
}

/**
 * Whether a part of a token begins as a JSON object does. White space may be around the brace. What
 * comes after it is looked at, because the role `export.users` begins with a brace in base64 too.
 */
function isObjectInBase64(part = ''): boolean {
  // What is no base64 ends it. The first characters are enough, in whole groups of four.
  const [start = ''] = /^(?:[A-Za-z0-9+/_-]{4}){0,256}[A-Za-z0-9+/_-]{0,3}/.exec(part) ?? []
  const whole = start.length % 4 === 1 ? start.slice(0, -1) : start
  return /^\s*\{\s*["}]/.test(atob(whole.replaceAll('-', '+').replaceAll('_', '/')))
}

/** Each layer may be around any other, `"Authorization: Bearer '…'"`, but nobody means twenty. */
function stripDecoration(text: string): string {
  let inner = text
  for (let layers = 0; layers < 8; layers++) {
    inner = inner
      .replace(/^\ufeff/, '')
      .trim()
      .replace(/^(["'`])(.*)\1,?$/s, '$2')
      .replace(/^authorization\s*:/i, '')
      .replace(/^bearer(\s+|$)/i, '')
      .trim()
  }
  return inner
}

function joinLines(text: string): string {
  return text.replace(/\s+/g, '')
}

/** Where responses have the access token: OAuth 2.0 (RFC 6749 section 5.1), then Userfront. */
const places = [['access_token'], ['tokens', 'access', 'value']] as const

function tokenOfResponse(json: string): { text: string; member: string } | undefined {
  let response: unknown
  try {
    response = JSON.parse(json)
  } catch {
    return undefined
  }
  for (const path of places) {
    const text = path.reduce(memberOf, response)
    if (typeof text === 'string') return { text, member: path.join('.') }
  }
  return undefined
}

function memberOf(value: unknown, name: string): unknown {
  const isHolder = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
  return isHolder ? Reflect.get(value, name) : undefined
}

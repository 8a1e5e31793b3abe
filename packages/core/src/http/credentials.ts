/** Finds the token in a request: in declared places only, and at most one token. */
import { ConfigurationError, CredentialsError, RequestError } from '../errors.ts'
import { requireAtOnce } from '../plain-options.ts'

/** The part of a Node request that credentials are read from. */
export interface HttpMessage {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Names and values in turn, as they were sent: a repeated header shows here. */
  readonly rawHeaders: readonly string[]
}

/** One place where a token may be. Made by {@link bearer} and {@link cookie}, or by an application. */
export interface CredentialSource {
  /**
   * The token in this place, at once, or undefined when there is none.
   *
   * @throws {RequestError} when what is there cannot be one token
   */
  read(message: HttpMessage): string | undefined
}

/** RFC 6265 section 4.1.1: a cookie-name is a token of RFC 2616. */
const cookieName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** RFC 6750 section 2.1: the scheme, 1*SP, b64token. */
const bearerToken = /^bearer +[A-Za-z0-9._~+/-]+=*$/i
const bearerScheme = /^bearer(?:[ \t]|$)/i
/** How nearly everybody writes it. */
const usualPrefix = 'Bearer '

/**
 * The Authorization header with the scheme Bearer (RFC 6750 section 2.1). An empty header, or one of
 * another scheme, holds no credentials for us.
 *
 * @example
 * ```ts
 * import { bearer, createGuard } from '@tenantry/express'
 *
 * const guard = createGuard({ verifier, credentials: [bearer()] })
 * ```
 */
export function bearer(): CredentialSource {
  return { read: readBearer }
}

function readBearer({ headers, rawHeaders }: HttpMessage): string | undefined {
  const header = headers['authorization']
  if (header === undefined) return undefined
  // Node keeps the first of two; a proxy before us may have looked at the other.
  if (typeof header !== 'string' || occurs(rawHeaders, 'authorization') > 1) {
    throw new RequestError('request_malformed')
  }
  if (bearerToken.test(header)) return header.slice(startOfToken(header))
  if (bearerScheme.test(header)) throw new RequestError('request_malformed')
  return undefined
}

function startOfToken(header: string): number {
  let start = usualPrefix.length
  while (header.charCodeAt(start) === 0x20) start++
  return start
}

/**
 * What stands where a Bearer token stands, without a look at its characters: for a question to the
 * tokens that are known, each of which has the right ones. Undefined also where there may be more to
 * say about the request, or another place to look at.
 */
export function peekBearer(
  sources: readonly CredentialSource[],
  { headers, rawHeaders }: HttpMessage,
): string | undefined {
  const [source] = sources
  // The application may have put a `read` of its own on it.
  if (sources.length !== 1 || source?.read !== readBearer) return undefined
  const header = headers['authorization']
  if (typeof header !== 'string' || !header.startsWith(usualPrefix)) return undefined
  if (occurs(rawHeaders, 'authorization') > 1) return undefined
  return header.slice(usualPrefix.length)
}

/**
 * A cookie of this name (RFC 6265 section 4.2.1). An empty one is none; one in double quotes is taken
 * out of them.
 *
 * @throws {ConfigurationError} `option_invalid` for what no cookie can be named
 *
 * @example
 * ```ts
 * import { bearer, cookie, createGuard } from '@tenantry/express'
 *
 * const guard = createGuard({ verifier, credentials: [bearer(), cookie('access.demo1234')] })
 * ```
 */
export function cookie(name: string): CredentialSource {
  if (typeof name !== 'string' || !cookieName.test(name)) {
    throw new ConfigurationError(
      'option_invalid',
      "cookie needs the name of a cookie, such as cookie('access.demo1234'): no blanks, and none " +
        'of ( ) < > @ , ; : \\ " / [ ] ? = { }. Is an environment variable missing?',
    )
  }
  return {
    read({ headers }) {
      const header = headers['cookie']
      if (header === undefined) return undefined
      const pairs = [header].flat().join(';').split(';')
      let found: string | undefined
      for (const pair of pairs) {
        const equals = pair.indexOf('=')
        if (equals === -1 || trimBlanks(pair.slice(0, equals)) !== name) continue
        if (found !== undefined) throw new RequestError('credentials_multiple')
        found = unquote(trimBlanks(pair.slice(equals + 1)))
      }
      return found === '' ? undefined : found
    },
  }
}

/** RFC 6265 section 5.2: spaces and tabs, and no other blank: a browser sees that as another name. */
function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  // Not by a regular expression: one that looks for blanks before the end starts again at each blank.
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value
}

function occurs(rawHeaders: readonly string[], name: string): number {
  let times = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const header = rawHeaders[index]
    if (header?.length === name.length && header.toLowerCase() === name) times++
  }
  return times
}

/**
 * The token of a request.
 *
 * @throws {CredentialsError} `credentials_missing`
 * @throws {RequestError} `request_malformed`, or `credentials_multiple` when two places hold
 * different tokens
 * @throws {ConfigurationError} `option_invalid` when a source answers with what is no string
 */
export function readCredentials(
  sources: readonly CredentialSource[],
  message: HttpMessage,
): string {
  let found: string | undefined
  for (const source of sources) {
    const token = readSource(source, message)
    if (token === undefined || token === found) continue
    if (found !== undefined) throw new RequestError('credentials_multiple')
    found = token
  }
  if (found === undefined) throw new CredentialsError('credentials_missing')
  return found
}

/** A source may be one of the application's own. */
function readSource(source: CredentialSource, message: HttpMessage): string | undefined {
  const token: unknown = source.read(message)
  if (token === undefined || token === null || token === '') return undefined
  if (typeof token === 'string') return token
  requireAtOnce('credentials', token)
  throw new ConfigurationError(
    'option_invalid',
    'Option "credentials" has a source that answered with something that is no string.',
  )
}

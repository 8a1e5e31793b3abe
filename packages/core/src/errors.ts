/**
 * Every way in which Tenantry says no: one class per HTTP answer, one stable `code` per reason, and
 * one fixed table of messages. Nothing that came out of a token is ever part of a message, because
 * messages end up in logs and in headers.
 *
 * Branch on `code`. Two copies of this package (ESM and CommonJS) have two sets of classes, so
 * `instanceof` is not a safe question across packages; {@link isTenantryError} is.
 */

/** The request itself cannot be understood, or names two tenants or two callers. Status 400. */
export type RequestErrorCode =
  | 'request_malformed'
  | 'credentials_multiple'
  | 'tenant_invalid'
  | 'tenant_conflict'
  | 'reference_unknown'

/** The request carries no credentials. Status 401. */
export type CredentialsErrorCode = 'credentials_missing'

/** The token is not one that this server accepts. Status 401. */
export type TokenErrorCode =
  | 'token_too_large'
  | 'token_malformed'
  | 'alg_not_allowed'
  | 'crit_unsupported'
  | 'key_not_found'
  | 'signature_invalid'
  | 'typ_unexpected'
  | 'token_kind_unexpected'
  | 'mode_mismatch'
  | 'workspace_mismatch'
  | 'claim_missing'
  | 'claim_invalid'
  | 'token_expired'
  | 'token_inactive'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'sender_constraint_unmet'
  | 'token_revoked'
  | 'token_stale'

/** The token is good, and does not grant what was asked. Status 403. */
export type AccessErrorCode =
  | 'tenant_forbidden'
  | 'role_insufficient'
  | 'tenant_suspended'
  | 'tenant_mismatch'

/** What was sent is there already. Status 409. */
export type ConflictErrorCode = 'duplicate_key'

/** The question cannot be answered at the moment. Status 503. */
export type UnavailableErrorCode =
  | 'keys_unavailable'
  | 'revocation_unavailable'
  | 'database_unavailable'
  | 'pool_exhausted'
  | 'shutting_down'

/** The program is wrong, not the request. Status 500. */
export type ConfigurationErrorCode =
  | 'option_invalid'
  | 'role_unknown'
  | 'role_cycle'
  | 'requirement_invalid'
  | 'tenant_unresolved'
  | 'token_unverified'
  | 'verifier_closed'
  | 'sync_unsupported'
  | 'production_refused'
  | 'call_refused'
  | 'client_released'
  | 'tenant_switched'
  | 'row_security_bypassed'
  | 'collection_undeclared'

/** A scoped model or database was used outside any tenant. Status 401. */
export type TenantContextErrorCode = 'tenant_context_missing'

/** Every code there is. */
export type ErrorCode =
  | RequestErrorCode
  | CredentialsErrorCode
  | TokenErrorCode
  | AccessErrorCode
  | ConflictErrorCode
  | UnavailableErrorCode
  | ConfigurationErrorCode
  | TenantContextErrorCode

/**
 * The fixed words. They go into `error_description`, so they keep to the characters that RFC 6750
 * section 3 allows there: printable ASCII without the double quote and the backslash.
 */
const messages = {
  request_malformed: 'The Authorization header is not one Bearer token.',
  credentials_multiple: 'The request carries more than one credential. Send the token once.',
  tenant_invalid: 'The tenant in the request is not a valid tenant id.',
  tenant_conflict: 'The request names more than one tenant.',
  reference_unknown: 'A reference names something that does not exist in this tenant.',
  credentials_missing: 'No access token was sent. Send one as a Bearer token.',
  token_too_large: 'The token is larger than this server accepts.',
  token_malformed: 'The token is not a well-formed JWT.',
  alg_not_allowed: 'The token is signed with an algorithm that this server does not accept.',
  crit_unsupported: 'The token header has a critical extension that is not supported.',
  key_not_found: 'The token was signed with a key that this server does not know.',
  signature_invalid: 'The signature of the token does not match.',
  typ_unexpected: 'The typ header of the token is not one that this server accepts.',
  token_kind_unexpected: 'The token is not an access token.',
  mode_mismatch: 'The token was issued for another mode (test or live).',
  workspace_mismatch: 'The token was issued by another workspace.',
  claim_missing: 'The token lacks a required claim.',
  claim_invalid: 'A claim of the token is not valid.',
  token_expired: 'The token has expired. Request a new one.',
  token_inactive: 'The token is not valid yet.',
  issuer_mismatch: 'The token was issued by someone else.',
  audience_mismatch: 'The token is meant for another audience.',
  sender_constraint_unmet:
    'The token is bound to a key of its sender, and the binding was not shown.',
  token_revoked: 'The token has been revoked. Sign in again.',
  token_stale: 'The membership in this tenant has changed. Refresh the token.',
  tenant_forbidden: 'The token does not grant access to this tenant.',
  role_insufficient: 'The token does not grant the required role in this tenant.',
  tenant_suspended: 'This tenant is suspended.',
  tenant_mismatch: 'The data is meant for another tenant than the one that is going on.',
  duplicate_key: 'A value that must be unique is taken.',
  keys_unavailable: 'The keys that tokens are verified with cannot be loaded. Try again later.',
  revocation_unavailable: 'Revocations cannot be checked at the moment. Try again later.',
  database_unavailable:
    'The database of this tenant cannot be reached at the moment. Try again later.',
  pool_exhausted: 'Too many tenants are busy at the moment. Try again later.',
  shutting_down: 'This server is shutting down. Try again.',
  tenant_context_missing: 'Tenant data was used outside of any tenant.',
} satisfies Record<Exclude<ErrorCode, ConfigurationErrorCode>, string>

/** The response headers of a refusal, with lower-case names. */
export type ErrorHeaders = Readonly<Record<string, string>>

const brand = Symbol.for('tenantry.error')

interface ErrorOrigin {
  readonly cause?: unknown
  /** Whether it has a stack trace. Default true. */
  readonly trace?: boolean
}

/**
 * For what anybody can cause by sending nonsense: it must cost next to nothing, and a trace through
 * the verifier says nothing of it.
 */
const fromStranger: ErrorOrigin = Object.freeze({ trace: false })

/** The base of every error that Tenantry throws. */
export abstract class TenantryError<Code extends ErrorCode = ErrorCode> extends Error {
  /** The stable, machine-readable reason. Documented one page each in `docs/errors`. */
  readonly code: Code
  /** The HTTP status that answers it. */
  readonly status: number
  /** The same as `status`, under the name that Express and Fastify look for. */
  readonly statusCode: number

  constructor(
    code: Code,
    status: number,
    message: string,
    { cause, trace = true }: ErrorOrigin = {},
  ) {
    const limit = Error.stackTraceLimit
    // Where Error is frozen, the trace stays.
    if (!trace) Reflect.set(Error, 'stackTraceLimit', 0)
    super(message, cause === undefined ? undefined : { cause })
    if (!trace) Reflect.set(Error, 'stackTraceLimit', limit)
    this.code = code
    this.status = status
    this.statusCode = status
  }

  static {
    // Every copy of this package recognises it; a log of the error's own members does not show it.
    const everywhere = Object.assign(Object.create(null), { value: true })
    Object.defineProperty(TenantryError.prototype, brand, everywhere)
  }

  /** The response headers that go with it: `cache-control` always, `www-authenticate` and `retry-after` where a RFC asks for them. */
  get headers(): ErrorHeaders {
    return { 'cache-control': 'no-store' }
  }
}

/** RFC 6750 section 3: the scheme, then at least one parameter. */
function challenge(error: string, description: string): ErrorHeaders {
  return {
    'cache-control': 'no-store',
    'www-authenticate': `Bearer error="${error}", error_description="${description}"`,
  }
}

/** RFC 6750 section 3.1: a request without credentials is told how to authenticate, and no more. */
const plainChallenge: ErrorHeaders = Object.freeze({
  'cache-control': 'no-store',
  'www-authenticate': 'Bearer realm="api"',
})

/** The request cannot be understood: 400, RFC 6750 `invalid_request`. */
export class RequestError extends TenantryError<RequestErrorCode> {
  override readonly name = 'RequestError'

  constructor(code: RequestErrorCode) {
    super(code, 400, messages[code], fromStranger)
  }

  override get headers(): ErrorHeaders {
    return challenge('invalid_request', this.message)
  }
}

/** No credentials were sent: 401 with a challenge that carries no error. */
export class CredentialsError extends TenantryError<CredentialsErrorCode> {
  override readonly name = 'CredentialsError'

  constructor(code: CredentialsErrorCode) {
    super(code, 401, messages[code], fromStranger)
  }

  override get headers(): ErrorHeaders {
    return plainChallenge
  }
}

/** The token is refused: 401, RFC 6750 `invalid_token`. */
export class TokenError extends TenantryError<TokenErrorCode> {
  override readonly name = 'TokenError'

  constructor(code: TokenErrorCode, message: string = messages[code]) {
    super(code, 401, message, fromStranger)
  }

  override get headers(): ErrorHeaders {
    return challenge('invalid_token', this.message)
  }
}

/** The token is good and not enough: 403, RFC 6750 `insufficient_scope`. */
export class AccessError extends TenantryError<AccessErrorCode> {
  override readonly name = 'AccessError'

  constructor(code: AccessErrorCode) {
    super(code, 403, messages[code])
  }

  override get headers(): ErrorHeaders {
    return challenge('insufficient_scope', this.message)
  }
}

/** What was sent is there already, and says nothing about where: 409. */
export class ConflictError extends TenantryError<ConflictErrorCode> {
  override readonly name = 'ConflictError'
  /** The names of the members that must be unique together, where they are unique within the tenant. */
  readonly fields: readonly string[]

  constructor(code: ConflictErrorCode, options: { fields?: readonly string[] } = {}) {
    super(code, 409, messages[code])
    this.fields = Object.freeze([...(options.fields ?? [])])
  }
}

/** We cannot check, which says nothing about the token: 503 with Retry-After. */
export class UnavailableError extends TenantryError<UnavailableErrorCode> {
  override readonly name = 'UnavailableError'
  /** Whole seconds after which another try makes sense; at least 1, and at most some 68 years. */
  readonly retryAfter: number

  constructor(code: UnavailableErrorCode, options: { retryAfter: number; cause?: unknown }) {
    super(code, 503, messages[code], { cause: options.cause })
    const seconds = Math.ceil(options.retryAfter)
    // RFC 9110 section 10.2.3 and RFC 9111 section 1.2.2: digits, of no more than 31 bits.
    this.retryAfter = Number.isNaN(seconds) ? 1 : Math.min(Math.max(1, seconds), 2 ** 31 - 1)
  }

  override get headers(): ErrorHeaders {
    return { 'cache-control': 'no-store', 'retry-after': String(this.retryAfter) }
  }
}

/** A mistake in the program: an option, a role that does not exist, an unverified token. Status 500. */
export class ConfigurationError extends TenantryError<ConfigurationErrorCode> {
  override readonly name = 'ConfigurationError'

  constructor(code: ConfigurationErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, 500, message, options)
  }
}

/** Tenant data was touched outside of any tenant: 401. */
export class TenantContextError extends TenantryError<TenantContextErrorCode> {
  override readonly name = 'TenantContextError'

  constructor(code: TenantContextErrorCode) {
    super(code, 401, messages[code])
  }

  override get headers(): ErrorHeaders {
    return plainChallenge
  }
}

/** @internal Every message that a refusal can carry, for the tests of the table. */
export function everyMessage(): string[] {
  return Object.values(messages)
}

/**
 * Whether a caught value is one of Tenantry's errors, whichever copy of the package threw it.
 *
 * @example
 * ```ts
 * import { isTenantryError } from '@tenantry/core'
 *
 * try {
 *   await verifier.verify(jwt)
 * } catch (error) {
 *   if (!isTenantryError(error)) throw error
 *   console.log(error.status, error.code)
 * }
 * ```
 */
export function isTenantryError(value: unknown): value is TenantryError {
  try {
    return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true
  } catch {
    // A thrown proxy can refuse to be looked at.
    return false
  }
}

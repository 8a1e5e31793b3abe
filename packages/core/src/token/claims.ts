/** The claims that have a meaning here, read once into plain values of the right type. */
import { TokenError } from '../errors.ts'
import type { CompactToken } from './compact.ts'
import { type TokenFault, tokenFault } from './faults.ts'
import { checkJsonObject, type ParsedObject } from './json.ts'

/** What a server asks of the claims, beyond that they make sense. */
export interface ClaimsPolicy {
  readonly issuers: readonly string[] | undefined
  readonly audiences: readonly string[] | undefined
  readonly mode: 'live' | 'test' | undefined
  readonly workspaceId: string | undefined
  /** Seconds. */
  readonly clockTolerance: number
  /** Seconds. */
  readonly maxTokenAge: number | undefined
}

/** The times of a token in seconds since 1970 (RFC 7519 section 2, NumericDate). */
export interface TokenTimes {
  readonly exp: number
  readonly nbf: number | undefined
  readonly iat: number | undefined
}

/** Who the token speaks of. */
export interface Identity {
  readonly userId: string | number | undefined
  readonly subject: string | undefined
  readonly tenantId: string | undefined
  readonly mode: string | undefined
  readonly sessionId: string | undefined
}

const timeClaims: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat'])

/** 5138-11-16 in seconds, and 1973-03-03 in milliseconds: no time in seconds is above it. */
const LARGEST_SECONDS = 1e11

/**
 * Parses the payload: its members, which nobody else may get hold of.
 *
 * @throws {TokenError} `token_malformed`
 */
export function readPayload(token: CompactToken): ParsedObject {
  const claims = checkJsonObject(token.payload, timeClaims)
  if (typeof claims !== 'string') return claims
  throw tokenFault(claims === 'syntax' ? 'payload_json' : claims)
}

/** @throws {TokenError} `claim_missing` without exp, `claim_invalid` for what is not a time in seconds */
export function readTimes(claims: ParsedObject): TokenTimes {
  const exp = readTime(claims['exp'], 'exp_invalid', 'exp_milliseconds')
  if (exp === undefined) throw tokenFault('exp_missing')
  return {
    exp,
    nbf: readTime(claims['nbf'], 'nbf_invalid', 'nbf_milliseconds'),
    iat: readTime(claims['iat'], 'iat_invalid', 'iat_milliseconds'),
  }
}

function readTime(
  value: unknown,
  invalid: TokenFault,
  milliseconds: TokenFault,
): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) throw tokenFault(invalid)
  if (value > LARGEST_SECONDS)
    throw tokenFault(value < LARGEST_SECONDS * 1000 ? milliseconds : invalid)
  // Far enough below, there is no Date any more that could say it.
  if (value < -LARGEST_SECONDS) throw tokenFault(invalid)
  return value
}

/**
 * Whether the token counts at `now` (seconds).
 *
 * @throws {TokenError} `token_expired`, `token_inactive`, or `claim_invalid` for a time of issue
 * that lies in the future (RFC 7519 sections 4.1.4 to 4.1.6)
 */
export function checkTimes(
  times: TokenTimes,
  policy: Pick<ClaimsPolicy, 'clockTolerance' | 'maxTokenAge'>,
  now: number,
): void {
  const { clockTolerance, maxTokenAge } = policy
  if (times.exp <= now - clockTolerance) throw new TokenError('token_expired')
  if (times.nbf !== undefined && times.nbf > now + clockTolerance) {
    throw new TokenError('token_inactive')
  }
  if (times.iat !== undefined && times.iat > now + clockTolerance) throw tokenFault('iat_future')
  if (maxTokenAge !== undefined) checkAge(times, maxTokenAge, clockTolerance, now)
}

/**
 * Whether the token is young enough at `now`; all in seconds. An age of 0 refuses every token.
 *
 * @throws {TokenError} `token_expired`, or `claim_missing` without iat
 */
export function checkAge(
  times: TokenTimes,
  maxTokenAge: number,
  clockTolerance: number,
  now: number,
): void {
  if (times.iat === undefined) throw tokenFault('iat_missing')
  if (maxTokenAge === 0 || times.iat + maxTokenAge <= now - clockTolerance) {
    throw tokenFault('too_old')
  }
}

/**
 * Whether the token was issued by whom, for whom and as what this server expects.
 *
 * @throws {TokenError} `sender_constraint_unmet`, `token_kind_unexpected`, `issuer_mismatch`,
 * `audience_mismatch`, `claim_invalid`, `mode_mismatch`, `workspace_mismatch`
 */
export function checkOrigin(claims: ParsedObject, policy: ClaimsPolicy): void {
  // RFC 7800, RFC 9449, RFC 8705: such a token is no Bearer token.
  if (claims['cnf'] !== undefined) throw new TokenError('sender_constraint_unmet')
  const type = claims['type']
  if (type !== undefined && type !== 'access') throw tokenFault('type_unexpected')
  if (policy.issuers !== undefined && !isOneOf(claims['iss'], policy.issuers)) {
    throw new TokenError('issuer_mismatch')
  }
  if (policy.audiences !== undefined) checkAudience(claims['aud'], policy.audiences)
  if (policy.mode !== undefined && claims['mode'] !== policy.mode) {
    throw new TokenError('mode_mismatch')
  }
  if (policy.workspaceId !== undefined && claims['tenantId'] !== policy.workspaceId) {
    throw new TokenError('workspace_mismatch')
  }
}

/** RFC 7519 section 4.1.3: one string, or a list of strings of which one is us. */
function checkAudience(aud: unknown, accepted: readonly string[]): void {
  if (aud === undefined) throw new TokenError('audience_mismatch')
  const named = Array.isArray(aud) ? aud : [aud]
  if (!named.every((audience) => typeof audience === 'string')) throw tokenFault('aud_invalid')
  if (!named.some((audience) => isOneOf(audience, accepted))) {
    throw new TokenError('audience_mismatch')
  }
}

function isOneOf(value: unknown, accepted: readonly string[]): boolean {
  return typeof value === 'string' && accepted.includes(value)
}

/**
 * @throws {TokenError} `claim_invalid` for an identifier of the wrong type: a user or session that
 * cannot be told from another could not be revoked either
 */
export function readIdentity(claims: ParsedObject): Identity {
  const userId = claims['userId']
  if (userId !== undefined && typeof userId !== 'string' && !Number.isSafeInteger(userId)) {
    throw tokenFault('user_id_invalid')
  }
  const tenantId = readString(claims['tenantId'], 'tenant_id_invalid')
  const sessionId = readString(claims['sessionId'], 'session_id_invalid')
  const sub = claims['sub']
  const mode = claims['mode']
  return {
    userId: userId as string | number | undefined,
    subject: typeof sub === 'string' ? sub : userId === undefined ? undefined : String(userId),
    tenantId,
    mode: typeof mode === 'string' ? mode : undefined,
    sessionId,
  }
}

function readString(value: unknown, fault: TokenFault): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw tokenFault(fault)
}

/**
 * Verifies a token with core, and finds out how it fared in every single check.
 *
 * Core stops at the first refusal. Where that is a refusal of the claims, the same token is verified
 * again with one of the checks at a time: each line of the list is core's own word, not a second
 * opinion of this program.
 */
import {
  type AccessToken,
  decodeToken,
  isTenantryError,
  type TenantryError,
  type VerifierOptions,
} from '@tenantry/core'
import { quote } from '@tenantry/report'
import { undecided, usageFailure } from '../failure.ts'
import { algorithmHint } from './algorithm-hint.ts'
import { fetchOnce, type KeyFetch } from './key-fetch.ts'
import type { ClaimChecks, Verification } from './verification-options.ts'

/** The checks, in the order in which they are listed. */
export const checkNames = [
  'format',
  'algorithm',
  'typ',
  'key',
  'signature',
  'kind',
  'issuer',
  'audience',
  'mode',
  'workspace',
  'expiry',
  'age',
  'claims',
] as const

export type CheckName = (typeof checkNames)[number]

/** `unchecked`: nobody asked. `unreached`: an earlier check failed, so nothing can be said. */
export type CheckState = 'passed' | 'failed' | 'unchecked' | 'unreached'

/** How one check went. */
export interface CheckResult {
  readonly name: CheckName
  readonly state: CheckState
  /** Why it failed. */
  readonly refusal?: TenantryError
}

/** What came of a verification. */
export interface Examination {
  /** The token, when it is valid. */
  readonly token: AccessToken | undefined
  /** Core's refusal, when it is not, or when the keys cannot be had. Neither without keys. */
  readonly refusal: TenantryError | undefined
  readonly checks: readonly CheckResult[]
  /** The JSON of the public keys, as far as it was seen. */
  readonly keys?: unknown
}

type Outcome = AccessToken | TenantryError

/** Which check a refusal belongs to. What is not listed is about the claims as a whole. */
const checkOf: ReadonlyMap<string, CheckName> = new Map([
  ['token_too_large', 'format'],
  ['token_malformed', 'format'],
  ['alg_not_allowed', 'algorithm'],
  ['crit_unsupported', 'algorithm'],
  ['typ_unexpected', 'typ'],
  ['key_not_found', 'key'],
  ['keys_unavailable', 'key'],
  ['signature_invalid', 'signature'],
  ['sender_constraint_unmet', 'kind'],
  ['token_kind_unexpected', 'kind'],
  ['token_expired', 'expiry'],
  ['token_inactive', 'expiry'],
])

const beforeClaims: readonly CheckName[] = ['format', 'algorithm', 'typ', 'key', 'signature']
const onClaims = ['issuer', 'audience', 'mode', 'workspace', 'age'] as const

/**
 * Verifies the token.
 *
 * @throws {CliFailure} `option_invalid` when the keys cannot be used
 */
export async function examine(jwt: string, verification: Verification): Promise<Examination> {
  const { checks } = verification
  const source = fetchOnce()
  const verify = verifierOf(jwt, verification, source)
  const outcome = await verify(...Object.values(checks))
  const keys = verification.json ?? (await source.seen())
  if (!isTenantryError(outcome)) {
    return { token: outcome, refusal: undefined, checks: list((name) => asked(name, checks)), keys }
  }
  const failed = checkOf.get(outcome.code) ?? 'claims'
  const states = beforeClaims.includes(failed)
    ? upTo(failed, outcome)
    : await claimStates(verify, checks)
  return { token: undefined, refusal: outcome, checks: list((name) => states.get(name)), keys }
}

/** Without keys a token may be no token at all, and more cannot be said. */
export function examineWithoutKeys(jwt: string): Examination {
  try {
    decodeToken(jwt)
  } catch (error) {
    if (!isTenantryError(error)) throw error
    const states = upTo('format', error)
    return { token: undefined, refusal: error, checks: list((name) => states.get(name)) }
  }
  const checks = list((name): CheckResult | undefined => {
    if (name === 'format') return { name, state: 'passed' }
    return name === 'key' || name === 'signature' ? { name, state: 'unchecked' } : undefined
  })
  return { token: undefined, refusal: undefined, checks }
}

type Verify = (...checks: readonly Partial<VerifierOptions>[]) => Promise<Outcome>

function verifierOf(jwt: string, verification: Verification, source: KeyFetch): Verify {
  const { base, origin } = verification
  const remote = origin.kind === 'url' ? { jwks: { fetch: source.fetch } } : {}
  return async (...checks) => {
    try {
      const { createVerifier } = await import('./create-verifier.ts')
      const verifier = createVerifier(Object.assign({ ...base, ...remote }, ...checks))
      return await verifier.verify(jwt)
    } catch (error) {
      if (!isTenantryError(error)) throw error
      if (error.name !== 'ConfigurationError') return error
      // The flags were read already, so this is about the keys.
      if (origin.kind === 'url') throw usageFailure('--jwks cannot be used.', ownWords(error))
      throw undecided(
        error.code,
        `The keys in ${quote(origin.name)} cannot be used.`,
        ownWords(error),
        ...hintsFor(jwt, verification),
      )
    }
  }
}

/** The keys may be of an algorithm that nobody has named. */
function hintsFor(jwt: string, verification: Verification): readonly string[] {
  try {
    const hint = algorithmHint(decodeToken(jwt).header['alg'], verification)
    return hint === undefined ? [] : [hint]
  } catch {
    // Whatever it is, it is no token that could say.
    return []
  }
}

/** Who types flags has no option "keys". */
function ownWords({ message }: TenantryError): string {
  const words = message.replace(/^Option "keys": /, '')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Before the claims, every check comes after the one before it. */
function upTo(failed: CheckName, refusal: TenantryError): ReadonlyMap<CheckName, CheckResult> {
  const until = checkNames.indexOf(failed)
  const results = checkNames.slice(0, until + 1).map((name): [CheckName, CheckResult] => {
    return [name, name === failed ? { name, state: 'failed', refusal } : { name, state: 'passed' }]
  })
  return new Map(results)
}

/** The signature matches and the claims are refused: asks for one check at a time. */
async function claimStates(
  verify: Verify,
  checks: ClaimChecks,
): Promise<ReadonlyMap<CheckName, CheckResult>> {
  const results = new Map<CheckName, CheckResult>()
  const set = (result: CheckResult): unknown => results.set(result.name, result)
  for (const name of beforeClaims) set({ name, state: 'passed' })
  const plain = await verify()
  const blocking = isTenantryError(plain) ? (checkOf.get(plain.code) ?? 'claims') : undefined
  const isEarly = isTenantryError(plain) && (await stopsBeforeIssuer(plain, verify))
  for (const name of onClaims) {
    const check = checks[name]
    if (check === undefined) {
      set({ name, state: 'unchecked' })
    } else if (!isEarly) {
      set(compare(name, await verify(check), plain))
    }
  }
  for (const name of ['kind', 'claims', 'expiry'] as const) {
    if (name === blocking && isTenantryError(plain)) set({ name, state: 'failed', refusal: plain })
    // What the claims as a whole are worth is known to the end only when nothing blocks.
    else if (blocking === undefined) set({ name, state: 'passed' })
    else if (name === 'kind') set({ name, state: 'passed' })
  }
  return results
}

/** An issuer that no token has: a token that is refused for something else is refused before it. */
async function stopsBeforeIssuer(plain: TenantryError, verify: Verify): Promise<boolean> {
  const probe = await verify({ issuer: `urn:uuid:${crypto.randomUUID()}` })
  return isTenantryError(probe) && probe.code === plain.code
}

/** How a check went, from the outcome with it and the outcome without. */
function compare(name: (typeof onClaims)[number], outcome: Outcome, plain: Outcome): CheckResult {
  if (!isTenantryError(outcome)) return { name, state: 'passed' }
  if (!isTenantryError(plain) || outcome.message !== plain.message) {
    return { name, state: 'failed', refusal: outcome }
  }
  // The same refusal with and without it. The age comes last, and was not looked at any more.
  return { name, state: name === 'age' ? 'unreached' : 'passed' }
}

function asked(name: CheckName, checks: ClaimChecks): CheckResult {
  const isOptional = (onClaims as readonly CheckName[]).includes(name)
  const isAsked = !isOptional || Object.hasOwn(checks, name)
  return { name, state: isAsked ? 'passed' : 'unchecked' }
}

function list(result: (name: CheckName) => CheckResult | undefined): readonly CheckResult[] {
  return checkNames.map((name) => result(name) ?? { name, state: 'unreached' })
}

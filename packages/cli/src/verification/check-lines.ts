/** The list of checks, one line each, for a person. */
import { decodeToken, type JsonObject, type JsonValue } from '@tenantry/core'
import { clip, formatDistance, formatInstant, quote, readTimeClaim } from '@tenantry/report'
import { wrap } from '../output/lines.ts'
import type { Style } from '../output/style.ts'
import { algorithmHint } from './algorithm-hint.ts'
import type { CheckName, CheckResult } from './examine.ts'
import type { Verification } from './verification-options.ts'

/** What is known of the token while its checks are put into words. */
export interface CheckContext {
  readonly jwt: string
  /** Undefined when the token cannot be read. */
  readonly header: JsonObject | undefined
  readonly claims: JsonObject | undefined
  /** Undefined when there are no keys. */
  readonly verification: Verification | undefined
  readonly now: Date
}

/** The parts of a token, for words only: what cannot be read is left out of them. */
export function readParts(jwt: string): Pick<CheckContext, 'header' | 'claims'> {
  try {
    const { header, claims } = decodeToken(jwt)
    return { header, claims }
  } catch {
    return { header: undefined, claims: undefined }
  }
}

const NAME_COLUMN = 11
const WIDE = 52

/** Words for a check: the first line, and more lines below it. */
export function checkDetail(result: CheckResult, context: CheckContext): readonly string[] {
  switch (result.state) {
    case 'unreached':
      return ['not reached']
    case 'unchecked':
      return [`not checked${flagFor(result.name)}`]
    case 'passed':
      return [passed(result.name, context)]
    case 'failed':
      return failed(result, context)
  }
}

/** The lines of a check as they are printed, `margin` columns further to the right than they say. */
export function checkLines(
  result: CheckResult,
  context: CheckContext,
  style: Style,
  margin: number = 0,
): readonly string[] {
  const [mark, paint] = marks(result, style)
  const indent = mark.length + 1 + NAME_COLUMN
  const width = indent + margin
  const [first = '', ...rest] = checkDetail(result, context).flatMap((line) => wrap(line, width))
  return [
    paint(`${mark} ${result.name.padEnd(NAME_COLUMN)}${first}`),
    ...rest.map((line) => ' '.repeat(indent) + line),
  ]
}

function marks({ state }: CheckResult, style: Style): [mark: string, paint: Style['good']] {
  const { symbols } = style
  // The marks have one width, so that the words behind them stand in a column.
  const width = Math.max(symbols.yes.length, symbols.none.length)
  if (state === 'passed') return [symbols.yes.padEnd(width), style.good]
  if (state === 'failed') return [symbols.no.padEnd(width), style.bad]
  return [symbols.none.padEnd(width), style.dim]
}

const flags: ReadonlyMap<CheckName, string> = new Map([
  ['issuer', '--issuer'],
  ['audience', '--audience'],
  ['mode', '--mode'],
  ['workspace', '--workspace'],
  ['age', '--max-age'],
  ['key', '--jwks, --key, --secret-file'],
])

function flagFor(name: CheckName): string {
  const flag = flags.get(name)
  return flag === undefined ? '' : ` (no ${flag})`
}

function passed(name: CheckName, context: CheckContext): string {
  const { header, claims, jwt } = context
  switch (name) {
    case 'format':
      return `three parts, ${jwt.length} characters`
    case 'algorithm':
      return `${show(header?.['alg'])} is accepted`
    case 'typ':
      return header?.['typ'] === undefined ? 'absent, which is accepted' : show(header['typ'])
    case 'key':
      return keyWords(context)
    case 'signature':
      return 'matches'
    case 'kind':
      return 'access token'
    case 'issuer':
      return show(claims?.['iss'])
    case 'audience':
      return show(claims?.['aud'])
    case 'mode':
      return show(claims?.['mode'])
    case 'workspace':
      return show(claims?.['tenantId'])
    case 'claims':
      return 'well formed'
    case 'expiry':
      return expiryWords(context)
    case 'age':
      return timeWords('issued', claims?.['iat'], context.now)
  }
}

function failed({ name, refusal }: CheckResult, context: CheckContext): readonly string[] {
  const { header, claims, now, verification } = context
  const message = refusal?.message ?? ''
  switch (name) {
    case 'algorithm':
      if (header === undefined || refusal?.code !== 'alg_not_allowed') return [message]
      return algorithmMismatch(message, header['alg'], verification)
    case 'typ':
      return mismatch(message, header?.['typ'], verification?.base.types ?? ['JWT', 'none'])
    case 'key':
      return [message, ...keyFailure(context, refusal)]
    case 'issuer':
      return issuerMismatch(message, claims?.['iss'], verification?.checks.issuer?.issuer)
    case 'audience':
      return mismatch(message, claims?.['aud'], verification?.checks.audience?.audience)
    case 'mode':
      return mismatch(message, claims?.['mode'], verification?.checks.mode?.mode)
    case 'workspace':
      return mismatch(message, claims?.['tenantId'], verification?.checks.workspace?.workspaceId)
    case 'expiry':
      return refusal?.code === 'token_inactive'
        ? [timeWords('counts from', claims?.['nbf'], now)]
        : [timeWords('expired', claims?.['exp'], now)]
    case 'age':
      return [timeWords('issued', claims?.['iat'], now), message]
    default:
      return [message]
  }
}

function keyWords({ header, verification }: CheckContext): string {
  const from = clip(quote(verification?.origin.name ?? ''), WIDE)
  const kid = header?.['kid']
  return kid === undefined ? `the one that fits, from ${from}` : `${show(kid)} from ${from}`
}

function keyFailure(
  { header, verification }: CheckContext,
  refusal: Error | undefined,
): readonly string[] {
  const from = `keys from    ${quote(verification?.origin.name ?? '', WIDE)}`
  const cause = rootCause(refusal)
  if (cause !== undefined) return [from, `reason       ${cause}`, ...issuerHint(verification)]
  return [`token says   ${show(header?.['kid'])}`, from]
}

/** The address of an issuer where the one of its keys is meant: they are somewhere below it. */
function issuerHint(verification: Verification | undefined): readonly string[] {
  const { kind, name = '' } = verification?.origin ?? {}
  if (kind !== 'url' || !URL.canParse(name)) return []
  const { origin, pathname, search } = new URL(name)
  const isIssuer = pathname === '/' && search === ''
  return isIssuer ? [`Is this the issuer? tenantry doctor ${origin}`, 'finds its JWK Set.'] : []
}

/** The innermost reason; a failed fetch wraps it twice. */
function rootCause(error: Error | undefined): string | undefined {
  let cause: unknown = error?.cause
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  if (!(cause instanceof Error)) return undefined
  const code: unknown = Reflect.get(cause, 'code')
  // The reason may quote the address that was asked for.
  return quote(cause.message === '' && typeof code === 'string' ? code : cause.message).slice(1, -1)
}

function mismatch(message: string, said: JsonValue | undefined, expected: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(expected) ? expected : [expected]
  const wanted = list.map((item) => (typeof item === 'string' ? quote(item, WIDE) : 'none'))
  return [message, `token says   ${show(said)}`, `you expect   ${wanted.join(', ')}`]
}

function algorithmMismatch(
  message: string,
  said: JsonValue | undefined,
  verification: Verification | undefined,
): string[] {
  const [first = '', says = '', expect = ''] = mismatch(
    message,
    said,
    verification?.base.algorithms,
  )
  if (verification === undefined || verification.isAlgorithmNamed) return [first, says, expect]
  const hint = algorithmHint(said, verification)
  return [first, says, `${expect} (no --alg)`, ...(hint === undefined ? [] : [hint])]
}

function issuerMismatch(message: string, said: JsonValue | undefined, expected: unknown): string[] {
  const lines = mismatch(message, said, expected)
  const isClose =
    typeof said === 'string' &&
    typeof expected === 'string' &&
    said.replace(/\/$/, '') === expected.replace(/\/$/, '')
  return isClose ? [...lines, 'They differ only in the last "/".'] : lines
}

function expiryWords({ claims, now, verification }: CheckContext): string {
  const exp = claims?.['exp']
  const time = readTimeClaim(exp)
  if (time === undefined || time > now) return timeWords('expires', exp, now)
  const tolerance = verification?.base.clockTolerance ?? 5
  return `${timeWords('expired', exp, now)}, within the tolerance of ${tolerance} s`
}

function timeWords(verb: string, claim: JsonValue | undefined, now: Date): string {
  const time = readTimeClaim(claim)
  return time === undefined
    ? `${verb} at no time`
    : `${verb} ${formatInstant(time)}  ${formatDistance(time, now)}`
}

/** A value of the token. */
function show(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing'
  return typeof value === 'string' ? quote(value, WIDE) : clip(quote(JSON.stringify(value)), WIDE)
}

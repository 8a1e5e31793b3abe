/** What a verification comes to, in one word and one sentence. */
import type { ExitCode } from '../failure.ts'
import { hang } from '../output/lines.ts'
import type { Environment, Style } from '../output/style.ts'
import { type CheckContext, checkDetail } from './check-lines.ts'
import type { CheckResult, Examination } from './examine.ts'

/** The outcome. */
export interface Verdict {
  readonly exitCode: ExitCode
  readonly code: string
  readonly message: string
}

/** `missing` says how to name keys, for when there are none. */
export function verdictOf({ token, refusal }: Examination, missing: string): Verdict {
  if (refusal !== undefined) {
    const { status, code, message } = refusal
    return { exitCode: status === 503 ? 3 : 1, code, message }
  }
  if (token !== undefined) {
    const message = 'Every check that was asked for has passed.'
    return { exitCode: 0, code: 'verified', message }
  }
  const message = `The signature was not checked: ${missing}.`
  return { exitCode: 3, code: 'keys_missing', message }
}

/** Says how to name keys. */
export function whatIsMissing(
  {
    workspace,
    mode,
  }: { readonly workspace: string | undefined; readonly mode: string | undefined },
  env: Environment,
): string {
  if (workspace !== undefined && mode === undefined) return 'add --mode live or --mode test'
  if (workspace === undefined && mode !== undefined) return 'add --workspace ID'
  if ((env['TENANTRY_JWKS'] ?? '').trim() !== '') {
    return 'add --jwks "$TENANTRY_JWKS"; only doctor reads the variable by itself'
  }
  return 'add --jwks URL|FILE or --key FILE'
}

/** The last lines. */
export function verdictLines({ exitCode, code, message }: Verdict, style: Style): string {
  const { symbols } = style
  if (exitCode === 0) return style.good(`${symbols.yes} valid   ${code}`)
  const [mark, word, paint] =
    exitCode === 1 ? [symbols.no, 'invalid', style.bad] : [symbols.warn, 'undecided', style.warn]
  const first = `${mark} ${word}   `
  return `${paint(`${first}${code}`)}\n${hang('', message, first.length)}`
}

/** The checks for the JSON document, and the codes of those that failed. */
export function checksDocument(
  checks: readonly CheckResult[],
  context: CheckContext,
): Readonly<Record<string, unknown>> {
  return {
    failures: checks.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal.code])),
    checks: checks.map((check) => ({
      name: check.name,
      state: check.state,
      ...(check.refusal === undefined ? {} : { code: check.refusal.code }),
      detail: checkDetail(check, context).join('\n'),
    })),
  }
}

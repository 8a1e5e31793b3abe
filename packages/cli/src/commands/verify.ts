/** `tenantry verify`: whether a token is to be believed, and which checks say so. */
import { decodeToken } from '@tenantry/core'
import { type Command, defineCommand } from '../command-line/command.ts'
import { type ExitCode, usageFailure } from '../failure.ts'
import { readInstant, timeOptions } from '../input/instant.ts'
import { readToken, tokenOptions } from '../input/token-source.ts'
import type { Answer } from '../output/answer.ts'
import { hang } from '../output/lines.ts'
import type { Style } from '../output/style.ts'
import { type CheckContext, checkDetail, checkLines } from '../verification/check-lines.ts'
import {
  type CheckResult,
  type Examination,
  examine,
  examineWithoutKeys,
} from '../verification/examine.ts'
import { keyOptions } from '../verification/key-options.ts'
import { readVerification, verificationOptions } from '../verification/verification-options.ts'

export const verify: Command = defineCommand({
  name: 'verify',
  summary: 'Check the signature and the claims of a token',
  usage: ['--jwks URL|FILE [TOKEN]', '--key FILE [TOKEN]', '--workspace ID --mode MODE [TOKEN]'],
  examples: [
    'tenantry verify --jwks https://auth.example.com/jwks.json < token.jwt',
    'tenantry verify --key public.pem --alg ES256 --token-file token.jwt',
    'tenantry verify --workspace demo1234 --mode live --token-file token.jwt',
  ],
  options: {
    ...tokenOptions,
    ...keyOptions,
    ...verificationOptions,
    ...timeOptions,
  },
  async run({ values, positionals, surroundings }): Promise<Answer> {
    if (positionals.length > 1) throw usageFailure('verify takes one token.')
    const now = values.at === undefined ? surroundings.now() : readInstant('--at', values.at)
    const verification = await readVerification(values, () => now)
    const source = { argument: positionals[0], file: values['token-file'] }
    const jwt = await readToken(source, surroundings)
    const context = { jwt, ...readParts(jwt), verification, now }
    const examination =
      verification === undefined ? examineWithoutKeys(jwt) : await examine(jwt, verification)
    const missing = whatIsMissing(values.workspace, values.mode)
    return report(examination.checks, context, verdictOf(examination, missing))
  },
})

function verdictOf({ token, refusal }: Examination, missing: string): Verdict {
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
export function whatIsMissing(workspace: string | undefined, mode: string | undefined): string {
  if (workspace !== undefined && mode === undefined) return 'add --mode live or --mode test'
  if (workspace === undefined && mode !== undefined) return 'add --workspace ID'
  return 'add --jwks URL|FILE or --key FILE'
}

interface Verdict {
  readonly exitCode: ExitCode
  readonly code: string
  readonly message: string
}

function report(checks: readonly CheckResult[], context: CheckContext, verdict: Verdict): Answer {
  const { exitCode, code, message } = verdict
  const failures = checks.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal.code]))
  return {
    exitCode,
    ok: exitCode === 0,
    code,
    data: {
      message,
      failures,
      checks: checks.map((check) => ({
        name: check.name,
        state: check.state,
        ...(check.refusal === undefined ? {} : { code: check.refusal.code }),
        detail: checkDetail(check, context).join('\n'),
      })),
      ...(exitCode === 0 ? { header: context.header, claims: context.claims } : {}),
    },
    text: (style) =>
      [
        ...checks.flatMap((check) => checkLines(check, context, style)),
        '',
        verdictLine(verdict, style),
      ].join('\n'),
  }
}

function verdictLine({ exitCode, code, message }: Verdict, style: Style): string {
  const { symbols } = style
  if (exitCode === 0) return style.good(`${symbols.yes} valid   ${code}`)
  const [mark, word, paint] =
    exitCode === 1 ? [symbols.no, 'invalid', style.bad] : [symbols.warn, 'undecided', style.warn]
  const first = `${mark} ${word}   `
  return `${paint(`${first}${code}`)}\n${hang('', message, first.length)}`
}

/** For words only: what cannot be read is left out of them. */
function readParts(jwt: string): Pick<CheckContext, 'header' | 'claims'> {
  try {
    const { header, claims } = decodeToken(jwt)
    return { header, claims }
  } catch {
    return { header: undefined, claims: undefined }
  }
}

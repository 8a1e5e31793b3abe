/** `tenantry verify`: whether a token is to be believed, and which checks say so. */
import { type Command, defineCommand } from '../command-line/command.ts'
import { usageFailure } from '../failure.ts'
import { readInstant, timeOptions } from '../input/instant.ts'
import { readToken, tokenOptions, tokenPlaces } from '../input/token-source.ts'
import type { Answer } from '../output/answer.ts'
import { type CheckContext, checkLines, readParts } from '../verification/check-lines.ts'
import { type CheckResult, examine, examineWithoutKeys } from '../verification/examine.ts'
import { keyOptions } from '../verification/key-options.ts'
import {
  checksDocument,
  type Verdict,
  verdictLines,
  verdictOf,
  whatIsMissing,
} from '../verification/verdict.ts'
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
  token: tokenPlaces,
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
    const missing = whatIsMissing(values, surroundings.env)
    return report(examination.checks, context, verdictOf(examination, missing))
  },
})

function report(checks: readonly CheckResult[], context: CheckContext, verdict: Verdict): Answer {
  const { exitCode, code, message } = verdict
  return {
    exitCode,
    ok: exitCode === 0,
    code,
    data: {
      message,
      ...checksDocument(checks, context),
      ...(exitCode === 0 ? { header: context.header, claims: context.claims } : {}),
    },
    text: (style) =>
      [
        ...checks.flatMap((check) => checkLines(check, context, style)),
        '',
        verdictLines(verdict, style),
      ].join('\n'),
  }
}

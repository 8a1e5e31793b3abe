/** `tenantry inspect`: everything that is worth knowing about a token, for a person. */
import { createReport, type TokenReport } from '@tenantry/report'
import { type Command, defineCommand } from '../command-line/command.ts'
import { CliFailure, usageFailure } from '../failure.ts'
import { decodeOrFail } from '../input/decode-or-fail.ts'
import { readInstant, timeOptions } from '../input/instant.ts'
import { readToken, tokenOptions, tokenPlaces } from '../input/token-source.ts'
import { inspectDocument } from '../inspection/inspect-document.ts'
import { inspectText } from '../inspection/inspect-text.ts'
import type { Inspection } from '../inspection/inspection.ts'
import type { Answer } from '../output/answer.ts'
import { type Examination, examine } from '../verification/examine.ts'
import { keyOptions } from '../verification/key-options.ts'
import { type Verdict, verdictOf, whatIsMissing } from '../verification/verdict.ts'
import {
  readVerification,
  type Verification,
  verificationFlagsIn,
  verificationOptions,
} from '../verification/verification-options.ts'

export const inspect: Command = defineCommand({
  name: 'inspect',
  summary: 'Report on a token: life, tenants, roles, and what is odd',
  usage: ['[TOKEN]', '--jwks URL|FILE [TOKEN]', '--tenant ID --role ROLE [TOKEN]'],
  examples: [
    'tenantry inspect < token.jwt',
    'tenantry inspect --jwks https://auth.example.com/jwks.json < token.jwt',
    'tenantry inspect --tenant acme --token-file token.jwt',
  ],
  token: tokenPlaces,
  options: {
    ...tokenOptions,
    tenant: { type: 'string', value: 'ID', multiple: true, summary: 'Show only this tenant' },
    role: { type: 'string', value: 'ROLE', multiple: true, summary: 'Show only this role' },
    all: { type: 'boolean', summary: 'Show all tenants, however many there are' },
    claims: { type: 'boolean', summary: 'List every claim with its meaning' },
    'known-role': {
      type: 'string',
      value: 'ROLE',
      multiple: true,
      summary: 'A role of your application; others get a note',
    },
    ...keyOptions,
    ...verificationOptions,
    ...timeOptions,
  },
  async run({ values, positionals, surroundings }): Promise<Answer> {
    if (positionals.length > 1) throw usageFailure('inspect takes one token.')
    const now = values.at === undefined ? surroundings.now() : readInstant('--at', values.at)
    const verification = await readVerification(values, () => now)
    const source = { argument: positionals[0], file: values['token-file'] }
    const jwt = await readToken(source, surroundings)
    const decoded = decodeOrFail(jwt)
    const { verdict, examination, keys } = await judge(jwt, verification, () =>
      verificationFlagsIn(values).length === 0
        ? undefined
        : whatIsMissing(values, surroundings.env),
    )
    const known = values['known-role']
    const report = (all: boolean): TokenReport =>
      createReport({
        jwt,
        decoded,
        now,
        keys,
        knownRoles: known.length === 0 ? undefined : known,
        show: { tenants: values.tenant, roles: values.role, all },
      })
    const inspection: Inspection = {
      report: report(values.all),
      verdict,
      checks: examination?.checks ?? [],
      context: { jwt, header: decoded.header, claims: decoded.claims, verification, now },
      wanted: { tenants: values.tenant, roles: values.role },
      listsClaims: values.claims,
    }
    return {
      exitCode: verdict.exitCode,
      ok: verdict.exitCode === 0,
      code: verdict.code,
      // A program is not lost in a long list.
      data: inspectDocument({ ...inspection, report: report(true) }),
      text: (style) => inspectText(inspection, style),
    }
  },
})

interface Judgement {
  readonly verdict: Verdict
  readonly examination: Examination | undefined
  readonly keys: unknown
}

/** Nothing is checked unless it is asked for; what is asked for and cannot be checked is undecided. */
async function judge(
  jwt: string,
  verification: Verification | undefined,
  missing: () => string | undefined,
): Promise<Judgement> {
  if (verification === undefined) {
    const how = missing()
    const none = { token: undefined, refusal: undefined, checks: [] }
    const verdict: Verdict =
      how === undefined
        ? { exitCode: 0, code: 'inspected', message: 'The signature was not checked.' }
        : verdictOf(none, how)
    return { verdict, examination: undefined, keys: undefined }
  }
  try {
    const examination = await examine(jwt, verification)
    return { verdict: verdictOf(examination, ''), examination, keys: examination.keys }
  } catch (error) {
    // Keys that cannot be used: the report says which, if it can.
    if (!(error instanceof CliFailure) || error.exitCode !== 3) throw error
    const message = [error.message, ...error.hints].join(' ')
    const verdict: Verdict = { exitCode: 3, code: error.code, message }
    return { verdict, examination: undefined, keys: verification.json }
  }
}

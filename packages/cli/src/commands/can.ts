/** `tenantry can`: whether the holder of a token may act as a role in a tenant, and why. */
import { type DecodedToken, decodeToken, isTenantryError } from '@tenantry/core'
import {
  answerQuestion,
  formatDistance,
  formatInstant,
  type Holdings,
  readTimeClaim,
  unverifiedHoldings,
  verifiedHoldings,
} from '@tenantry/report'
import { decisionText, listText, type Refusal, refusalText } from '../access/decision-text.ts'
import {
  order,
  type Question,
  readListArguments,
  readQuestion,
  separateRoles,
} from '../access/question.ts'
import { type Command, defineCommand, type Surroundings } from '../command-line/command.ts'
import { undecided, usageFailure } from '../failure.ts'
import { readInstant, timeOptions } from '../input/instant.ts'
import { readToken, tokenOptions, tokenPlaces } from '../input/token-source.ts'
import type { Answer } from '../output/answer.ts'
import { type CheckContext, checkDetail, readParts } from '../verification/check-lines.ts'
import { type Examination, examine, examineWithoutKeys } from '../verification/examine.ts'
import { keyOptions } from '../verification/key-options.ts'
import { whatIsMissing } from '../verification/verdict.ts'
import {
  readVerification,
  type Verification,
  verificationFlagsIn,
  verificationOptions,
} from '../verification/verification-options.ts'

export const can: Command = defineCommand({
  name: 'can',
  summary: 'Ask whether a token grants a role in a tenant, and why',
  usage: ['TENANT ROLE [ROLE...] [TOKEN]', '--list [TOKEN]'],
  examples: [
    'tenantry can acme admin --jwks https://auth.example.com/jwks.json < token.jwt',
    'tenantry can acme owner admin --key public.pem --token-file token.jwt',
    'tenantry can acme admin --unverified --token-file token.jwt',
  ],
  advice: {
    role: `Roles are plain arguments. ${order}`,
    roles: `Roles are plain arguments. ${order}`,
    tenant: `The tenant is a plain argument. ${order}`,
  },
  token: tokenPlaces,
  options: {
    ...tokenOptions,
    any: { type: 'boolean', summary: 'One of the roles is enough; so it is when not given' },
    all: { type: 'boolean', summary: 'All of the roles are needed' },
    list: { type: 'boolean', summary: 'List the tenants and roles of the token' },
    unverified: { type: 'boolean', summary: 'Decide without keys, about a token nobody checked' },
    ...keyOptions,
    ...verificationOptions,
    ...timeOptions,
  },
  async run({ values, positionals, surroundings }): Promise<Answer> {
    const { list, any, all, unverified } = values
    if (any && all) throw usageFailure('--any and --all contradict each other.')
    if (list && (any || all)) throw usageFailure('--any and --all do not go with --list.')
    const now = values.at === undefined ? surroundings.now() : readInstant('--at', values.at)
    const question = list ? undefined : readQuestion(positionals, values)
    const argument = question === undefined ? readListArguments(positionals) : question.token
    if (unverified) refuseFlags(verificationFlagsIn(values))
    const verification = unverified ? undefined : await readVerification(values, () => now)
    const jwt = await readToken({ argument, file: values['token-file'] }, surroundings)
    const grants = unverified
      ? readUnverified(jwt, now, surroundings)
      : await readVerified(jwt, verification, now, whatIsMissing(values, surroundings.env))
    if ('details' in grants) return refusedAnswer(grants)
    return question === undefined ? listAnswer(grants) : decide(question, grants)
  },
})

/** What a token grants, and until when. */
interface Grants {
  readonly holdings: Holdings
  readonly expiresAt: Date | undefined
}

/** Nothing that was asked for is left undone in silence. */
function refuseFlags([flag]: readonly string[]): void {
  if (flag === undefined) return
  throw usageFailure(`--unverified and ${flag} contradict each other: nothing is verified.`)
}

/** @throws {CliFailure} exit code 3, when there are no keys or they cannot be had */
async function readVerified(
  jwt: string,
  verification: Verification | undefined,
  now: Date,
  missing: string,
): Promise<Grants | Refusal> {
  const examination =
    verification === undefined ? examineWithoutKeys(jwt) : await examine(jwt, verification)
  const { token, refusal } = examination
  if (token !== undefined) return { holdings: verifiedHoldings(token), expiresAt: token.expiresAt }
  if (refusal === undefined) {
    throw undecided(
      'keys_missing',
      'I cannot decide: the signature was not checked.',
      `${missing},`,
      'or --unverified to read the token as it is',
    )
  }
  const { code, message, status } = refusal
  const context = { jwt, ...readParts(jwt), verification, now }
  const details = [
    ...detailsOf(examination, context),
    'tenantry verify, with the same flags, shows every check',
  ]
  if (status !== 503) return { code, message, details }
  throw undecided(code, `I cannot decide: ${message}`, ...details)
}

/** What verify says in the line of the check that has refused the token. */
function detailsOf({ refusal, checks }: Examination, context: CheckContext): readonly string[] {
  const failed = checks.find((check) => check.refusal?.code === refusal?.code)
  if (failed === undefined) return []
  return checkDetail(failed, context).filter((line) => line !== refusal?.message)
}

function readUnverified(jwt: string, now: Date, { note }: Surroundings): Grants | Refusal {
  let decoded: DecodedToken
  try {
    decoded = decodeToken(jwt)
  } catch (error) {
    if (!isTenantryError(error)) throw error
    const { code, message } = error
    return { code, message, details: [] }
  }
  const expiresAt = readTimeClaim(decoded.claims['exp'])
  note('note: not verified; anybody can have written this token')
  if (expiresAt !== undefined && expiresAt <= now) {
    note(`note: expired ${formatInstant(expiresAt)}  ${formatDistance(expiresAt, now)}`)
  }
  return { holdings: unverifiedHoldings(decoded), expiresAt }
}

/** A token that is refused grants nothing anywhere. */
function refusedAnswer(refusal: Refusal): Answer {
  const { code, message } = refusal
  return {
    exitCode: 1,
    ok: false,
    code,
    data: { allowed: false, message },
    text: (style) => refusalText(refusal, style),
  }
}

function decide(question: Question, { holdings, expiresAt }: Grants): Answer {
  const { tenantId } = question
  const found = answerQuestion(holdings, question)
  const several = separateRoles(question)
  const answered = several === undefined ? found : { ...found, hints: [...found.hints, several] }
  const { decision, heldElsewhere, meantTenant, meantRole } = answered
  return {
    exitCode: decision.allowed ? 0 : 1,
    ok: true,
    code: decision.code,
    data: {
      allowed: decision.allowed,
      message: decision.message,
      tenant: tenantId,
      required: decision.required,
      held: decision.held,
      heldElsewhere,
      ...(meantTenant === undefined ? {} : { meantTenant }),
      ...(meantRole === undefined ? {} : { meantRole }),
      ...footer(holdings, expiresAt),
    },
    text: (style) => decisionText(answered, style),
  }
}

function listAnswer({ holdings, expiresAt }: Grants): Answer {
  const tenants = holdings.tenants().map((tenant) => ({ tenant, roles: holdings.rolesIn(tenant) }))
  return {
    exitCode: 0,
    ok: true,
    code: 'listed',
    data: { tenants, ...footer(holdings, expiresAt) },
    text: (style) => listText(tenants, style),
  }
}

function footer(
  holdings: Holdings,
  expiresAt: Date | undefined,
): Readonly<Record<string, unknown>> {
  return {
    verified: holdings.isVerified,
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
  }
}

/** Looks at everything once, and reports on it. */
import { closest, quote } from '@tenantry/report'
import type { Surroundings } from '../command-line/command.ts'
import { usageFailure } from '../failure.ts'
import { readToken } from '../input/token-source.ts'
import { readPublishedSet } from '../jwks/published-set.ts'
import type { Answer } from '../output/answer.ts'
import { type CheckId, checkIds, checks, type Finding, NOT_REACHED, none } from './check.ts'
import { checkClock } from './clock-check.ts'
import { checkAddress, checkSettings } from './config-checks.ts'
import { checkEndpoint } from './endpoint-checks.ts'
import { checkKeys } from './key-checks.ts'
import { type Located, locate } from './locate.ts'
import { reportAnswer } from './report.ts'
import { checkRuntime } from './runtime-checks.ts'
import { readSettings, type SettingFlags, type Settings } from './settings.ts'
import { checkToken } from './token-checks.ts'

interface DoctorInvocation {
  readonly values: Omit<SettingFlags, 'url'> & {
    readonly 'token-file': string | undefined
    readonly only: readonly string[]
    readonly strict: boolean
  }
  readonly positionals: readonly string[]
  readonly surroundings: Surroundings
}

/** @throws {CliFailure} `usage_invalid`, `config_unusable`, `file_unreadable` */
export async function runDoctor(invocation: DoctorInvocation): Promise<Answer> {
  const { values, positionals, surroundings } = invocation
  const [url, ...others] = positionals
  if (others.length > 0) throw usageFailure('doctor takes one URL.')
  const asked = readIds(values.only)
  const settings = await readSettings({ ...values, url }, surroundings.env)
  const jwt = await readOptionalToken(values['token-file'], surroundings)
  const isRemote = asked.some((id) => checks.get(id)?.isRemote)
  const located = isRemote ? await locate(settings, surroundings.now) : undefined
  const found = await examine(settings, located, jwt, surroundings.now())
  return reportAnswer(complete(found, asked, jwt !== undefined), {
    isStrict: values.strict,
    isUndecided: located?.endpoint.fault?.kind === 'exchange',
  })
}

function readIds(only: readonly string[]): readonly CheckId[] {
  if (only.length === 0) return checkIds
  return only.map((text) => {
    const id = checkIds.find((known) => known === text.toUpperCase())
    if (id !== undefined) return id
    const meant = closest(text, checkIds)
    throw usageFailure(
      `There is no check ${quote(text)}.`,
      meant === undefined ? `Known: ${checkIds.join(', ')}.` : `Did you mean ${meant}?`,
    )
  })
}

/** Only a token that was named: a pipe may be one that nobody closes. */
async function readOptionalToken(
  file: string | undefined,
  surroundings: Surroundings,
): Promise<string | undefined> {
  const variable = surroundings.env['TENANTRY_TOKEN'] ?? ''
  if (file === undefined && variable.trim() === '') return undefined
  return await readToken({ argument: undefined, file }, surroundings)
}

async function examine(
  settings: Settings,
  located: Located | undefined,
  jwt: string | undefined,
  now: Date,
): Promise<readonly Finding[]> {
  const endpoint = located?.endpoint
  const keys = endpoint === undefined ? undefined : readPublishedSet(endpoint)
  const remote =
    located === undefined
      ? []
      : [
          ...checkAddress(settings, located),
          ...checkEndpoint(located.endpoint, keys, located.endpoint.url !== located.discovery?.url),
          ...checkKeys(keys, settings.algorithms),
          ...checkClock(located.endpoint),
        ]
  const context = { settings, discovery: located?.discovery, endpoint, keys, now, others: remote }
  const token = jwt === undefined ? [] : await checkToken({ jwt, ...context })
  return [...checkSettings(settings), ...remote, ...token, ...checkRuntime()]
}

/** Every check that was asked for has a line. Without a token there is nothing to say about one. */
function complete(
  found: readonly Finding[],
  asked: readonly CheckId[],
  hasToken: boolean,
): readonly Finding[] {
  const byId = new Map(found.map((finding) => [finding.id, finding]))
  return checkIds
    .filter((id) => asked.includes(id))
    .filter((id) => hasToken || asked !== checkIds || checks.get(id)?.group !== 'Token')
    .map((id) => byId.get(id) ?? none(id, reasonFor(id, hasToken)))
}

function reasonFor(id: CheckId, hasToken: boolean): string {
  return checks.get(id)?.group === 'Token' && !hasToken ? 'no token was given' : NOT_REACHED
}

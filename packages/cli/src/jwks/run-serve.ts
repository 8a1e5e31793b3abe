/** Serves a JWK Set until it is interrupted. */
import { clip, quote } from '@tenantry/report'
import type { Surroundings } from '../command-line/command.ts'
import { undecided, usageFailure } from '../failure.ts'
import { readDuration } from '../input/duration.ts'
import { isLoopback } from '../input/loopback.ts'
import { readPort } from '../input/port.ts'
import { reasonOf } from '../input/read-capped.ts'
import type { Answer } from '../output/answer.ts'
import { hang } from '../output/lines.ts'
import type { Style } from '../output/style.ts'
import { algorithmFlags } from '../signing/algorithm-flags.ts'
import { makeKey } from '../signing/make-key.ts'
import type { PublishableKey } from '../signing/read-key.ts'
import { type Endpoint, type Exchange, serveEndpoint } from './jwks-server.ts'
import { fixedKeys, type PublishedKeys, rotatingKeys } from './rotation.ts'
import { readAllKeys } from './run-print.ts'

interface ServeInvocation {
  readonly values: ServeValues
  readonly positionals: readonly string[]
  readonly surroundings: Surroundings
}

interface ServeValues {
  readonly key: readonly string[]
  readonly port: string | undefined
  readonly host: string | undefined
  readonly issuer: string | undefined
  readonly latency: string | undefined
  readonly 'fail-rate': string | undefined
  readonly 'rotate-every': string | undefined
}

/** @throws {CliFailure} `usage_invalid`, `key_unsuitable`, `port_unavailable` */
export async function runServe(invocation: ServeInvocation): Promise<Answer> {
  const { values, positionals, surroundings } = invocation
  if (positionals.length > 0) {
    throw usageFailure('jwks serve takes no argument.', 'Name the key with --key FILE.')
  }
  const turn = values['rotate-every']
  const every = turn === undefined ? undefined : readTurn(turn)
  const settings = {
    host: readHost(values.host ?? '127.0.0.1'),
    port: readPort(values.port ?? '0'),
    issuer: readIssuer(values.issuer),
    latency: values.latency === undefined ? 0 : readDuration('--latency', values.latency, 3600),
    failRate: readRate(values['fail-rate'] ?? '0'),
    maxAge: every === undefined ? 300 : 0,
  }
  const given = await readAllKeys(values.key, surroundings)
  const log = (text: string): void => surroundings.note(`${clock(surroundings.now())}  ${text}`)
  const keys = every === undefined ? fixedKeys(given) : turning(given, every, log)
  const answered = (exchange: Exchange): void => log(logLine(exchange))
  const endpoint = await serve({ ...settings, keys, answered })
  return startAnswer(endpoint, keys.current(), every)
}

async function serve(settings: Parameters<typeof serveEndpoint>[0]): Promise<Endpoint> {
  try {
    return await serveEndpoint(settings)
  } catch (error) {
    const where = `${settings.host}, port ${settings.port}`
    throw undecided(
      'port_unavailable',
      `Cannot listen on ${where}: ${reasonOf(error)}.`,
      ...(settings.port === 0 ? [] : ['Leave --port out to get a free one.']),
    )
  }
}

function turning(
  keys: readonly PublishableKey[],
  every: number,
  log: (text: string) => void,
): PublishedKeys {
  return rotatingKeys(
    keys,
    every,
    ({ algorithm }) => {
      const { publicJwk } = makeKey(algorithm)
      return { algorithm, jwk: publicJwk ?? {} }
    },
    ({ jwk }) => log(`rotated: the key is now ${quote(jwk.kid ?? '', 50)}`),
  )
}

function readHost(host: string): string {
  const bare = host === '[::1]' ? '::1' : host
  if (bare === '::1' || isLoopback(bare)) return bare
  throw usageFailure(
    `--host is not an address of this machine alone: ${quote(host)}.`,
    'It serves keys that anybody can sign with who has their file: 127.0.0.1, ::1 or localhost.',
  )
}

function readIssuer(text: string | undefined): string | undefined {
  return text === 'auto' ? undefined : text
}

function readRate(text: string): number {
  const rate = /^(0|1|0?\.\d{1,6}|1\.0+|0\.\d{1,6})$/.test(text) ? Number(text) : Number.NaN
  if (rate >= 0 && rate <= 1) return rate
  throw usageFailure(`--fail-rate is no share: ${quote(text)}.`, 'Write a number from 0 to 1.')
}

/** Longer than this, a timer of the platform fires at once. */
const LONGEST_TURN = 24 * 86_400

function readTurn(text: string): number {
  const seconds = readDuration('--rotate-every', text, LONGEST_TURN)
  if (seconds > 0) return seconds
  throw usageFailure('--rotate-every is longer than nothing.')
}

function clock(now: Date): string {
  return now.toISOString().slice(11, 19)
}

/** A request may come from anybody on this machine, so its path is quoted. */
function logLine({ method, path, status, milliseconds }: Exchange): string {
  const asked = `${method} ${quote(path, 44).slice(1, -1)}`
  return `${asked}   ${status}   ${Math.round(milliseconds)} ms`
}

const COLUMN = 13

function startAnswer(
  endpoint: Endpoint,
  keys: readonly PublishableKey[],
  every: number | undefined,
): Answer {
  const { url, issuer, discovery, closed } = endpoint
  return {
    exitCode: 0,
    ok: true,
    code: 'serving',
    data: {
      jwks: url,
      issuer,
      discovery,
      keys: keys.map(({ algorithm, jwk }) => ({ kid: jwk.kid, alg: algorithm })),
    },
    text: (style) =>
      [
        hang('  JWKS', url, COLUMN),
        ...keys.slice(0, 8).map((key) => keyLine(key)),
        ...(keys.length > 8 ? [hang('', `and ${keys.length - 8} more`, COLUMN)] : []),
        ...(every === undefined ? [] : [hang('', `another key every ${every} s`, COLUMN)]),
        hang('  Issuer', quote(issuer).slice(1, -1), COLUMN),
        '  For your app',
        ...forApp(endpoint, keys, style),
        '  To try a token',
        `    ${style.hint(tryLine(endpoint, keys))}`,
        '',
        hang('', 'Ctrl-C to stop', 2),
      ].join('\n'),
    running: closed,
  }
}

function keyLine({ algorithm, jwk }: PublishableKey): string {
  return hang('', `${algorithm}, kid ${quote(jwk.kid ?? '', 50)}`, COLUMN)
}

function tryLine({ url }: Endpoint, keys: readonly PublishableKey[]): string {
  const algorithms = [...new Set(keys.map(({ algorithm }) => algorithm))]
  return `tenantry verify --jwks ${url}${algorithmFlags(algorithms)}`
}

/** Only what cannot be cut is shown as something to copy. */
function forApp(
  { url, issuer }: Endpoint,
  keys: readonly PublishableKey[],
  style: Style,
): readonly string[] {
  const names = [...new Set(keys.map(({ algorithm }) => `'${algorithm}'`))]
  return [
    `TENANTRY_JWKS=${url}`,
    `TENANTRY_ISSUER=${clip(quote(issuer).slice(1, -1), 60)}`,
    `createVerifier({ keys: process.env.TENANTRY_JWKS, algorithms: [${names.join(', ')}] })`,
  ].map((line) => `    ${style.hint(line)}`)
}

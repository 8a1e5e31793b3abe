/** The options of a verifier become settings, in which nothing is missing and nothing left to check. */
import type { AccessPolicy } from '../access/decide.ts'
import { type Algorithm, isSymmetric } from '../crypto/algorithms.ts'
import { ConfigurationError } from '../errors.ts'
import { type KeySource, staticKeySource } from '../keys/key-source.ts'
import { type RemoteKeySettings, remoteKeySource } from '../keys/remote-key-set.ts'
import { isSecret, readStaticKeys } from '../keys/static-keys.ts'
import { copyPlain, requireAtOnce } from '../plain-options.ts'
import type { ClaimsPolicy } from '../token/claims.ts'
import type { JsonObject } from '../token/json.ts'
import { type HeaderPolicy, normalType } from './header.ts'
import { explainIssues } from './option-error.ts'
import { optionSchema } from './option-schema.ts'
import type { JwksOptions, VerifierOptions } from './options.ts'

/** Options that have been read. */
export interface Settings {
  readonly keys: KeySource
  readonly header: HeaderPolicy
  readonly claims: ClaimsPolicy
  readonly access: AccessPolicy
  readonly maxTokenBytes: number
  readonly authorizationOf: ((claims: JsonObject) => unknown) | undefined
  readonly cacheSize: number
}

/** A check that is present and undefined is a missing environment variable, not a wish. */
const checks = [
  'issuer',
  'audience',
  'mode',
  'workspaceId',
  'maxTokenAge',
  'algorithms',
  'types',
  'roles',
  'authorizationOf',
]

/**
 * Reads the options of a verifier.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 */
export function readOptions(given: VerifierOptions): Settings {
  const copy = copyOptions(given)
  const parsed = optionSchema.safeParse(copy)
  if (!parsed.success) {
    throw new ConfigurationError('option_invalid', explainIssues(parsed.error))
  }
  const undefinedCheck = checks.find((name) => name in copy && copy[name] === undefined)
  if (undefinedCheck !== undefined) {
    throw invalid(`"${undefinedCheck}" is present and undefined; leave it out or set it.`)
  }
  const options = copy as unknown as VerifierOptions
  // The shapes were checked above; the interface has the types of the functions among them.
  const { algorithms = ['RS256'], types = ['JWT', null], now, cache } = options
  const secret = isSecret(options.keys)
  if (algorithms.some((algorithm) => isSymmetric(algorithm) !== secret)) {
    throw invalid(
      secret
        ? '"algorithms" must list HS256, HS384 or HS512, and nothing else, for { secret }.'
        : '"algorithms" may list HS256, HS384 and HS512 only when keys is { secret }.',
    )
  }
  return {
    keys: readKeys(options.keys, algorithms, options.jwks),
    header: {
      algorithms: [...algorithms],
      types: types.map((type) => (type === null ? null : normalType(type))),
    },
    claims: {
      issuers: toList(options.issuer),
      audiences: toList(options.audience),
      mode: options.mode ?? undefined,
      workspaceId: options.workspaceId ?? undefined,
      clockTolerance: options.clockTolerance ?? 5,
      maxTokenAge: options.maxTokenAge,
    },
    access: {
      model: options.roles,
      ancestorsOf: options.ancestorsOf,
      now: secondsOf(now),
      clockTolerance: options.clockTolerance ?? 5,
      maxTokenAge: options.maxTokenAge,
    },
    maxTokenBytes: options.maxTokenBytes ?? 8192,
    authorizationOf: options.authorizationOf,
    cacheSize: cache === false ? 0 : (cache?.max ?? 10_000),
  }
}

/** Own members only, read once: nothing that somebody put on Object.prototype is an option. */
function copyOptions(given: unknown): Readonly<Record<string, unknown>> {
  const copy = { ...copyPlain(given, 'The options') }
  for (const name of ['jwks', 'cache']) {
    const nested = copy[name]
    if (typeof nested === 'object' && nested !== null) {
      copy[name] = copyPlain(nested, `Option "${name}"`)
    }
  }
  return Object.assign(Object.create(null), copy)
}

/** What time it is, in whole seconds since 1970. */
function secondsOf(now: (() => Date) | undefined): () => number {
  if (now === undefined) return () => Math.floor(Date.now() / 1000)
  return () => {
    const milliseconds = readDate(now)
    // No comparison with NaN holds, so that no token would ever be too old.
    if (Number.isFinite(milliseconds)) return Math.floor(milliseconds / 1000)
    throw invalid('"now" must answer a valid Date.')
  }
}

function readDate(now: () => Date): number {
  let date: unknown
  try {
    date = now()
    // Whatever realm it is from: null, for one, must not become 1970.
    return Date.prototype.getTime.call(date)
  } catch {
    requireAtOnce('now', date)
    return Number.NaN
  }
}

function toList(
  value: string | readonly string[] | null | undefined,
): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? [value] : [...value]
}

function readKeys(
  keys: VerifierOptions['keys'],
  algorithms: readonly Algorithm[],
  jwks: JwksOptions | undefined,
): KeySource {
  const url = urlOf(keys)
  if (url !== undefined) return remoteKeySource(url, algorithms, readJwksOptions(jwks))
  if (jwks !== undefined) throw invalid('"jwks" goes with a JWKS URL, and "keys" is none.')
  return staticKeySource(readStaticKeys(keys, algorithms))
}

function readJwksOptions(jwks: JwksOptions = Object.create(null)): RemoteKeySettings {
  return {
    ttl: jwks.ttl ?? 600,
    cooldown: jwks.cooldown ?? 30,
    timeout: jwks.timeout ?? 5,
    staleFor: jwks.staleFor ?? 86_400,
    maxBytes: jwks.maxBytes ?? 262_144,
    fetch: jwks.fetch ?? ((url, init) => globalThis.fetch(url, init)),
  }
}

/** The address in the option, if it is one. */
function urlOf(keys: VerifierOptions['keys']): string | undefined {
  if (
    !(keys instanceof URL) &&
    !(typeof keys === 'string' && /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(keys))
  ) {
    return undefined
  }
  if (!URL.canParse(hrefOf(keys))) throw invalid('"keys" is not a valid URL.')
  const url = new URL(hrefOf(keys))
  if (url.username !== '' || url.password !== '') {
    throw invalid('"keys" is a URL with a user name or password in it; keys are public.')
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalid('"keys" must be an https URL. Plain http is accepted on loopback only.')
  }
  return url.href
}

function hrefOf(keys: string | URL): string {
  return typeof keys === 'string' ? keys : URL.prototype.toString.call(keys)
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function invalid(reason: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option ${reason}`)
}

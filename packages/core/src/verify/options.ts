/** The options of a verifier: what they mean, and how they are read. */

import type { KeyObject, webcrypto } from 'node:crypto'
import { z } from 'zod'
import type { AccessPolicy } from '../access/decide.ts'
import { isRoleModel, type RoleModel } from '../access/roles.ts'
import { type Algorithm, algorithmNames, isAlgorithm, isSymmetric } from '../crypto/algorithms.ts'
import { ConfigurationError } from '../errors.ts'
import type { JwksFetch } from '../keys/fetch-jwks.ts'
import { type KeySource, staticKeySource } from '../keys/key-source.ts'
import { type RemoteKeySettings, remoteKeySource } from '../keys/remote-key-set.ts'
import {
  isSecret,
  type PublicJwk,
  type PublicJwks,
  readStaticKeys,
  type SecretKeys,
} from '../keys/static-keys.ts'
import type { ClaimsPolicy } from '../token/claims.ts'
import type { JsonObject } from '../token/json.ts'
import { type HeaderPolicy, normalType } from './header.ts'
import { explainIssue } from './option-error.ts'

/** How a JWKS URL is used. */
export interface JwksOptions {
  /** Seconds for which a fetched set is used without another look. Default 600. */
  readonly ttl?: number
  /** Seconds between two fetches that unknown kids or failures may cause. Default 30. */
  readonly cooldown?: number
  /** Seconds that one fetch may take in all. Default 5. */
  readonly timeout?: number
  /** Seconds since the last success for which the set is used while the endpoint is down. Default 86400. */
  readonly staleFor?: number
  /** Bytes that the answer may have. Default 262144. */
  readonly maxBytes?: number
  /** Stands in for the platform's `fetch`, for example to go through a proxy. */
  readonly fetch?: JwksFetch
}

/** The options of `createVerifier`. A key that is not listed here is refused. */
export interface VerifierOptions<Role extends string = string, Permission extends string = string> {
  /**
   * The keys to verify with: a JWKS URL (https, or http on loopback), a JWK Set, a JWK, a PEM (SPKI,
   * PKCS#1 or certificate, or base64 of one), a KeyObject or CryptoKey, or `{ secret }` for HS256,
   * HS384 and HS512. A secret is never recognised by its looks.
   */
  readonly keys:
    | string
    | URL
    | PublicJwk
    | PublicJwks
    | KeyObject
    | webcrypto.CryptoKey
    | SecretKeys
  /** The algorithms that are accepted. Default `['RS256']`. */
  readonly algorithms?: readonly Algorithm[]
  /** Accepted `typ` header values; null stands for a token without one. Default `['JWT', null]`. */
  readonly types?: readonly (string | null)[]
  /** The `iss` claim must be this, or one of these. null is the same as leaving it out: unchecked. */
  readonly issuer?: string | readonly string[] | null
  /** The `aud` claim must name this, or one of these. null: unchecked. */
  readonly audience?: string | readonly string[] | null
  /** The `mode` claim must be this. null: unchecked. */
  readonly mode?: 'live' | 'test' | null
  /** The `tenantId` claim, which names the issuing workspace, must be this. null: unchecked. */
  readonly workspaceId?: string | null
  /** Seconds by which clocks may differ, 0 to 60. Default 5. */
  readonly clockTolerance?: number
  /** Seconds after `iat` from which a token is refused. 0 refuses every token. Default: no limit. */
  readonly maxTokenAge?: number
  /** Characters that a token may have. Default 8192. */
  readonly maxTokenBytes?: number
  /** The roles of the application, made by `defineRoles`. Default: each role stands for itself. */
  readonly roles?: RoleModel<Role, Permission>
  /**
   * The ancestors of a tenant. When given, a role held in an ancestor counts in the tenant as well.
   * Must answer at once; what it throws means that the tenant has none.
   */
  readonly ancestorsOf?: (tenantId: string) => readonly string[]
  /**
   * Where the map from tenant to roles is, in the claims of another provider. Default: the
   * `authorization` claim. What it throws refuses the token.
   */
  readonly authorizationOf?: (claims: JsonObject) => unknown
  /** The cache of verified tokens: how many, or none. Default `{ max: 10000 }`. */
  readonly cache?: false | { readonly max?: number }
  /** What time it is, for tests. Default: the system clock. */
  readonly now?: () => Date
  /** How a JWKS URL is used. */
  readonly jwks?: JwksOptions
}

/** Options that have been read: nothing is missing, nothing is left to check. */
export interface Settings {
  readonly keys: KeySource
  readonly header: HeaderPolicy
  readonly claims: ClaimsPolicy
  readonly access: AccessPolicy
  readonly maxTokenBytes: number
  readonly authorizationOf: ((claims: JsonObject) => unknown) | undefined
  readonly cacheSize: number
  /** Milliseconds since 1970; not a number when the application's clock is broken. */
  readonly now: () => number
}

const name = z.string().refine((text) => text.trim() !== '', 'is blank')
const names = z.union([name, z.array(name).min(1)]).nullable()
const seconds = z.number().nonnegative()
const callable = z.custom<(...values: never[]) => unknown>(
  (value) => typeof value === 'function',
  'is not a function',
)

const schema = z.strictObject({
  keys: z.custom<NonNullable<unknown>>(
    (value) => value !== undefined && value !== null,
    'is missing',
  ),
  algorithms: z
    .array(z.custom<Algorithm>(isAlgorithm, `is not one of ${algorithmNames.join(', ')}`))
    .min(1)
    .optional(),
  types: z.array(name.nullable()).min(1).optional(),
  issuer: names.optional(),
  audience: names.optional(),
  mode: z.enum(['live', 'test']).nullable().optional(),
  workspaceId: name.nullable().optional(),
  clockTolerance: seconds.max(60).optional(),
  maxTokenAge: seconds.optional(),
  maxTokenBytes: z.int().positive().optional(),
  roles: z
    .custom<RoleModel>(isRoleModel, 'is not a role model: make one with defineRoles')
    .optional(),
  ancestorsOf: callable.optional(),
  authorizationOf: callable.optional(),
  cache: z
    .union([z.literal(false), z.strictObject({ max: z.int().positive().optional() })])
    .optional(),
  now: callable.optional(),
  jwks: z
    .strictObject({
      ttl: z.number().positive().optional(),
      cooldown: seconds.optional(),
      timeout: z.number().positive().max(600).optional(),
      staleFor: seconds.optional(),
      maxBytes: z.int().positive().optional(),
      fetch: callable.optional(),
    })
    .optional(),
})

/** A check that is present and undefined is a missing environment variable, not a wish. */
const checks = ['issuer', 'audience', 'mode', 'workspaceId', 'maxTokenAge', 'algorithms', 'types']

/**
 * Reads the options of a verifier.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 */
export function readOptions(given: VerifierOptions): Settings {
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    throw new ConfigurationError('option_invalid', explainIssue(parsed.error, schema))
  }
  // Own members only: nothing that somebody put on Object.prototype is an option.
  const options: VerifierOptions = Object.assign(Object.create(null), given)
  for (const check of checks) {
    if (Object.hasOwn(options, check) && Reflect.get(options, check) === undefined) {
      throw invalid(`"${check}" is present and undefined; leave it out or set it.`)
    }
  }
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
    access: { model: options.roles, ancestorsOf: options.ancestorsOf },
    maxTokenBytes: options.maxTokenBytes ?? 8192,
    authorizationOf: options.authorizationOf,
    cacheSize: cache === false ? 0 : (cache?.max ?? 10_000),
    now: now === undefined ? Date.now : () => Number(now()),
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

function readJwksOptions(jwks: JwksOptions = {}): RemoteKeySettings {
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
  if (!URL.canParse(String(keys))) throw invalid('"keys" is not a valid URL.')
  const url = new URL(String(keys))
  if (url.username !== '' || url.password !== '') {
    throw invalid('"keys" is a URL with a user name or password in it; keys are public.')
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalid('"keys" must be an https URL. Plain http is accepted on loopback only.')
  }
  return url.href
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function invalid(reason: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option ${reason}`)
}

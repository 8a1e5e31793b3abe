/** The options of guards, the same in every framework, and how they are read. */
import type { Requirement } from '../access/requirement.ts'
import { ConfigurationError } from '../errors.ts'
import type { AnswerAtOnce } from '../plain-options.ts'
import type { Verifier } from '../verify/verifier.ts'
import { bearer, type CredentialSource } from './credentials.ts'
import { checkKeys, checkTenantParam, invalid } from './option-checks.ts'
import type { RefusalPolicy } from './refusal.ts'
import { defaultTenantIdPattern } from './tenant-parameter.ts'

/** What each guard can be told for itself, as its last argument. */
export interface RuleOptions<Request> {
  /** The name of the route parameter that holds the tenant. Default `tenantId`. */
  readonly tenantParam?: string
  /** Where the tenant is, when it is no route parameter. What it finds, at once, is the only source. */
  readonly getTenantId?: (request: Request) => AnswerAtOnce
  /** Seconds after `iat` from which a token is refused here. 0 refuses every token. */
  readonly maxTokenAge?: number
  /** Answers 404 to somebody who is no member of the tenant, as if it did not exist. Default false. */
  readonly hideTenants?: boolean
  /** What answers a good token that is not enough: 403, or 401 as Userfront's guide has it. Default 403. */
  readonly forbiddenStatus?: 401 | 403
}

/** The options that all guards of an application share. */
export interface GuardOptions<
  Request,
  Role extends string = string,
  Permission extends string = string,
> extends Omit<RuleOptions<Request>, 'maxTokenAge'> {
  /** Verifies the tokens. */
  readonly verifier: Verifier<Role, Permission>
  /** Where a token may be. Default `[bearer()]`. */
  readonly credentials?: readonly CredentialSource[]
  /** What a tenant id looks like; without the flags g and y. */
  readonly tenantIdPattern?: RegExp
  /** The protection space that challenges name. Default `api`. */
  readonly realm?: string
  /** Where a guard puts the caller on the request. Default `auth`. */
  readonly requestProperty?: string
  /** Whether a route that names a tenant and has no guard for it is refused. Default false. */
  readonly strict?: boolean
}

/** What a guard asks of the caller. */
export type Demand =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'optional' }
  | { readonly kind: 'member' }
  | { readonly kind: 'requirement'; readonly requirement: Requirement }

/** Options of a guard that have been read. */
export interface RuleSettings<Request> {
  readonly tenantParam: string
  readonly getTenantId: ((request: Request) => unknown) | undefined
  readonly maxTokenAge: number | undefined
  readonly refusal: RefusalPolicy
}

/** Options of all guards that have been read. */
export interface GuardSettings<Request> extends RuleSettings<Request> {
  readonly verifier: Verifier
  readonly credentials: readonly CredentialSource[]
  readonly tenantIdPattern: RegExp
  readonly requestProperty: string
  readonly strict: boolean
}

const ruleKeys = ['tenantParam', 'getTenantId', 'maxTokenAge', 'hideTenants', 'forbiddenStatus']
const guardKeys = [
  'verifier',
  'credentials',
  'tenantIdPattern',
  'realm',
  'requestProperty',
  'strict',
  ...ruleKeys.filter((key) => key !== 'maxTokenAge'),
]

/**
 * Reads the options of all guards.
 *
 * @param isTaken - whether the framework itself has a property of this name on a request
 * @throws {ConfigurationError} `option_invalid`, naming the option
 */
export function readGuardOptions<Request>(
  options: GuardOptions<Request>,
  isTaken: (property: string) => boolean,
): GuardSettings<Request> {
  // As JavaScript without types calls it.
  if (typeof options === 'object' && options !== null && 'verify' in options) {
    throw new ConfigurationError(
      'option_invalid',
      'This is a verifier in the place of the options: pass { verifier }.',
    )
  }
  checkKeys(options, guardKeys)
  const { verifier, credentials = [bearer()], tenantIdPattern, realm = 'api' } = options
  const { requestProperty = 'auth', strict = false } = options
  if (typeof verifier?.verify !== 'function') {
    throw invalid('verifier', 'is not a verifier: make one with createVerifier')
  }
  if (!Array.isArray(credentials) || credentials.length === 0 || !credentials.every(isSource)) {
    throw invalid('credentials', 'is not a list of bearer() and cookie(name)')
  }
  if (tenantIdPattern !== undefined && !isPattern(tenantIdPattern)) {
    throw invalid('tenantIdPattern', 'is not a RegExp without the flags g and y')
  }
  // RFC 9110 section 5.6.4: what may stand in quotes as it is.
  if (typeof realm !== 'string' || !/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(realm)) {
    throw invalid('realm', 'is not printable ASCII without quotes and backslashes')
  }
  if (typeof requestProperty !== 'string' || requestProperty === '') {
    throw invalid('requestProperty', 'is not the name of a property')
  }
  if (isTaken(requestProperty)) {
    throw invalid('requestProperty', 'is a property that a request has already')
  }
  if (typeof strict !== 'boolean') throw invalid('strict', 'is neither true nor false')
  const defaults: RuleSettings<Request> = {
    tenantParam: 'tenantId',
    getTenantId: undefined,
    maxTokenAge: undefined,
    refusal: { realm, forbiddenStatus: 403, hideTenants: false },
  }
  const rule = readShared(options, defaults)
  return {
    ...rule,
    verifier,
    credentials,
    tenantIdPattern: tenantIdPattern ?? defaultTenantIdPattern,
    requestProperty,
    strict,
  }
}

/**
 * Reads the options of one guard on top of those of all.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 */
export function readRuleOptions<Request>(
  options: RuleOptions<Request>,
  defaults: RuleSettings<Request>,
): RuleSettings<Request> {
  checkKeys(options, ruleKeys)
  return readShared(options, defaults)
}

function readShared<Request>(
  given: RuleOptions<Request>,
  defaults: RuleSettings<Request>,
): RuleSettings<Request> {
  const options: RuleOptions<Request> = Object.assign(Object.create(null), given)
  const { tenantParam, getTenantId, maxTokenAge, hideTenants, forbiddenStatus } = options
  if (tenantParam !== undefined) checkTenantParam(tenantParam)
  if (getTenantId !== undefined && typeof getTenantId !== 'function') {
    throw invalid('getTenantId', 'is not a function')
  }
  if (tenantParam !== undefined && getTenantId !== undefined) {
    throw invalid('getTenantId', 'and "tenantParam" are two sources for the tenant; there is one')
  }
  if (maxTokenAge !== undefined && !(Number.isFinite(maxTokenAge) && maxTokenAge >= 0)) {
    throw invalid('maxTokenAge', 'is not a number of seconds')
  }
  if (hideTenants !== undefined && typeof hideTenants !== 'boolean') {
    throw invalid('hideTenants', 'is neither true nor false')
  }
  if (forbiddenStatus !== undefined && forbiddenStatus !== 401 && forbiddenStatus !== 403) {
    throw invalid('forbiddenStatus', 'is neither 401 nor 403')
  }
  return {
    tenantParam: tenantParam ?? defaults.tenantParam,
    getTenantId: getTenantId ?? (tenantParam === undefined ? defaults.getTenantId : undefined),
    maxTokenAge: maxTokenAge ?? defaults.maxTokenAge,
    refusal: {
      realm: defaults.refusal.realm,
      hideTenants: hideTenants ?? defaults.refusal.hideTenants,
      forbiddenStatus: forbiddenStatus ?? defaults.refusal.forbiddenStatus,
    },
  }
}

function isSource(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'read') === 'function'
  )
}

function isPattern(value: unknown): boolean {
  return value instanceof RegExp && !value.global && !value.sticky
}

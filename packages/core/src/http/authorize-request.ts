/**
 * What every framework adapter calls: a request and a rule become the caller, or an error. The order
 * of the checks is part of the contract: credentials, token, its age, tenant parameter, conflict,
 * access.
 */
import { types } from 'node:util'
import { judgeParsed, stateOf } from '../access/judge.ts'
import {
  type MembershipRequirement,
  membership,
  type ParsedRequirement,
  parseRequirement,
} from '../access/requirement.ts'
import { AccessError, ConfigurationError, CredentialsError, RequestError } from '../errors.ts'
import { requireAtOnce } from '../plain-options.ts'
import type { AccessToken } from '../token/access-token.ts'
import { checkAge, checkTimes } from '../token/claims.ts'
import { recall, type Verifier, verifyAtOnce } from '../verify/verifier.ts'
import { type HttpMessage, peekBearer, readCredentials } from './credentials.ts'
import {
  type Demand,
  type GuardSettings,
  type RuleOptions,
  type RuleSettings,
  readRuleOptions,
} from './guard-options.ts'
import { keepPassage, passageOf } from './passage.ts'
import { createRequestAuth, type RequestAuth } from './request-auth.ts'
import { checkTenantId, type RoutedRequest, readTenantParameter } from './tenant-parameter.ts'

/** A request as an adapter shows it: the framework's own object, which also names it. */
export interface GuardedRequest extends RoutedRequest {
  readonly headers: HttpMessage['headers']
}

/** A guard before a framework gets hold of it. */
export interface Rule<Request> extends RuleSettings<Request> {
  readonly demand: Demand
  readonly parsed: ParsedRequirement | MembershipRequirement | undefined
  /** The route parameter whose tenant it checks; undefined when it checks none, or one from elsewhere. */
  readonly checkedParam: string | undefined
}

/**
 * Makes a rule; mistakes in it show here, at start-up.
 *
 * @throws {ConfigurationError} `option_invalid`, `requirement_invalid`, `role_unknown`
 */
export function createRule<Request>(
  settings: GuardSettings<Request>,
  demand: Demand,
  options: RuleOptions<Request> = {},
): Rule<Request> {
  const rule = readRuleOptions(options, settings)
  const parsed = parseDemand(demand, settings)
  const isFromPath = parsed !== undefined && rule.getTenantId === undefined
  return { ...rule, demand, parsed, checkedParam: isFromPath ? rule.tenantParam : undefined }
}

function parseDemand(
  demand: Demand,
  settings: { readonly verifier: Verifier },
): ParsedRequirement | MembershipRequirement | undefined {
  if (demand.kind === 'member') return membership
  // An undefined role, such as a missing environment variable, must not ask for nothing.
  if (demand.kind === 'requirement') {
    return parseRequirement(demand.requirement, settings.verifier.roles)
  }
  return undefined
}

/**
 * Lets a request through, or throws the refusal. Undefined is somebody without credentials behind a
 * guard that takes them as optional. Answers at once unless the verifier has to wait for keys.
 *
 * @throws {TenantryError} the refusal
 */
export function authorizeRequest<Request extends GuardedRequest>(
  settings: GuardSettings<Request>,
  rule: Rule<Request>,
  request: Request,
  rawHeaders: readonly string[],
): RequestAuth | undefined | Promise<RequestAuth | undefined> {
  const known = passageOf(request)
  // Guards with other options read the credentials for themselves: they may accept fewer of them.
  if (known?.settings === settings && known.token !== undefined) {
    return admit(settings, rule, request, known.jwt, known.token)
  }
  const message = { headers: request.headers, rawHeaders }
  const candidate = peekBearer(settings.credentials, message)
  const remembered = candidate === undefined ? undefined : recall(settings.verifier, candidate)
  if (remembered !== undefined) return admit(settings, rule, request, candidate, remembered)
  let jwt: string
  try {
    jwt = readCredentials(settings.credentials, message)
  } catch (error) {
    // Only somebody who brings nothing is anonymous. What is brought must be good.
    if (rule.demand.kind !== 'optional' || !(error instanceof CredentialsError)) throw error
    if (known === undefined) {
      const nobody = { jwt: undefined, token: undefined, auth: undefined }
      keepPassage(request, { settings, refusal: rule.refusal, ...nobody })
    }
    // Whom another guard has put elsewhere on the request is not whom this one has looked for.
    return known?.settings.requestProperty === settings.requestProperty ? known.auth : undefined
  }
  const verified = verifyAtOnce(settings.verifier, jwt)
  return verified instanceof Promise
    ? verified.then((token) => admit(settings, rule, request, jwt, token))
    : admit(settings, rule, request, jwt, verified)
}

function admit<Request extends GuardedRequest>(
  settings: GuardSettings<Request>,
  rule: Rule<Request>,
  request: Request,
  jwt: string | undefined,
  token: AccessToken,
): RequestAuth {
  // First and always: a verifier of the application's own may have answered with anything.
  const { times, policy } = stateOf(token)
  // Of any guard that has let this request through by now, whatever its options.
  const before = passageOf(request)
  // Two guards that accept one credential each: a handler would see one of two callers.
  if (before?.jwt !== undefined && before.jwt !== jwt) {
    throw new RequestError('credentials_multiple')
  }
  // What an earlier guard has taken may have run out since.
  if (before?.token === token) checkTimes(times, policy, policy.now())
  if (rule.maxTokenAge !== undefined) {
    checkAge(times, rule.maxTokenAge, policy.clockTolerance, policy.now())
  }
  const auth = judgeCaller(settings, rule, request, token, before?.auth)
  keepPassage(request, { settings, refusal: rule.refusal, jwt, token, auth })
  return auth
}

const noRoles: readonly string[] = Object.freeze([])

/**
 * The caller as this guard sees it. A handler gets the token of the last guard: when its verifier
 * differs from that of an earlier one, the tenant that was checked is asked about once more.
 */
function judgeCaller<Request extends GuardedRequest>(
  settings: GuardSettings<Request>,
  rule: Rule<Request>,
  request: Request,
  token: AccessToken,
  before: RequestAuth | undefined,
): RequestAuth {
  const known = before?.token === token ? before : undefined
  if (rule.parsed === undefined && known !== undefined) return known
  const checked = before?.tenantId
  const tenantId = rule.parsed === undefined ? checked : resolveTenant(settings, rule, request)
  if (tenantId === undefined) return createRequestAuth(token, undefined, noRoles)
  // Another guard of this request has checked another tenant, and a handler may trust that one.
  if (checked !== undefined && checked !== tenantId) throw new RequestError('tenant_conflict')
  const verdict = judgeParsed(token, tenantId, rule.parsed ?? membership)
  if (verdict.code !== 'granted') throw new AccessError(verdict.code)
  if (known?.tenantId === tenantId) return known
  return createRequestAuth(token, tenantId, verdict.membership?.roles ?? noRoles)
}

function resolveTenant<Request extends GuardedRequest>(
  settings: GuardSettings<Request>,
  rule: Rule<Request>,
  request: Request,
): string {
  if (rule.getTenantId === undefined) {
    return readTenantParameter(request, rule.tenantParam, settings.tenantIdPattern)
  }
  const tenantId = find(rule.getTenantId, request)
  requireAtOnce('getTenantId', tenantId)
  if (tenantId === undefined || tenantId === null) {
    throw new ConfigurationError('tenant_unresolved', 'getTenantId found no tenant in a request.')
  }
  checkTenantId(tenantId, settings.tenantIdPattern)
  return tenantId
}

/** What an application throws goes on to the framework, to which `next(undefined)` is no error. */
function find<Request>(getTenantId: (request: Request) => unknown, request: Request): unknown {
  try {
    return getTenantId(request)
  } catch (error) {
    if (types.isNativeError(error)) throw error
    throw new Error('getTenantId threw something that is no error.', { cause: error })
  }
}

/** The questions that an application asks of a verified token. */
import { AccessError, ConfigurationError } from '../errors.ts'
import { type AccessToken, readState } from '../token/access-token.ts'
import type { DecodedToken } from '../token/decode.ts'
import { createMemberships, isAuthorizationMap } from '../token/memberships.ts'
import { decide } from './decide.ts'
import { type Decision, toDecision } from './explain.ts'
import { judge, judgeParsed, stateOf } from './judge.ts'
import { parseRequirement, type Requirement } from './requirement.ts'
import type { RoleModel } from './roles.ts'
import { compileWith } from './standing.ts'

/**
 * Whether the holder of the token may act as this in that tenant. Denies for an unknown or odd
 * tenant, and for anything in the token that is not a list of role names. Names are compared
 * byte by byte.
 *
 * @param token - what `verifier.verify` answered with
 * @param tenantId - the tenant that is being accessed
 * @param requirement - a role, `{ any }`, `{ all }`, `{ exactly }` or `{ permission }`
 * @throws {ConfigurationError} `token_unverified`, `requirement_invalid` or `role_unknown`: mistakes
 * in the program. Never on data.
 *
 * @example
 * ```ts
 * import { can } from '@tenantry/core'
 *
 * const token = await verifier.verify(jwt)
 * if (can(token, 'nz569yb7', 'admin')) console.log('may administer nz569yb7')
 * ```
 */
export function can<Role extends string, Permission extends string>(
  token: AccessToken<Role, Permission>,
  tenantId: string,
  requirement: Requirement<NoInfer<Role>, NoInfer<Permission>>,
): boolean {
  return judge(token, tenantId, requirement).code === 'granted'
}

/**
 * The same question as {@link can}, answered with the reason.
 *
 * @throws {ConfigurationError} as `can` does
 *
 * @example
 * ```ts
 * import { explain } from '@tenantry/core'
 *
 * const decision = explain(token, 'a5h281k8', 'admin')
 * console.log(decision.allowed, decision.code, decision.message)
 * ```
 */
export function explain<Role extends string, Permission extends string>(
  token: AccessToken<Role, Permission>,
  tenantId: string,
  requirement: Requirement<NoInfer<Role>, NoInfer<Permission>>,
): Decision {
  const parsed = parseRequirement(requirement, stateOf(token).policy.model)
  return toDecision(judgeParsed(token, tenantId, parsed), tenantId, parsed)
}

/**
 * Returns when {@link can} is true, and throws otherwise.
 *
 * @throws {AccessError} `tenant_forbidden` or `role_insufficient`, status 403
 * @throws {ConfigurationError} as `can` does
 *
 * @example
 * ```ts
 * import { assertCan } from '@tenantry/core'
 *
 * assertCan(token, 'nz569yb7', { any: ['owner', 'admin'] })
 * ```
 */
export function assertCan<Role extends string, Permission extends string>(
  token: AccessToken<Role, Permission>,
  tenantId: string,
  requirement: Requirement<NoInfer<Role>, NoInfer<Permission>>,
): void {
  const { code } = judge(token, tenantId, requirement)
  if (code !== 'granted') throw new AccessError(code)
}

/**
 * The same question as {@link can}, under the name and with the defaults that Userfront's own
 * libraries have: without a tenant it asks about the workspace that issued the token.
 *
 * A `tenantId` that is given and undefined is no tenant, and denied.
 *
 * @throws {ConfigurationError} as `can` does
 *
 * @example
 * ```ts
 * import { hasRole } from '@tenantry/core'
 *
 * console.log(hasRole(token, 'admin', { tenantId: 'nz569yb7' }))
 * ```
 */
export function hasRole<Role extends string, Permission extends string>(
  token: AccessToken<Role, Permission>,
  role: NoInfer<Role>,
  options: { readonly tenantId?: string } = {},
): boolean {
  return judge(token, askedTenant(token, options), role).code === 'granted'
}

/** A mistyped or inherited option must not lead to a question about another tenant. */
function askedTenant(token: AccessToken, options: { readonly tenantId?: string }): unknown {
  readState(token)
  if (!isPlain(options) || Object.keys(options).some((key) => key !== 'tenantId')) {
    throw new ConfigurationError('option_invalid', 'hasRole takes { tenantId } and nothing else.')
  }
  return Object.hasOwn(options, 'tenantId') ? options.tenantId : token.tenantId
}

function isPlain(options: unknown): boolean {
  const isObject = typeof options === 'object' && options !== null
  return isObject && Object.getPrototypeOf(options) === Object.prototype
}

/**
 * The roles that the token has for a tenant, as they are written there: without inherited ones.
 * Empty when it names no such tenant. Frozen.
 *
 * @throws {ConfigurationError} `token_unverified`
 *
 * @example
 * ```ts
 * import { rolesIn } from '@tenantry/core'
 *
 * console.log(rolesIn(token, 'nz569yb7'))
 * ```
 */
export function rolesIn(token: AccessToken, tenantId: string): readonly string[] {
  const { memberships } = readState(token)
  const membership = typeof tenantId === 'string' ? memberships.get(tenantId) : undefined
  return membership?.roles ?? none
}

const none: readonly string[] = Object.freeze([])

/**
 * The tenants that the token has roles for, in its own order. An entry that is not well formed is
 * left out. Frozen.
 *
 * @throws {ConfigurationError} `token_unverified`
 *
 * @example
 * ```ts
 * import { tenantsOf } from '@tenantry/core'
 *
 * for (const tenantId of tenantsOf(token)) console.log(tenantId)
 * ```
 */
export function tenantsOf(token: AccessToken): readonly string[] {
  return readState(token).memberships.tenants()
}

/**
 * What {@link explain} would answer if the token were genuine. For tools that show a token to a
 * person, and for nothing that lets anybody in: anyone can write a token that is not verified. It
 * reads the `authorization` claim, and knows no option of a verifier but the role model.
 *
 * @throws {ConfigurationError} `requirement_invalid` or `role_unknown`
 *
 * @example
 * ```ts
 * import { decodeToken, explainUnverified } from '@tenantry/core'
 *
 * console.log(explainUnverified(decodeToken(jwt), 'nz569yb7', 'admin').message)
 * ```
 */
export function explainUnverified(
  decoded: DecodedToken,
  tenantId: string,
  requirement: Requirement,
  options: { readonly roles?: RoleModel } = {},
): Decision {
  // Own members only: nothing that somebody put on Object.prototype is a role model.
  const model = Object.hasOwn(options, 'roles') ? options.roles : undefined
  const parsed = parseRequirement(requirement, model)
  const map = decoded.claims['authorization']
  const memberships = createMemberships(isAuthorizationMap(map) ? map : {}, compileWith(model))
  return toDecision(
    decide(memberships, { ancestorsOf: undefined }, tenantId, parsed),
    tenantId,
    parsed,
  )
}

/** The guards of an application, whatever a guard is in its framework. */
import type { Requirement } from '../access/requirement.ts'
import { ConfigurationError } from '../errors.ts'
import type { Demand, RuleOptions } from './guard-options.ts'

/** Roles, and then perhaps options. An empty list does not compile. */
export type RolesAndOptions<Role extends string, Request> =
  | readonly [Role, ...Role[]]
  | readonly [Role, ...Role[], RuleOptions<Request>]

/**
 * Makes guards. Each one works alone: it verifies the token when no other one has done so.
 *
 * Mistakes in what they are asked for throw here, at start-up: ConfigurationError `role_unknown`,
 * `requirement_invalid`, `option_invalid`.
 */
export interface Guards<Guard, Request, Role extends string, Permission extends string> {
  /** Somebody with a good token. */
  requireAuth(options?: RuleOptions<Request>): Guard
  /** Somebody with a good token, or nobody; a bad token is refused. */
  optionalAuth(options?: RuleOptions<Request>): Guard
  /** A member of the tenant, with roles or without. */
  requireTenant(options?: RuleOptions<Request>): Guard
  /** Somebody with this role in the tenant. */
  requireRole(role: Role, options?: RuleOptions<Request>): Guard
  /** Somebody with one of these roles in the tenant, at least. */
  requireAnyRole(...roles: RolesAndOptions<Role, Request>): Guard
  /** Somebody with every one of these roles in the tenant. */
  requireAllRoles(...roles: RolesAndOptions<Role, Request>): Guard
  /** Somebody with this permission in the tenant; needs a role model. */
  requirePermission(permission: Permission, options?: RuleOptions<Request>): Guard
  /** Any requirement. */
  require(requirement: Requirement<Role, Permission>, options?: RuleOptions<Request>): Guard
}

/** Makes a guard of what it asks: the one thing that differs from framework to framework. */
export type MakeGuard<Guard, Request> = (demand: Demand, options?: RuleOptions<Request>) => Guard

/** What makes a guard, with how it is called. */
const makers = new WeakMap<object, string>()

/**
 * All guards, by way of the one function that makes one.
 *
 * @param owner - what an application calls the object that has them, for messages
 */
export function createGuards<Guard, Request>(
  make: MakeGuard<Guard, Request>,
  owner: string,
): Guards<Guard, Request, string, string> {
  function require(requirement: Requirement, options?: RuleOptions<Request>): Guard {
    return make({ kind: 'requirement', requirement }, options)
  }
  function listed(kind: 'any' | 'all', given: readonly (string | RuleOptions<Request>)[]): Guard {
    const last = given.at(-1)
    const hasOptions = typeof last === 'object' && last !== null && !Array.isArray(last)
    // What is no role among them is refused where the rule is made.
    const roles = (hasOptions ? given.slice(0, -1) : given) as readonly string[]
    return require(kind === 'any' ? { any: roles } : { all: roles }, hasOptions ? last : undefined)
  }
  /** The same, for an application that may have mistaken it for a guard. */
  function called<Given extends readonly unknown[]>(
    call: string,
    maker: (...given: Given) => Guard,
  ): (...given: Given) => Guard {
    function checked(...given: Given): Guard {
      if (isRequest(given[0])) requireCalled(checked)
      return maker(...given)
    }
    makers.set(checked, `${owner}.${call}`)
    return checked
  }
  return {
    requireAuth: called('requireAuth()', (options) => make({ kind: 'anyone' }, options)),
    optionalAuth: called('optionalAuth()', (options) => make({ kind: 'optional' }, options)),
    requireTenant: called('requireTenant()', (options) => make({ kind: 'member' }, options)),
    requireRole: called("requireRole('admin')", (role, options) => {
      checkOneRole(role, options)
      return require(role, options)
    }),
    requireAnyRole: called("requireAnyRole('admin', 'viewer')", (...given) => {
      checkSpread('requireAnyRole', given)
      return listed('any', given)
    }),
    requireAllRoles: called("requireAllRoles('admin', 'viewer')", (...given) => {
      checkSpread('requireAllRoles', given)
      return listed('all', given)
    }),
    requirePermission: called("requirePermission('widgets:read')", (permission, options) =>
      require({ permission }, options),
    ),
    require: called("require({ exactly: 'admin' })", require),
  }
}

/**
 * Refuses what makes a guard in the place of one: `preHandler: app.requireTenant`.
 *
 * @throws {ConfigurationError} `option_invalid`, saying how it is called
 */
export function requireCalled(handler: unknown): void {
  const call = typeof handler === 'function' ? makers.get(handler) : undefined
  if (call === undefined) return
  const name = call.slice(call.indexOf('.') + 1, call.indexOf('('))
  throw new ConfigurationError('option_invalid', `${name} makes the guard: call it, ${call}.`)
}

/** A framework hands a request to what it takes for a guard. */
function isRequest(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'headers' in value && 'url' in value
}

/** As JavaScript without types may write several roles. */
function checkOneRole(role: unknown, options: unknown): void {
  const code = Array.isArray(role) ? 'requirement_invalid' : 'option_invalid'
  if (!Array.isArray(role) && typeof options !== 'string') return
  throw new ConfigurationError(
    code,
    'requireRole takes one role: for several roles use requireAnyRole or requireAllRoles.',
  )
}

function checkSpread(name: string, [first]: readonly unknown[]): void {
  if (!Array.isArray(first)) return
  throw new ConfigurationError(
    'requirement_invalid',
    `Give the roles one by one: ${name}('admin', 'viewer').`,
  )
}

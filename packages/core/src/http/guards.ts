/** The guards of an application, whatever a guard is in its framework. */
import type { Requirement } from '../access/requirement.ts'
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

/** All guards, by way of the one function that makes one. */
export function createGuards<Guard, Request>(
  make: MakeGuard<Guard, Request>,
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
  return {
    requireAuth: (options) => make({ kind: 'anyone' }, options),
    optionalAuth: (options) => make({ kind: 'optional' }, options),
    requireTenant: (options) => make({ kind: 'member' }, options),
    requireRole: require,
    requireAnyRole: (...given) => listed('any', given),
    requireAllRoles: (...given) => listed('all', given),
    requirePermission: (permission, options) => require({ permission }, options),
    require,
  }
}

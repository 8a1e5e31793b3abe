/** What `createGuard` takes and gives. */
import type { ServerResponse } from 'node:http'
import type { Requirement } from '@tenantry/core'
import type { GuardOptions, RuleOptions } from '@tenantry/core/http'
import type { ErrorRequestHandler, Request, Router } from 'express'
import type { GuardableRequest } from './augment.ts'

/** A guard on a route: Express middleware. */
export type GuardHandler = (
  request: GuardableRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** The options of one guard. */
export type ExpressRuleOptions = RuleOptions<Request>

/** The options of all guards. */
export interface ExpressGuardOptions<
  Role extends string = string,
  Permission extends string = string,
> extends GuardOptions<Request, Role, Permission> {
  /** Where a request has its caller: `req.auth`. Default `auth`. */
  readonly requestProperty?: string
  /** Whether routes of `guard.router()` with a tenant and without a guard throw. Default false. */
  readonly strict?: boolean
}

/** Roles, and then perhaps options. An empty list does not compile. */
export type RolesAndOptions<Role extends string> =
  | readonly [Role, ...Role[]]
  | readonly [Role, ...Role[], ExpressRuleOptions]

/** Makes middleware. Each one works alone: it verifies the token when no other one has done so. */
export interface Guard<Role extends string = string, Permission extends string = string> {
  /** Somebody with a good token. */
  requireAuth(options?: ExpressRuleOptions): GuardHandler
  /** Somebody with a good token, or nobody; a bad token is refused. */
  optionalAuth(options?: ExpressRuleOptions): GuardHandler
  /** A member of the tenant, with roles or without. */
  requireTenant(options?: ExpressRuleOptions): GuardHandler
  /** Somebody with this role in the tenant. */
  requireRole(role: Role, options?: ExpressRuleOptions): GuardHandler
  /** Somebody with one of these roles in the tenant, at least. */
  requireAnyRole(...roles: RolesAndOptions<Role>): GuardHandler
  /** Somebody with every one of these roles in the tenant. */
  requireAllRoles(...roles: RolesAndOptions<Role>): GuardHandler
  /** Somebody with this permission in the tenant; needs a role model. */
  requirePermission(permission: Permission, options?: ExpressRuleOptions): GuardHandler
  /** Any requirement. */
  require(requirement: Requirement<Role, Permission>, options?: ExpressRuleOptions): GuardHandler
  /** From now on guards pass refusals on, and this answers them, and those that handlers throw. */
  errorHandler(): ErrorRequestHandler
  /**
   * A router for guarded routes: this one, or a new one with `mergeParams`. With `strict`, a route
   * whose own path has the tenant parameter throws where it is defined without a guard before it.
   */
  router(router?: Router): Router
}

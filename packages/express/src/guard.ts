/** What `createGuard` takes and gives. */
import type { ServerResponse } from 'node:http'
import type { GuardOptions, Guards, RuleOptions } from '@tenantry/core/http'
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

/** The options of all guards. `strict` is about routes of `guard.router()`. */
export type ExpressGuardOptions<
  Role extends string = string,
  Permission extends string = string,
> = GuardOptions<Request, Role, Permission>

/** Makes middleware, and what goes with it. */
export interface Guard<Role extends string = string, Permission extends string = string>
  extends Guards<GuardHandler, Request, Role, Permission> {
  /** From now on guards pass refusals on, and this answers them, and those that handlers throw. */
  errorHandler(): ErrorRequestHandler
  /**
   * A router for guarded routes: this one, or a new one with `mergeParams`, which gives its routes
   * the parameters of the path that it is on. With `strict`, a route whose own path has the tenant
   * parameter throws where it is defined without a guard before it.
   *
   * @throws {ConfigurationError} `option_invalid` for what `express.Router()` did not make
   */
  router(router?: Router): Router
}

/** Guards for Express 4 and 5: a request goes in, and goes on or is answered. */
import { IncomingMessage, METHODS } from 'node:http'
import { ConfigurationError, isTenantryError } from '@tenantry/core'
import {
  answerRefusal,
  asError,
  authorizeRequest,
  continueRequest,
  createGuards,
  createRule,
  createWarning,
  type Demand,
  type GuardSettings,
  isOver,
  passOnRefusals,
  placeAuth,
  type RefusalPolicy,
  type RequestAuth,
  readGuardOptions,
  requireNext,
  toRefusal,
} from '@tenantry/core/http'
import { type Request, Router } from 'express'
import { guardedRouter } from './audit/guarded-router.ts'
import { markGuard } from './audit/marked-guards.ts'
import type { GuardableRequest } from './augment.ts'
import type { ExpressGuardOptions, ExpressRuleOptions, Guard, GuardHandler } from './guard.ts'

const nestedRouter =
  'Or, in a nested router, use guard.router() or express.Router({ mergeParams: true }).'

const taken = ['url', 'method', 'params', 'query', 'body', 'cookies', 'app', 'res', 'route', 'next']

/**
 * Makes the guards of an application.
 *
 * A refusal is answered by the guard itself (RFC 9457, RFC 6750 section 3), or handed to
 * `guard.errorHandler()` when there is one. A guard never looks at the path: it reads the parameter
 * of the route that it stands on.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 *
 * @example
 * ```ts
 * import { createVerifier, userfront } from '@tenantry/core'
 * import { createGuard } from '@tenantry/express'
 * import express from 'express'
 *
 * const verifier = createVerifier(userfront({ workspaceId: 'demo1234', mode: 'live' }))
 * const guard = createGuard({ verifier })
 * const app = express()
 * app.get('/tenants/:tenantId/widgets', guard.requireRole('admin'), (req, res) => {
 *   res.json({ tenant: req.auth?.tenantId })
 * })
 * ```
 */
export function createGuard<Role extends string = string, Permission extends string = string>(
  options: ExpressGuardOptions<Role, Permission>,
): Guard<Role, Permission> {
  const settings = readGuardOptions<Request>(
    options,
    (property) => taken.includes(property) || property in IncomingMessage.prototype,
  )
  /** How each request that was refused is to be answered, for the error handler. */
  const policies = new WeakMap<object, RefusalPolicy>()
  let hasErrorHandler = false

  return {
    ...createGuards(
      (demand, ruleOptions) => protect(settings, demand, ruleOptions, refuse),
      'guard',
    ),
    errorHandler(...given: readonly unknown[]) {
      if (given.length > 0) {
        throw new ConfigurationError(
          'option_invalid',
          'errorHandler makes the handler: app.use(guard.errorHandler()).',
        )
      }
      hasErrorHandler = true
      passOnRefusals(settings)
      return (error, request, response, next) => {
        if (!isTenantryError(error) || response.headersSent || isOver(response)) next(error)
        else answerRefusal(response, toRefusal(error, policies.get(request) ?? settings.refusal))
      }
    },
    router(router = Router({ mergeParams: true })) {
      return guardedRouter(router, settings)
    },
  }

  function refuse(error: unknown, policy: RefusalPolicy, ...[request, response, next]: Call): void {
    if (isOver(response)) return
    policies.set(request, policy)
    if (!isTenantryError(error) || hasErrorHandler || response.headersSent) next(asError(error))
    else answerRefusal(response, toRefusal(error, policy))
  }
}

type Call = Parameters<GuardHandler>
type Refuse = (error: unknown, policy: RefusalPolicy, ...call: Call) => void

function protect(
  settings: GuardSettings<Request>,
  demand: Demand,
  options: ExpressRuleOptions | undefined,
  refuse: Refuse,
): GuardHandler {
  const rule = createRule(settings, demand, options)
  const warn = createWarning(rule.checkedParam === undefined ? undefined : nestedRouter)

  function proceed(
    auth: RequestAuth | undefined,
    request: Request,
    response: Call[1],
    next: Call[2],
  ): void {
    if (isOver(response)) return
    try {
      placeAuth(request, settings.requestProperty, auth)
    } catch (error) {
      fail(error, request, response, next)
      return
    }
    continueRequest(request, next)
  }

  function fail(error: unknown, ...call: Call): void {
    warn(error, routeOf(call[0]))
    refuse(error, rule.refusal, ...call)
  }

  const handler: GuardHandler = (message, response, next) => {
    requireNext(next)
    // Express made it; the guard's own type leaves out what differs from route to route.
    const request = message as Request
    let auth: ReturnType<typeof authorizeRequest>
    try {
      auth = authorizeRequest(settings, rule, request, request.rawHeaders)
    } catch (error) {
      fail(error, request, response, next)
      return
    }
    if (auth instanceof Promise) {
      auth
        .then(
          (caller) => proceed(caller, request, response, next),
          (error: unknown) => fail(error, request, response, next),
        )
        .catch((error: unknown) => next(asError(error)))
    } else proceed(auth, request, response, next)
  }
  return markGuard(handler, rule.checkedParam)
}

/** The route as it is written in the program: nothing that a client chose is put into a log. */
function routeOf(request: GuardableRequest): string | undefined {
  const { method = '' } = request
  const path: unknown = Reflect.get(Object(Reflect.get(request, 'route')), 'path')
  // Other middleware may have taken a method from a header.
  return path === undefined || !METHODS.includes(method) ? undefined : `${method} ${path}`
}

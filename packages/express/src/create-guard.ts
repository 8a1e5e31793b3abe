/** Guards for Express 4 and 5: a request goes in, and goes on or is answered. */
import { IncomingMessage } from 'node:http'
import { ConfigurationError, isTenantryError, type Requirement } from '@tenantry/core'
import {
  authorizeRequest,
  continueWithAuth,
  createRule,
  type Demand,
  type RefusalPolicy,
  type RequestAuth,
  readGuardOptions,
  toRefusal,
} from '@tenantry/core/http'
import { type Request, Router } from 'express'
import { answer, isOver } from './answer.ts'
import { markGuard } from './audit-routes.ts'
import type { ExpressGuardOptions, ExpressRuleOptions, Guard, GuardHandler } from './guard.ts'
import { guardedRouter } from './guarded-router.ts'

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
  const settings = readGuardOptions<Request>(options, ['requestProperty', 'strict'])
  const { requestProperty = 'auth', strict = false } = options
  checkProperty(requestProperty)
  if (typeof strict !== 'boolean') throw invalid('strict', 'is neither true nor false')
  /** How each request that was refused is to be answered, for the error handler. */
  const policies = new WeakMap<object, RefusalPolicy>()
  let hasErrorHandler = false

  function protect(demand: Demand, ruleOptions?: ExpressRuleOptions): GuardHandler {
    const rule = createRule(settings, demand, ruleOptions)
    let warned = false
    const handler: GuardHandler = (message, response, next) => {
      // Express made it; the guard's own type leaves out what differs from route to route.
      const request = message as Request
      function proceed(auth: RequestAuth | undefined): void {
        if (isOver(response)) return
        // A getter without a setter takes nothing: a handler would read a caller that no guard put there.
        if (
          !Reflect.set(request, requestProperty, auth) ||
          Reflect.get(request, requestProperty) !== auth
        ) {
          refuse(invalid('requestProperty', 'is a property that cannot be set on a request'))
          return
        }
        // Without one of its own, an anonymous request would go on in the context that it came from.
        continueWithAuth(auth ?? nobody, next)
      }
      function refuse(error: unknown): void {
        if (isTenantryError(error) && error.status === 500 && !warned) {
          warned = true
          process.emitWarning(error.message, { type: 'TenantryWarning', code: error.code })
        }
        if (isOver(response)) return
        policies.set(request, rule.refusal)
        if (!isTenantryError(error) || hasErrorHandler || response.headersSent) next(asError(error))
        else answer(response, toRefusal(error, rule.refusal))
      }
      let auth: ReturnType<typeof authorizeRequest>
      try {
        auth = authorizeRequest(settings, rule, request, request.rawHeaders)
      } catch (error) {
        refuse(error)
        return
      }
      if (auth !== undefined && 'then' in auth)
        auth.then(proceed, refuse).catch((error: unknown) => next(asError(error)))
      else proceed(auth)
    }
    const checksTenant = demand.kind === 'member' || demand.kind === 'requirement'
    const readsPath = checksTenant && rule.getTenantId === undefined
    return markGuard(handler, readsPath ? rule.tenantParam : undefined)
  }

  function ask(requirement: Requirement, ruleOptions?: ExpressRuleOptions): GuardHandler {
    return protect({ kind: 'requirement', requirement }, ruleOptions)
  }

  return {
    requireAuth: (ruleOptions) => protect({ kind: 'anyone' }, ruleOptions),
    optionalAuth: (ruleOptions) => protect({ kind: 'optional' }, ruleOptions),
    requireTenant: (ruleOptions) => protect({ kind: 'member' }, ruleOptions),
    requireRole: ask,
    requireAnyRole: (...given) => askRoles('any', given),
    requireAllRoles: (...given) => askRoles('all', given),
    requirePermission: (permission, ruleOptions) => ask({ permission }, ruleOptions),
    require: ask,
    errorHandler() {
      hasErrorHandler = true
      return (error, request, response, next) => {
        if (!isTenantryError(error) || response.headersSent || isOver(response)) next(error)
        else answer(response, toRefusal(error, policies.get(request) ?? settings.refusal))
      }
    },
    router(router = Router({ mergeParams: true })) {
      return strict ? guardedRouter(router, settings.tenantParam) : router
    },
  }

  function askRoles(kind: 'any' | 'all', given: readonly unknown[]): GuardHandler {
    const last = given.at(-1)
    const hasOptions = typeof last === 'object' && last !== null && !Array.isArray(last)
    // What is no role is refused where the rule is made.
    const roles = (hasOptions ? given.slice(0, -1) : given) as readonly string[]
    const requirement: Requirement = kind === 'any' ? { any: roles } : { all: roles }
    return ask(requirement, hasOptions ? last : undefined)
  }
}

/** `next(undefined)` and `next('route')` are no errors to Express: they would let the request in. */
function asError(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) return error
  return new Error('A guard met something that was thrown and is no error.', { cause: error })
}

const nobody = Object.freeze({ tenantId: undefined })

const taken = ['url', 'method', 'params', 'query', 'body', 'cookies', 'app', 'res', 'route', 'next']

function checkProperty(name: unknown): void {
  if (typeof name !== 'string' || name === '') {
    throw invalid('requestProperty', 'is not the name of a property')
  }
  if (taken.includes(name) || name in IncomingMessage.prototype) {
    throw invalid('requestProperty', 'is a property that a request has already')
  }
}

function invalid(option: string, reason: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option "${option}" ${reason}.`)
}

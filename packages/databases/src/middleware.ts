/** The middleware for Express 4 and 5, by the form of its requests. */
import type { ServerResponse } from 'node:http'
import { isTenantryError } from '@tenantry/core'
import {
  answerRefusal,
  asError,
  continueRequest,
  createWarning,
  refusalOf,
  requireNext,
  toRefusal,
} from '@tenantry/core/http'
import type { RequestLeases } from './request-leases.ts'
import { isGone } from './response-end.ts'
import type { DatabaseMiddleware } from './tenant-databases.ts'

/** Refuses as the guard of the request would: by itself, or by the application's error handler. */
export function databaseMiddleware<Database>(
  requests: RequestLeases<Database>,
): DatabaseMiddleware {
  const warn = createWarning()

  function refuse(
    error: unknown,
    request: object,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): void {
    warn(error)
    if (isGone(response)) return
    const { policy, isPassedOn } = refusalOf(request)
    if (!isTenantryError(error) || isPassedOn || response.headersSent) next(asError(error))
    else answerRefusal(response, toRefusal(error, policy))
  }

  return (request, response, next) => {
    requireNext(next)
    requests
      .attach(request, response)
      .then(
        (isAttached) => {
          if (!isAttached) return
          // Not among what is logged of a request, and not to be had after the release.
          const get = () => requests.of(request)
          Object.defineProperty(request, 'database', { get, configurable: true })
          continueRequest(request, next)
        },
        (error: unknown) => refuse(error, request, response, next),
      )
      .catch((error: unknown) => next(asError(error)))
  }
}

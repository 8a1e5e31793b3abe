/** What Express requests have behind a guard, for TypeScript. */
import type { IncomingMessage } from 'node:http'
import type { RequestAuth } from '@tenantry/core/http'

declare global {
  namespace Express {
    interface Request {
      /** The caller; undefined for somebody without credentials behind `optionalAuth`. */
      auth?: RequestAuth | undefined
    }
  }
}

/**
 * The part of an Express request that guards ask for. It says nothing of parameters, so that a guard
 * on a route leaves the types of its handler as they are.
 *
 * @example
 * ```ts
 * import type { GuardableRequest } from '@tenantry/express'
 *
 * const userOf = (request: GuardableRequest) => request.auth?.userId
 * ```
 */
export type GuardableRequest = IncomingMessage & Express.Request

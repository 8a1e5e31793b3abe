/** The caller, for handlers. */
import { ConfigurationError } from '@tenantry/core'
import { type RequestAuth, readAuth } from '@tenantry/core/http'
import type { FastifyMessage, Permission, Role } from './augment.ts'

const fix =
  "Add a guard to the route: { preHandler: app.requireAuth() }, or { preHandler: app.requireRole('admin') }."

/**
 * The caller behind a guard, whatever `requestProperty` is.
 *
 * @throws {ConfigurationError} `option_invalid` when no guard has let the request through, or it let
 * somebody without credentials through
 *
 * @example
 * ```ts
 * import { getAuth } from '@tenantry/fastify'
 * import type { FastifyRequest } from 'fastify'
 *
 * const handler = async (request: FastifyRequest) => getAuth(request).tenantId
 * ```
 */
export function getAuth(request: FastifyMessage): RequestAuth<Role, Permission> {
  const auth = getOptionalAuth(request)
  if (auth !== undefined) return auth
  throw new ConfigurationError(
    'option_invalid',
    `The caller is anonymous. ${fix} Behind optionalAuth use getOptionalAuth(request).`,
  )
}

/**
 * The caller behind a guard, or undefined for somebody without credentials behind `optionalAuth`.
 *
 * @throws {ConfigurationError} `option_invalid` when no guard has let the request through
 *
 * @example
 * ```ts
 * import { getOptionalAuth } from '@tenantry/fastify'
 * import type { FastifyRequest } from 'fastify'
 *
 * const handler = async (request: FastifyRequest) => getOptionalAuth(request)?.userId ?? 'anonymous'
 * ```
 */
export function getOptionalAuth(
  request: FastifyMessage,
): RequestAuth<Role, Permission> | undefined {
  // The verifier that the application registered is the one that its guards use.
  return readAuth(request, fix) as RequestAuth<Role, Permission> | undefined
}

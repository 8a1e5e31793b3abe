/** The caller, for handlers. */
import { type Fixes, type RequestAuth, readAuth, readOptionalAuth } from '@tenantry/core/http'
import type { FastifyMessage, Permission, Role } from './augment.ts'

const fixes: Fixes = {
  guarded: "  app.get(path, { preHandler: app.requireRole('admin') }, handler)",
  optional: 'getOptionalAuth(request)',
}

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
  // The verifier that the application registered is the one that its guards use.
  return readAuth(request, fixes) as RequestAuth<Role, Permission>
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
  // As above.
  return readOptionalAuth(request, fixes) as RequestAuth<Role, Permission> | undefined
}

/** Finds the tenant of a request: in one declared place, and nowhere else. */
import { ConfigurationError, RequestError } from '../errors.ts'

/** The parts of a routed request that can name a tenant. */
export interface RoutedRequest {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

/** nanoid, UUID, ObjectId and `org_x` pass; dots at the ends, spaces, slashes, `;` and `%` do not. */
export const defaultTenantIdPattern: RegExp =
  /^[A-Za-z0-9_-](?:[A-Za-z0-9._:-]{0,62}[A-Za-z0-9_-])?$/

/**
 * The tenant that the route names by this parameter. The value is decoded once, by the router.
 *
 * @throws {ConfigurationError} `tenant_unresolved` when the route has no such parameter
 * @throws {RequestError} `tenant_invalid`, or `tenant_conflict` when query or body name another one
 */
export function readTenantParameter(request: RoutedRequest, name: string, pattern: RegExp): string {
  const tenantId = member(request.params, name)
  if (tenantId === undefined) {
    throw new ConfigurationError(
      'tenant_unresolved',
      `The guarded route has no parameter ":${name}". Put the guard on the route itself, name the ` +
        'parameter with tenantParam, or pass getTenantId.',
    )
  }
  checkTenantId(tenantId, pattern)
  for (const other of [member(request.query, name), member(request.body, name)]) {
    if (other !== undefined && other !== tenantId) throw new RequestError('tenant_conflict')
  }
  return tenantId
}

/** @throws {RequestError} `tenant_invalid` */
export function checkTenantId(tenantId: unknown, pattern: RegExp): asserts tenantId is string {
  // A name that no tenant can have passes the pattern, and is then nobody's.
  if (typeof tenantId !== 'string' || !pattern.test(tenantId)) {
    throw new RequestError('tenant_invalid')
  }
}

/** An own member: what is on a prototype was not sent. */
function member(container: unknown, name: string): unknown {
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, name)) {
    return undefined
  }
  return (container as Readonly<Record<string, unknown>>)[name]
}

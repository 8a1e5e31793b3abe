/** A session belongs to the tenant that used it first: a transaction is of one tenant. */
import { ConfigurationError } from '@tenantry/core'

const tenants = new WeakMap<object, string>()

/** @throws {ConfigurationError} `tenant_switched` */
export function bindSession(session: unknown, tenantId: string): void {
  if (typeof session !== 'object' || session === null) return
  const bound = tenants.get(session)
  if (bound === undefined) tenants.set(session, tenantId)
  else if (bound !== tenantId) {
    throw new ConfigurationError(
      'tenant_switched',
      'A session of one tenant was used in the work for another one. Start one for each.',
    )
  }
}

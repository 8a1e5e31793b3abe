/** The tenant that a call is for. It is read when the call is made, and never in a callback. */
import { ConfigurationError } from '@tenantry/core'
import { currentTenantId } from '@tenantry/core/context'

/**
 * The current tenant, as a string that the server can hold: PostgreSQL's text has no NUL, and UTF-8 has
 * no lone surrogates. Each of them would become another name on the way.
 *
 * @throws {TenantContextError} `tenant_context_missing` outside of any tenant
 * @throws {ConfigurationError} `tenant_unresolved`
 */
export function requireTenant(): string {
  const tenantId = currentTenantId()
  if (!tenantId.includes('\0') && tenantId.isWellFormed()) return tenantId
  throw new ConfigurationError(
    'tenant_unresolved',
    'The current tenant has a NUL or a lone surrogate in its id, which PostgreSQL cannot hold.',
  )
}

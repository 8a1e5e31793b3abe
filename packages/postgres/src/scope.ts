/** For whom a call is. It is read when the call is made, and never in a callback. */
import { ConfigurationError } from '@tenantry/core'
import { currentSystem, currentTenantId } from '@tenantry/core/context'
import { callRefused } from './refuse.ts'

/** A tenant, or undefined for the work of the system itself, across all of them. */
export type Scope = string | undefined

/**
 * The current tenant, as a string that the server can hold: PostgreSQL's text has no NUL, and UTF-8 has
 * no lone surrogates. Each of them would become another name on the way.
 *
 * @throws {TenantContextError} `tenant_context_missing` outside of any tenant and of `asSystem`
 * @throws {ConfigurationError} `tenant_unresolved`
 */
export function currentScope(): Scope {
  if (currentSystem() !== undefined) return undefined
  const tenantId = currentTenantId()
  if (!tenantId.includes('\0') && tenantId.isWellFormed()) return tenantId
  throw new ConfigurationError(
    'tenant_unresolved',
    'The current tenant has a NUL or a lone surrogate in its id, which PostgreSQL cannot hold.',
  )
}

/**
 * What serves the work of the system: nothing does unless it was given.
 *
 * @throws {ConfigurationError} `call_refused`
 */
export function requireSystem<Source>(system: Source | undefined): Source {
  if (system !== undefined) return system
  throw callRefused(
    'Inside of asSystem there is no tenant, and the policies show no rows. Pass the option ' +
      '"system": a pool whose role may see the rows of every tenant.',
  )
}

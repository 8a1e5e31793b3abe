/** How what is current is read. It is set in `context.ts`, `system.ts` and by guards, and nowhere else. */
import { ConfigurationError, TenantContextError } from '../errors.ts'
import { announceReaders, type ContextAuth, type SystemContext, storage } from './storage.ts'

announceReaders()

export function checkRun(written: string, run: unknown): void {
  if (typeof run === 'function') return
  throw new ConfigurationError('option_invalid', `There is no function to run: ${written}.`)
}

/**
 * What is current, or undefined outside of any request and job, and inside of `asSystem`.
 *
 * @example
 * ```ts
 * import { currentAuth } from '@tenantry/core/context'
 *
 * console.log(currentAuth()?.tenantId)
 * ```
 */
export function currentAuth(): ContextAuth | undefined {
  return storage.getStore()?.auth
}

/**
 * The current tenant.
 *
 * @throws {TenantContextError} `tenant_context_missing` outside of any tenant: there is no default
 *
 * @example
 * ```ts
 * import { currentTenantId } from '@tenantry/core/context'
 *
 * console.log(currentTenantId())
 * ```
 */
export function currentTenantId(): string {
  const tenantId = storage.getStore()?.auth?.tenantId
  if (tenantId === undefined) throw new TenantContextError('tenant_context_missing')
  return tenantId
}

/**
 * The reason that `asSystem` was given, inside of it and outside of any tenant that was entered there;
 * undefined everywhere else.
 *
 * @example
 * ```ts
 * import { asSystem, currentSystem } from '@tenantry/core/context'
 *
 * await asSystem({ reason: 'nightly report' }, () => console.log(currentSystem()?.reason))
 * ```
 */
export function currentSystem(): SystemContext | undefined {
  return storage.getStore()?.system
}

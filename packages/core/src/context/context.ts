/**
 * The tenant of the work that is going on, for packages that touch data. It is set once, from what
 * a guard checked or from what a job was told, and cannot be changed from inside.
 */
import { ConfigurationError } from '../errors.ts'
import { checkRun } from './current.ts'
import { type ContextAuth, storage } from './storage.ts'

/**
 * Runs a function, and everything that it starts, with this as the current authorization. What the
 * function returns is awaited inside, so that a query which starts when it is awaited starts here.
 *
 * What is current cannot be changed from outside: of an object that is not frozen, a copy is.
 *
 * @throws {ConfigurationError} `option_invalid` for an authorization without a `tenantId` of its own, and
 * for what is no function; `tenant_unresolved` for a `tenantId` that is neither undefined nor a string
 * with something in it
 *
 * @example
 * ```ts
 * import { currentTenantId, runWithAuth } from '@tenantry/core/context'
 *
 * await runWithAuth({ tenantId: 'nz569yb7' }, async () => console.log(currentTenantId()))
 * ```
 */
export async function runWithAuth<Result>(
  auth: ContextAuth,
  run: () => Result | PromiseLike<Result>,
): Promise<Result> {
  const held = hold(auth)
  checkRun('runWithAuth(auth, async () => ...)', run)
  return await storage.run({ auth: held }, async () => await run())
}

/**
 * Runs a job or a script for one tenant.
 *
 * @throws {ConfigurationError} `tenant_unresolved` when the tenant is not a string with something in
 * it, `option_invalid` for what is no function, and inside of another tenant: that is nearly always
 * a mistake
 *
 * @example
 * ```ts
 * import { withTenant } from '@tenantry/core/context'
 *
 * await withTenant('nz569yb7', async () => console.log('a nightly report'))
 * ```
 */
export async function withTenant<Result>(
  tenantId: string,
  run: () => Result | PromiseLike<Result>,
): Promise<Result> {
  if (typeof tenantId !== 'string' || tenantId.trim() === '') {
    throw new ConfigurationError(
      'tenant_unresolved',
      'withTenant needs the id of a tenant: a string with something in it.',
    )
  }
  checkRun('withTenant(tenantId, async () => ...)', run)
  const outer = storage.getStore()?.auth?.tenantId
  if (outer !== undefined && outer !== tenantId) {
    throw new ConfigurationError(
      'option_invalid',
      'withTenant was called for one tenant inside of the work for another one.',
    )
  }
  return await runWithAuth(Object.freeze({ tenantId }), run)
}

/**
 * What cannot change while it is current: the same object when it is frozen, as a guard makes it, else
 * a frozen copy of its own members, each of which is read once.
 */
function hold(auth: unknown): ContextAuth {
  if (typeof auth !== 'object' || auth === null || !Object.hasOwn(auth, 'tenantId')) {
    throw new ConfigurationError(
      'option_invalid',
      'runWithAuth needs what a guard made: an object whose tenantId is a string, or undefined.',
    )
  }
  const own = Object.getOwnPropertyDescriptor(auth, 'tenantId')
  const isFixed = own !== undefined && 'value' in own && Object.isFrozen(auth)
  const held: object = isFixed ? auth : Object.freeze({ ...auth })
  if (hasTenant(held)) return held
  throw new ConfigurationError(
    'tenant_unresolved',
    'runWithAuth needs a tenantId that is the id of a tenant, or undefined for none.',
  )
}

/** An empty name is no tenant, and would be current like one. */
function hasTenant(held: object & { readonly tenantId?: unknown }): held is ContextAuth {
  const { tenantId } = held
  return tenantId === undefined || (typeof tenantId === 'string' && tenantId.trim() !== '')
}

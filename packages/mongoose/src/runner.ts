/** Goes on in the context of one tenant, and never in that of another one. */
import { ConfigurationError } from '@tenantry/core'
import { currentAuth, withTenant } from '@tenantry/core/context'

export interface Runner {
  /** Runs it to its end at once. */
  now<Result>(run: () => Result): Result
  /** Runs it, and awaits what it returns inside. */
  later<Result>(run: () => Result | PromiseLike<Result>): Promise<Result>
}

export function createRunner(tenantId: string): Runner {
  /** Behind a guard of this tenant, what the guard checked stays current. */
  const isInside = (): boolean => {
    const current = currentAuth()?.tenantId
    if (current === undefined) return false
    if (current === tenantId) return true
    throw new ConfigurationError(
      'tenant_switched',
      'organization was used for one tenant in the work for another one.',
    )
  }
  return {
    now<Result>(run: () => Result): Result {
      if (isInside()) return run()
      // The first part of an async function runs at once, and this one has no other.
      const outcome: { done?: () => Result } = {}
      const entered = withTenant(tenantId, () => {
        try {
          const result = run()
          outcome.done = () => result
        } catch (error) {
          outcome.done = () => {
            throw error
          }
        }
      })
      if (outcome.done !== undefined) return outcome.done()
      entered.catch(() => undefined)
      throw new ConfigurationError('tenant_unresolved', 'The tenant could not be entered.')
    },
    async later(run) {
      return isInside() ? await run() : await withTenant(tenantId, run)
    },
  }
}

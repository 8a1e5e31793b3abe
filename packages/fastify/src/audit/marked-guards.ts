/** Which hooks are guards. */

/** The parameter that each guard reads; undefined for one that reads none, or finds the tenant elsewhere. */
const guards = new WeakMap<object, string | undefined>()

/** Remembers that this function is a guard, and checks the tenant that is in this parameter. */
export function markGuard(guard: object, tenantParam: string | undefined): void {
  guards.set(guard, tenantParam)
}

/** Whether it is any guard: one that refuses or goes on, and never answers with data. */
export function isGuard(hook: unknown): boolean {
  return typeof hook === 'function' && guards.has(hook)
}

/** A guard of another parameter says nothing of the tenant that the handler reads. */
export function guardedParameter(hook: unknown): string | undefined {
  return typeof hook === 'function' ? guards.get(hook) : undefined
}

/**
 * Where the context is kept. Entering it makes every promise and every callback of a request a little
 * slower, so that guards do so only where somebody can read it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

/** What the context holds: at least a tenant. A guard puts the whole `RequestAuth` there. */
export interface ContextAuth {
  /** The tenant that was checked; undefined where a guard asked for no tenant. */
  readonly tenantId: string | undefined
}

/** Work of the system itself, for no tenant and across all of them. */
export interface SystemContext {
  /** Why, in the words of whoever wrote it. */
  readonly reason: string
}

/** Exactly one of the two. */
export type Current =
  | { readonly auth: ContextAuth; readonly system?: undefined }
  | { readonly auth?: undefined; readonly system: SystemContext }

export const storage: AsyncLocalStorage<Current> = new AsyncLocalStorage<Current>()

let hasReaders = false

/** For the modules of `@tenantry/core/context`, when they are loaded: from now on guards enter it. */
export function announceReaders(): void {
  hasReaders = true
}

/** Without one of its own, an anonymous request would go on in the context that it came from. */
const nobody: ContextAuth = Object.freeze({ tenantId: undefined })

/** For guards: goes on with the rest of a request inside, without a promise. */
export function continueWithAuth(auth: ContextAuth | undefined = nobody, next: () => void): void {
  // Most often it is there already: the hooks of a request run inside of each other.
  if (!hasReaders || storage.getStore()?.auth === auth) next()
  else storage.run({ auth }, next)
}

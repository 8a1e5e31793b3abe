/** The one way across tenants. It is written out, it has a reason, and it is announced. */
import { ConfigurationError } from '../errors.ts'
import { type DecisionEvent, decisionChannel } from '../events.ts'
import { checkRun, currentAuth } from './current.ts'
import { type SystemContext, storage } from './storage.ts'

/**
 * Runs work of the system itself: inside, there is no tenant, and the data packages let queries
 * through to the rows of all of them. What the function returns is awaited inside.
 *
 * It is published on `tenantry:decision`, with the reason as `system` and with the caller in whose
 * request it was called. `withTenant` inside of it is for that tenant only.
 *
 * @throws {ConfigurationError} `option_invalid` without a reason, with another option, and for what is no function
 *
 * @example
 * ```ts
 * import { asSystem } from '@tenantry/core/context'
 *
 * await asSystem({ reason: 'nightly report' }, async () => console.log('over all tenants'))
 * ```
 */
export async function asSystem<Result>(
  options: { readonly reason: string },
  run: () => Result | PromiseLike<Result>,
): Promise<Result> {
  const system = readReason(options)
  checkRun("asSystem({ reason: 'nightly report' }, async () => ...)", run)
  announce(system)
  return await storage.run(Object.freeze({ system }), async () => await run())
}

function readReason(options: unknown): SystemContext {
  if (typeof options === 'object' && options !== null) {
    const { reason, ...others } = { reason: undefined, ...options } as Record<string, unknown>
    const isText = typeof reason === 'string' && reason.trim() !== ''
    if (isText && Object.keys(others).length === 0) return Object.freeze({ reason })
  }
  throw new ConfigurationError(
    'option_invalid',
    "asSystem needs to be told why, and nothing else: asSystem({ reason: 'nightly report' }, ...).",
  )
}

function announce(system: SystemContext): void {
  if (!decisionChannel.hasSubscribers) return
  const event: DecisionEvent = {
    allowed: true,
    code: 'granted',
    tenantId: '',
    requirement: undefined,
    ...caller(),
    system: system.reason,
  }
  decisionChannel.publish(event)
}

/** What a guard made knows them; what `withTenant` made does not. */
function caller(): Pick<DecisionEvent, 'userId' | 'sessionId'> {
  const auth: object = currentAuth() ?? {}
  const userId: unknown = Reflect.get(auth, 'userId')
  const token: unknown = Reflect.get(auth, 'token')
  const isToken = typeof token === 'object' && token !== null
  const sessionId: unknown = isToken ? Reflect.get(token, 'sessionId') : undefined
  return {
    userId: typeof userId === 'string' || typeof userId === 'number' ? userId : undefined,
    sessionId: typeof sessionId === 'string' ? sessionId : undefined,
  }
}

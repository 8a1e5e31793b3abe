/** The mistakes of a program that this package refuses, and what to write instead. */
import { ConfigurationError } from '@tenantry/core'

/** A call that cannot be kept inside of a tenant. */
export function callRefused(message: string): ConfigurationError {
  return new ConfigurationError('call_refused', message)
}

/** A client that was given back belongs to somebody else. */
export function clientReleased(): ConfigurationError {
  return new ConfigurationError(
    'client_released',
    'A client was used after its release. Await every query before client.release().',
  )
}

/** A client stays with the tenant that it was checked out for. */
export function tenantSwitched(): ConfigurationError {
  return new ConfigurationError(
    'tenant_switched',
    'A client that was checked out for one tenant was used in another. Check one out in each.',
  )
}

/**
 * Refuses a call with a callback: it would run in the context of whoever used the connection before.
 *
 * @throws {ConfigurationError} `call_refused`
 */
export function refuseCallbacks(call: string, args: readonly unknown[]): void {
  const [first] = args
  const config = typeof first === 'object' && first !== null ? first : {}
  if (!args.some((arg) => typeof arg === 'function') && Reflect.get(config, 'callback') == null) {
    return
  }
  throw callRefused(
    `${call} was called with a callback, which would run in the context of another request. ` +
      'Use the promise that it answers with.',
  )
}

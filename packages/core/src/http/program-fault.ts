/** What is no refusal: the program's own mistakes, and what it throws. */
import { types } from 'node:util'
import { ConfigurationError, isTenantryError } from '../errors.ts'

/**
 * What a framework takes for an error, whatever was thrown: to Express `next(undefined)` and
 * `next('route')` are none, and would let the request in.
 */
export function asError(thrown: unknown): Error {
  if (types.isNativeError(thrown)) return thrown
  return new Error('A guard met something that was thrown and is no error.', { cause: thrown })
}

/**
 * Refuses a guard that is called as if it answered with a promise: nobody would wait for it.
 *
 * @throws {ConfigurationError} `option_invalid`
 */
export function requireNext(next: unknown): void {
  if (typeof next === 'function') return
  throw new ConfigurationError(
    'option_invalid',
    'A guard was called without the function with which the request goes on. Give the framework ' +
      'the guard itself, or call it with the request, the answer and that function.',
  )
}

/**
 * Warns the operator of the first mistake in the program that it is shown, and answers whether it did.
 *
 * @param unresolved - what else to do in this framework about a route without the tenant parameter
 */
export function createWarning(
  unresolved?: string,
): (error: unknown, route?: string | undefined) => boolean {
  let hasWarned = false
  return (error, route) => {
    if (hasWarned || !isTenantryError(error) || error.status !== 500) return false
    hasWarned = true
    const { code, message } = error
    const more = code === 'tenant_unresolved' ? unresolved : undefined
    const where = route === undefined ? undefined : `Seen on ${route}.`
    const text = [message, more, where].filter((part) => part !== undefined).join(' ')
    process.emitWarning(text, { type: 'TenantryWarning', code })
    return true
  }
}

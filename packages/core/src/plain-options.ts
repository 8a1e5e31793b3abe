/** Options as a plain object that was read once: what is checked is what is used. */
import { ConfigurationError } from './errors.ts'

/**
 * Copies the own members of an options object. An object that has its members from elsewhere, such
 * as an instance of a class, is refused: a check that is not seen would be a check that is off.
 *
 * @param what - what it is, for the message: `The options`
 * @throws {ConfigurationError} `option_invalid`
 */
export function copyPlain(given: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ConfigurationError('option_invalid', `${what} must be an object.`)
  }
  const copy: Record<string, unknown> = Object.create(null)
  for (const name of Reflect.ownKeys(given)) {
    if (typeof name === 'symbol' || !Object.prototype.propertyIsEnumerable.call(given, name)) {
      throw notPlain(what)
    }
    copy[name] = Reflect.get(given, name)
  }
  if (!isPlain(Object.getPrototypeOf(given))) throw notPlain(what)
  return copy
}

/** The prototype of an object literal, of whatever realm, or none. */
function isPlain(prototype: object | null): boolean {
  if (prototype === null) return true
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

function notPlain(what: string): ConfigurationError {
  return new ConfigurationError(
    'option_invalid',
    `${what} must be a plain object: write { ...yours } if the members come from a class or from ` +
      'another object.',
  )
}

/** What a function may answer with at once: anything but a promise. */
export type AnswerAtOnce =
  | (object & { readonly then?: never })
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined

/**
 * Refuses an answer that has yet to come. Whatever becomes of it, nobody is left waiting for it.
 *
 * @throws {ConfigurationError} `option_invalid`
 */
export function requireAtOnce(option: string, answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return
  if (typeof Reflect.get(answer, 'then') !== 'function') return
  Promise.resolve(answer).catch(() => undefined)
  throw new ConfigurationError(
    'option_invalid',
    `Option "${option}" must answer at once: not with a promise.`,
  )
}

/** What comes from the program, as plain objects that are read once. */
import { refuse } from './refuse.ts'

export type Plain = Record<string, unknown>

export function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Values of BSON, such as an ObjectId, are values and not objects with members. */
export function isBsonValue(value: object): boolean {
  return (
    typeof Reflect.get(value, '_bsontype') === 'string' ||
    value instanceof Date ||
    value instanceof RegExp ||
    ArrayBuffer.isView(value)
  )
}

/**
 * A copy of the top level of a filter, a document, an update or a stage, in the form in which BSON
 * would write it: what `toBSON` makes of it, and the entries of a Map.
 */
export function toPlain(value: unknown, what: string): Plain {
  let plain: unknown = value
  if (isObject(plain) && typeof plain['toBSON'] === 'function') {
    plain = Reflect.apply(plain['toBSON'], plain, [])
  }
  if (plain instanceof Map) plain = Object.fromEntries(plain)
  if (!isObject(plain) || isBsonValue(plain)) refuse(`${what} is no plain object`)
  const own: Plain = { ...plain }
  // BSON would ask it once more, and write its answer in the place of what was looked at.
  if (typeof own['toBSON'] === 'function') refuse(`${what} has a toBSON of its own`)
  return own
}

/** A copy as a plain list: a subclass could answer `map` with something else. */
export function toList(value: unknown, otherwise: string): unknown[] {
  if (!Array.isArray(value)) refuse(otherwise)
  return Array.from<unknown>(value)
}

/** What BSON writes for a value: what its `toBSON` answers, asked until it has none. */
export function asWritten(value: unknown, asked = 0): unknown {
  if (typeof value !== 'object' || value === null || isBsonValue(value)) return value
  const toBSON: unknown = Reflect.get(value, 'toBSON')
  if (typeof toBSON !== 'function') return value
  if (asked > 9) refuse('a value that does not say what is written')
  const written: unknown = Reflect.apply(toBSON, value, [])
  return written === value ? value : asWritten(written, asked + 1)
}

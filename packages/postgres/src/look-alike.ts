/** An object that passes for another one, and has only those of its members that were let through. */
import { callRefused } from './refuse.ts'

/** What stands for a member: a value, or a function that is asked on each read. */
export type Members = ReadonlyMap<PropertyKey, () => unknown>

/**
 * Looks like `real`, also to `instanceof`. A function of `real` that is not among the members throws when
 * it is called: a method that a later version brings is refused until somebody has judged it.
 */
export function lookAlike(real: object, what: string, members: Members): object {
  const target: object = Object.create(null)
  return new Proxy(target, {
    getPrototypeOf: () => Reflect.getPrototypeOf(real),
    has: (_, name) => members.has(name),
    get(_, name) {
      const member = members.get(name)
      if (member !== undefined) return member()
      if (typeof name === 'symbol' || !isMethod(real, name)) return undefined
      if (name === 'constructor') return real.constructor
      return () => {
        throw callRefused(`${what}.${name} cannot be kept inside of a tenant and is refused.`)
      }
    },
    set(_, name) {
      throw callRefused(`${what}.${String(name)} cannot be set.`)
    },
    setPrototypeOf: () => false,
    defineProperty() {
      throw callRefused(`Nothing can be defined on ${what}.`)
    },
  })
}

/** Looked at without a call of any getter: they may warn, or do more. */
function isMethod(real: object, name: string): boolean {
  for (let at: object | null = real; at !== null; at = Reflect.getPrototypeOf(at)) {
    const own = Reflect.getOwnPropertyDescriptor(at, name)
    if (own !== undefined) return typeof own.value === 'function'
  }
  return false
}

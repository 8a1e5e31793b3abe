/** A filter that finds in the scope only: it can become narrower, and never wider. */
import type { Scope } from './declaration.ts'
import { type Plain, toPlain } from './plain.ts'
import { refuse } from './refuse.ts'
import { isSameValue } from './scope-value.ts'
import { refuseServerCode } from './server-code.ts'

/** What MongoDB has at the top of a filter; what it gets next year is refused until it is known. */
const topLevel = new Set([
  '$and',
  '$or',
  '$nor',
  '$expr',
  '$text',
  '$comment',
  '$jsonSchema',
  '$sampleRate',
  '$alwaysTrue',
  '$alwaysFalse',
])

export function scopeFilter(filter: unknown, scope: Scope): Plain {
  const own = filter === undefined || filter === null ? {} : toPlain(filter, 'the filter')
  refuseServerCode(own)
  for (const name of Object.keys(own)) {
    if (name.startsWith('$') && !topLevel.has(name)) refuse(`${name} in a filter`)
  }
  const scoped: Plain = Object.fromEntries(scope.entries)
  const isNarrower = scope.entries.some(
    ([name, value]) => Object.hasOwn(own, name) && !isSameValue(own[name], value),
  )
  // At the top where possible: an upsert takes its values from there, and `$text` has to be there.
  if (!isNarrower) return { ...own, ...scoped }
  const both = own['$text'] === undefined ? scoped : { ...scoped, $text: own['$text'] }
  if ('$text' in own) delete own['$text']
  return { ...both, $and: [own] }
}

/** Whether a filter says at its top that it looks for documents of somebody else. */
export function isForeign(filter: unknown, scope: Scope): boolean {
  if (filter === undefined || filter === null) return false
  const own = toPlain(filter, 'the filter')
  return scope.entries.some(
    ([name, value]) => Object.hasOwn(own, name) && !isSameValue(own[name], value),
  )
}

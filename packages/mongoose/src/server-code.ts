/** Code that the server would run, and numbers about the documents of everybody. */
import { asWritten, isBsonValue } from './plain.ts'
import { refuse } from './refuse.ts'

const code = new Set(['$where', '$function', '$accumulator'])
/** How many documents have a word, and how many there have ever been. */
const counting: ReadonlySet<unknown> = new Set(['searchScoreDetails', 'recordId'])
/** MongoDB itself takes no document that is nested deeper. */
const deepest = 200

/** Looks through a filter, a stage or an expression. */
export function refuseServerCode(value: unknown, depth = 0): void {
  if (typeof value === 'function') refuse('code that the server would run')
  if (typeof value === 'string' && value.startsWith('$$SEARCH_META')) {
    refuse('$$SEARCH_META, which counts for all tenants')
  }
  if (typeof value !== 'object' || value === null) return
  if (depth > deepest) refuse('a query that is nested too deeply')
  if (Reflect.get(value, '_bsontype') === 'Code') refuse('code that the server would run')
  if (isBsonValue(value)) return
  const written = asWritten(value)
  if (written !== value) {
    refuseServerCode(written, depth + 1)
    return
  }
  if (Array.isArray(value)) {
    for (const element of value) refuseServerCode(element, depth + 1)
    return
  }
  const entries = value instanceof Map ? value.entries() : Object.entries(value)
  for (const [name, member] of entries) {
    if (code.has(name)) refuse(`${name}, code that the server would run`)
    if (name === '$meta' && counting.has(member))
      refuse(`$meta ${member}, which counts for all tenants`)
    refuseServerCode(member, depth + 1)
  }
}

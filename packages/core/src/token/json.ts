/**
 * JSON as a security decision reads it: no member twice, no prototype, no broken Unicode, nothing
 * that can be changed afterwards. Used for headers, for claims and for JWK Sets.
 */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** A frozen JSON object without a prototype: `constructor` is only there when the JSON says so. */
export interface JsonObject {
  readonly [member: string]: JsonValue
}

export type JsonFault = 'syntax' | 'duplicate_member' | 'too_deep' | 'number_range' | 'unicode'

/** Objects and arrays may be nested this deep; the outermost object is the first level. */
const MAX_DEPTH = 32

const noNames: ReadonlySet<string> = new Set()

/**
 * Parses the text of one JSON object. Answers the object, or the name of what is wrong with it.
 *
 * A number that no double can hold is a fault, except as a member of the outermost object that
 * `infinite` names: time claims have an error of their own for it.
 */
export function parseJsonObject(
  text: string,
  infinite: ReadonlySet<string> = noNames,
): JsonObject | JsonFault {
  const members = countMembers(text)
  if (typeof members === 'string') return members
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The engine's message quotes the text, so it goes no further.
    return 'syntax'
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'syntax'
  // A raw surrogate cannot come out of valid UTF-8, only out of an escape.
  const copy = new Copy(text.includes('\\u'))
  const object = copy.object(parsed, infinite)
  if (copy.fault !== undefined) return copy.fault
  // RFC 7515 section 4 and RFC 7519 section 4 let a parser refuse a repeated name or keep the last
  // one. JSON.parse keeps the last; another parser of the same token may not, so it is refused.
  return copy.members === members ? object : 'duplicate_member'
}

/** Counts the members in the text of every object together, and watches the depth. */
function countMembers(text: string): number | JsonFault {
  let members = 0
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22 /* " */:
        index = endOfString(text, index)
        break
      case 0x3a /* : */:
        members++
        break
      case 0x7b /* { */:
      case 0x5b /* [ */:
        if (++depth > MAX_DEPTH) return 'too_deep'
        break
      case 0x7d /* } */:
      case 0x5d /* ] */:
        depth--
    }
  }
  return members
}

/** Where the string that opens at `start` closes; the end of the text when it never does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
  return text.length
}

/** Copies what JSON.parse made into frozen values without prototypes, and counts as it goes. */
class Copy {
  members = 0
  fault: JsonFault | undefined
  readonly #escapes: boolean

  constructor(escapes: boolean) {
    this.#escapes = escapes
  }

  object(source: object, infinite: ReadonlySet<string>): JsonObject {
    const target: Record<string, JsonValue> = Object.create(null)
    for (const [name, value] of Object.entries(source)) {
      this.members++
      this.#text(name)
      target[name] = typeof value === 'number' && infinite.has(name) ? value : this.#value(value)
    }
    return Object.freeze(target)
  }

  #value(value: unknown): JsonValue {
    switch (typeof value) {
      case 'string':
        this.#text(value)
        return value
      case 'number':
        if (!Number.isFinite(value)) this.fault = 'number_range'
        return value
      case 'boolean':
        return value
      default:
        if (value === null) return null
        return Array.isArray(value)
          ? Object.freeze(value.map((item) => this.#value(item)))
          : this.object(value as object, noNames)
    }
  }

  /** RFC 7493 section 2.1: two different broken strings become the same one when they are stored. */
  #text(text: string): void {
    if (this.#escapes && !text.isWellFormed()) this.fault = 'unicode'
  }
}

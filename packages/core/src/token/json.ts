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

/** An object as JSON.parse made it, checked, and without a prototype itself. What is in it has one. */
export interface ParsedObject {
  readonly [member: string]: unknown
}

/** Parses the text of one JSON object. Answers the object, or the name of what is wrong with it. */
export function parseJsonObject(text: string): JsonObject | JsonFault {
  const parsed = checkJsonObject(text)
  return typeof parsed === 'string' ? parsed : freezeJson(parsed)
}

/**
 * The same, without the copy that cannot be changed: for what is read at once and kept to itself.
 *
 * A number that no double can hold is a fault, except as a member of the outermost object that
 * `infinite` names: time claims have an error of their own for it.
 */
export function checkJsonObject(
  text: string,
  infinite: ReadonlySet<string> = noNames,
): ParsedObject | JsonFault {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The engine's message quotes the text, so it goes no further.
    parsed = undefined
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    const members = countMembers(text)
    return typeof members === 'string' ? members : 'syntax'
  }
  const object = parsed as ParsedObject
  if (fewestCharacters(object, 1) !== text.length) {
    const fault = findFault(text, object, infinite)
    if (fault !== undefined) return fault
  }
  return Object.setPrototypeOf(object, null) as ParsedObject
}

const hasOwn = Object.prototype.hasOwnProperty

/**
 * The length of the shortest text that this value can come from, or less. A text that is no longer
 * than that has nothing in it that is not in the value: no member twice, no blank, no escape, no
 * number out of range. Nearly every token is such a text, and then nothing else has to be looked at.
 */
function fewestCharacters(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value === 'number') return fewestDigits(value)
  if (value === null || value === true) return 4
  if (value === false) return 5
  // Too deep. No text is as short as that.
  if (depth > MAX_DEPTH) return 0
  // The opening bracket; the closing one stands for the last comma.
  let characters = 1
  if (Array.isArray(value)) {
    for (const item of value) characters += fewestCharacters(item, depth + 1) + 1
  } else {
    const object = value as ParsedObject
    // The fastest way over own members; what somebody put on Object.prototype is none.
    for (const name in object) {
      if (!hasOwn.call(object, name)) continue
      characters += name.length + 3 + fewestCharacters(object[name], depth + 1) + 1
    }
  }
  return Math.max(2, characters)
}

/** Digits of an integer. Of one that an exponent may make shorter, as of any other number, fewer. */
function fewestDigits(value: number): number {
  if (!Number.isSafeInteger(value) || value % 1000 === 0) return 1
  let digits = value < 0 ? 2 : 1
  // Powers of ten are exact, as quotients are not.
  for (let limit = 10; limit <= Math.abs(value); limit *= 10) digits++
  return digits
}

/** What is wrong with an object that was parsed from this text, by a look at all of it. */
function findFault(
  text: string,
  parsed: ParsedObject,
  infinite: ReadonlySet<string>,
): JsonFault | undefined {
  const members = countMembers(text)
  if (typeof members === 'string') return members
  // A raw surrogate cannot come out of valid UTF-8, only out of an escape.
  const check = new Check(text.includes('\\u'))
  check.object(parsed, infinite)
  if (check.fault !== undefined) return check.fault
  // RFC 7515 section 4 and RFC 7519 section 4 let a parser refuse a repeated name or keep the last
  // one. JSON.parse keeps the last; another parser of the same token may not, so it is refused.
  return check.members === members ? undefined : 'duplicate_member'
}

/** A frozen copy in which no object has a prototype. */
export function freezeJson(parsed: ParsedObject): JsonObject {
  const target: Record<string, JsonValue> = Object.create(null)
  for (const [name, value] of Object.entries(parsed)) target[name] = freezeValue(value)
  return Object.freeze(target)
}

function freezeValue(value: unknown): JsonValue {
  if (Array.isArray(value)) return Object.freeze(value.map(freezeValue))
  if (typeof value === 'object' && value !== null) return freezeJson(value as ParsedObject)
  // JSON.parse makes nothing else.
  return value as JsonValue
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

/** Counts the members of what JSON.parse made, and looks for values that are none of JSON's. */
class Check {
  members = 0
  fault: JsonFault | undefined
  readonly #escapes: boolean

  constructor(escapes: boolean) {
    this.#escapes = escapes
  }

  object(parsed: ParsedObject, infinite: ReadonlySet<string>): void {
    for (const name in parsed) {
      if (!hasOwn.call(parsed, name)) continue
      this.members++
      if (this.#escapes) this.#text(name)
      const value = parsed[name]
      if (typeof value !== 'number' || !infinite.has(name)) this.#value(value)
    }
  }

  #value(value: unknown): void {
    if (typeof value === 'string') {
      if (this.#escapes) this.#text(value)
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) this.fault = 'number_range'
    } else if (Array.isArray(value)) {
      for (const item of value) this.#value(item)
    } else if (typeof value === 'object' && value !== null) {
      this.object(value as ParsedObject, noNames)
    }
  }

  /** RFC 7493 section 2.1: two different broken strings become the same one when they are stored. */
  #text(text: string): void {
    if (!text.isWellFormed()) this.fault = 'unicode'
  }
}

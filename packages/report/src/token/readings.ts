/** The members of a token, one by one, each with its meaning. */
import type { JsonObject, JsonValue } from '@tenantry/core'
import { formatDistance, formatInstant, readTimeClaim } from '../text/time.ts'
import { printableValue } from '../text/visible.ts'
import { meaningOfClaim, meaningOfHeader } from './meanings.ts'

/** One member of the header or of the claims. */
export interface Reading {
  readonly name: string
  readonly value: JsonValue
  /** The value on one line, safe to print; a time in words. */
  readonly words: string
  /** Undefined for a member that is nobody's but the issuer's. */
  readonly meaning: string | undefined
}

const times: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat', 'auth_time'])

/** Every claim, in the order of the token. */
export function readClaims(claims: JsonObject, now: Date): readonly Reading[] {
  return Object.entries(claims).map(([name, value]) => ({
    name,
    value,
    words: times.has(name) ? timeWords(value, now) : printableValue(value),
    meaning: meaningOfClaim(name),
  }))
}

/** Every member of the header, in the order of the token. */
export function readHeader(header: JsonObject): readonly Reading[] {
  return Object.entries(header).map(([name, value]) => ({
    name,
    value,
    words: printableValue(value),
    meaning: meaningOfHeader(name),
  }))
}

function timeWords(value: JsonValue, now: Date): string {
  const time = readTimeClaim(value)
  return time === undefined
    ? printableValue(value)
    : `${formatInstant(time)}  ${formatDistance(time, now)}`
}

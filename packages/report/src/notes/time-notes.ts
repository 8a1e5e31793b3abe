/** Notes on the times of a token. */
import type { JsonObject } from '@tenantry/core'
import { type Life, lifeOf } from '../life.ts'
import { formatInstant, formatLength, readMilliseconds, readTimeClaim } from '../text/time.ts'
import { type Note, note } from './note.ts'
import type { NotedToken } from './noted-token.ts'

const timeClaims = ['exp', 'nbf', 'iat'] as const
const DAY = 86_400
/** The shortest month. */
const MONTH = 28 * DAY
/** By how much clocks may differ: what a verifier allows when nothing is said. */
const TOLERANCE = 5

/** When the token counts. */
export function timeNotes({ decoded: { claims }, now }: NotedToken): readonly Note[] {
  const life = lifeOf(claims, now)
  return [...unreadable(claims), ...present(claims, life, now), ...lengthNotes(claims, life, now)]
}

function unreadable(claims: JsonObject): readonly Note[] {
  return timeClaims.flatMap((name) => {
    const claim = claims[name]
    if (claim === undefined || readTimeClaim(claim) !== undefined) return []
    const meant = readMilliseconds(claim)
    if (meant === undefined || typeof claim !== 'number') {
      return [note('time_invalid', `${name} is no time in seconds since 1970.`)]
    }
    // A year of the Gregorian calendar, on average.
    const year = 1970 + Math.floor(claim / 31_556_952)
    return [
      note(
        'milliseconds',
        `${name} is in milliseconds: it means ${formatInstant(meant)}, and reads as the year ${year}.`,
      ),
    ]
  })
}

function present(claims: JsonObject, { state, issued, starts, expires }: Life, now: Date): Note[] {
  const notes: Note[] = []
  if (state === 'endless') {
    notes.push(note('no_expiry', 'The token never expires (no exp): a verifier refuses it.'))
  }
  if (state === 'expired' && expires !== undefined) {
    notes.push(note('expired', `The token expired ${expires.relative}.`))
  }
  if (starts !== undefined && starts.time > now) {
    notes.push(note('not_yet_valid', `The token does not count yet: it starts ${starts.relative}.`))
  }
  if (issued !== undefined && issued.time.getTime() > now.getTime() + TOLERANCE * 1000) {
    notes.push(note('issued_in_future', `The token says that it is issued ${issued.relative}.`))
  }
  if (claims['iat'] === undefined) {
    notes.push(note('no_issued_at', 'The token does not say when it was issued (no iat).'))
  }
  return notes
}

function lengthNotes(claims: JsonObject, life: Life, now: Date): readonly Note[] {
  const { expires, issued, starts } = life
  if (expires === undefined) return []
  // Without iat, as long as it is good from now on.
  const from = issued ?? (claims['iat'] === undefined ? starts : undefined)
  const begin = from?.time ?? now
  const seconds = (expires.time.getTime() - begin.getTime()) / 1000
  const id = seconds >= MONTH ? 'life_of_months' : seconds > DAY ? 'life_of_days' : undefined
  if (id === undefined) return []
  const months = Math.floor(seconds / (30 * DAY))
  const roughly = months >= 2 && months < 24 ? ` (${months} months)` : ''
  return [
    note(
      id,
      `The token lives for ${formatLength(seconds)}${roughly}: a role that is taken away still counts until then.`,
    ),
  ]
}

/** Points in time on the command line. */

import { usageFailure } from '../failure.ts'
import { quoteTyped } from './no-secret.ts'

/** The flag of every command that looks at the clock. */
export const timeOptions = {
  at: { type: 'string', value: 'TIME', summary: 'Pretend that it is this time: 2026-11-20T16:00Z' },
} as const

const iso =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i

/**
 * A date, a date with a time (UTC unless it says otherwise), or seconds since 1970.
 *
 * @throws {CliFailure} when it is none of them
 */
export function readInstant(flag: string, text: string): Date {
  const time = /^\d{1,11}$/.test(text) ? new Date(Number(text) * 1000) : readIso(text)
  if (time !== undefined && !Number.isNaN(time.getTime())) return time
  throw usageFailure(
    `${flag} is no time: ${quoteTyped(text)}.`,
    'Write 2026-11-20, 2026-11-20T16:04:11Z or seconds since 1970.',
  )
}

function readIso(text: string): Date | undefined {
  const [, day, clock = '00:00', zone = 'Z'] = iso.exec(text) ?? []
  if (day === undefined) return undefined
  // JavaScript reads February 30 as March 2, and midnight as 24:00.
  const midnight = new Date(`${day}T00:00:00Z`)
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
  return exists ? new Date(`${day}T${clock}${zone.toUpperCase()}`) : undefined
}

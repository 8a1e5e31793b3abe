/** Times and lengths of time for people: UTC, and how far away. */

/** `2026-11-20 16:04:11Z`. */
export function formatInstant(time: Date): string {
  return time
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
}

const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_557_600],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

// What only reads a token does not wait for it.
const format = /* @__PURE__ */ new Intl.RelativeTimeFormat('en')

/** `in 12 minutes`, `3 days ago`: whole units, rounded towards now. */
export function formatDistance(time: Date, now: Date): string {
  const seconds = Math.trunc((time.getTime() - now.getTime()) / 1000)
  if (seconds === 0) return 'now'
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1]
  return format.format(Math.trunc(seconds / size), unit)
}

/** No time in seconds is above it: 5138-11-16, and in milliseconds 1973-03-03. The same as core's. */
const LARGEST_SECONDS = 1e11

/** A time claim as a Date; undefined for what is no time in seconds since 1970. */
export function readTimeClaim(claim: unknown): Date | undefined {
  const isSeconds = typeof claim === 'number' && Math.abs(claim) <= LARGEST_SECONDS
  return isSeconds ? new Date(claim * 1000) : undefined
}

/** A length of time: `5 minutes`, `1 hour 30 minutes`, `30 days`. At most two units; the rest is left out. */
export function formatLength(seconds: number): string {
  const parts: string[] = []
  let rest = Math.floor(Math.abs(seconds))
  for (const [unit, size] of [...units, ['second', 1] as const]) {
    const amount = Math.floor(rest / size)
    rest -= amount * size
    if (amount > 0) parts.push(`${amount} ${unit}${amount === 1 ? '' : 's'}`)
    // A unit that is skipped ends it: nobody says "1 day 5 seconds".
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ')
}

/** The time that a claim in milliseconds means; undefined for a claim that is not in them. */
export function readMilliseconds(claim: unknown): Date | undefined {
  const isMilliseconds =
    typeof claim === 'number' && claim > LARGEST_SECONDS && claim < LARGEST_SECONDS * 1000
  return isMilliseconds && claim < 8.64e15 ? new Date(claim) : undefined
}

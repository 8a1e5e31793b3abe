/** Times for people: UTC, and how far away. */

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

const format = new Intl.RelativeTimeFormat('en')

/** `in 12 minutes`, `3 days ago`: whole units, rounded towards now. */
export function formatDistance(time: Date, now: Date): string {
  const seconds = Math.trunc((time.getTime() - now.getTime()) / 1000)
  if (seconds === 0) return 'now'
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1]
  return format.format(Math.trunc(seconds / size), unit)
}

/** A time claim as a Date; undefined for what is no time in seconds since 1970. */
export function readTimeClaim(claim: unknown): Date | undefined {
  // The same limit as core's: what is above it is in milliseconds.
  const isSeconds = typeof claim === 'number' && Math.abs(claim) <= 1e11
  return isSeconds ? new Date(claim * 1000) : undefined
}

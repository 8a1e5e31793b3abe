/** Durations on the command line: `90`, `90s`, `15m`, `2h`, `7d`. */

import { usageFailure } from '../failure.ts'
import { quoteTyped } from './no-secret.ts'

const secondsIn: ReadonlyMap<string | undefined, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
])

/** Seconds. @throws {CliFailure} when it is no duration, or more than `max` seconds */
export function readDuration(flag: string, text: string, max: number = 1e9): number {
  const [, amount, unit = 's'] = /^(\d{1,10}(?:\.\d{1,3})?)([smhd])?$/.exec(text) ?? []
  if (amount === undefined) {
    throw usageFailure(`${flag} is no duration: ${quoteTyped(text)}.`, 'Write 90s, 15m, 2h or 7d.')
  }
  const seconds = Number(amount) * (secondsIn.get(unit) ?? 1)
  if (seconds > max) throw usageFailure(`${flag} is at most ${max} seconds.`)
  return seconds
}

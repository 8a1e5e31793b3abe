/** Clock: this machine against the server. */
import type { Observation } from '../jwks/observe.ts'
import { type Finding, fail, none, ok, warn } from './check.ts'

/** The default tolerance of a verifier, and the largest; seconds. */
const TOLERANCE = 5
const LARGEST_TOLERANCE = 60

/** D40. */
export function checkClock({ response }: Observation): readonly Finding[] {
  if (response === undefined) return []
  const date = new Date(response.headers.get('date') ?? Number.NaN)
  if (Number.isNaN(date.getTime())) return [none('D40', 'the server says no Date')]
  // Dates are cut off to whole seconds, and it took some time to get here.
  const sent = response.receivedAt.getTime() - response.latency / 2
  const skew = (sent - (date.getTime() + 500)) / 1000
  const distance = Math.max(0, Math.abs(skew) - 0.5)
  const seconds = `${distance.toFixed(1)} s`
  if (distance <= TOLERANCE) return [ok('D40', `${seconds} against the Date of the server`)]
  const detail = `this machine is ${seconds} ${skew > 0 ? 'ahead of' : 'behind'} the server`
  const fix = 'set the clock, with NTP: expiry is judged by it'
  return [distance > LARGEST_TOLERANCE ? fail('D40', detail, fix) : warn('D40', detail, fix)]
}

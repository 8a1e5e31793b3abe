/** When a token counts: its times, and how much of its life is over. */
import type { JsonObject } from '@tenantry/core'
import { formatDistance, formatInstant, formatLength, readTimeClaim } from './text/time.ts'

/** A point in time. */
export interface Moment {
  readonly time: Date
  /** `2026-11-20 16:00:00Z`. */
  readonly utc: string
  /** `in 12 minutes`. */
  readonly relative: string
}

/**
 * `endless`: it never expires. `unreadable`: `exp` is there and is no time in seconds, or an
 * earlier time is not. Neither is accepted by a verifier.
 */
export type LifeState = 'not_yet' | 'running' | 'expired' | 'endless' | 'unreadable'

/** The life of a token at one point in time. */
export interface Life {
  readonly state: LifeState
  /** `iat`. */
  readonly issued: Moment | undefined
  /** `nbf`. */
  readonly starts: Moment | undefined
  /** `exp`. */
  readonly expires: Moment | undefined
  /** Seconds from `iat` to `exp`. */
  readonly length: number | undefined
  /** `1 hour`. */
  readonly lengthInWords: string | undefined
  /** How much of it is over: from 0 to 1. */
  readonly progress: number | undefined
}

/** The life of a token as it is at `now`. A verifier gives it a few seconds more, for its clock. */
export function lifeOf(claims: JsonObject, now: Date): Life {
  const issued = momentOf(claims['iat'], now)
  const starts = momentOf(claims['nbf'], now)
  const expires = momentOf(claims['exp'], now)
  const length =
    issued === undefined || expires === undefined
      ? undefined
      : Math.floor((expires.time.getTime() - issued.time.getTime()) / 1000)
  return {
    state: stateOf(claims, { starts, expires }, now),
    issued,
    starts,
    expires,
    length,
    lengthInWords: length === undefined || length <= 0 ? undefined : formatLength(length),
    progress: progressOf(issued, length, now),
  }
}

function momentOf(claim: unknown, now: Date): Moment | undefined {
  const time = readTimeClaim(claim)
  if (time === undefined || Number.isNaN(time.getTime())) return undefined
  return { time, utc: formatInstant(time), relative: formatDistance(time, now) }
}

function stateOf(
  claims: JsonObject,
  { starts, expires }: Pick<Life, 'starts' | 'expires'>,
  now: Date,
): LifeState {
  if (claims['exp'] === undefined) return 'endless'
  if (expires === undefined) return 'unreadable'
  if (claims['nbf'] !== undefined && starts === undefined) return 'unreadable'
  if (expires.time <= now) return 'expired'
  return starts !== undefined && starts.time > now ? 'not_yet' : 'running'
}

function progressOf(
  issued: Moment | undefined,
  length: number | undefined,
  now: Date,
): number | undefined {
  if (issued === undefined || length === undefined || length <= 0) return undefined
  const over = (now.getTime() - issued.time.getTime()) / 1000 / length
  return Math.min(1, Math.max(0, over))
}

const words: Readonly<Record<LifeState, string>> = {
  not_yet: 'not yet',
  running: 'not expired',
  expired: 'expired',
  endless: 'never expires',
  unreadable: 'cannot be read',
}

/** The state in words. Whether the token is valid is another question. */
export function lifeInWords({ state }: Life): string {
  return words[state]
}

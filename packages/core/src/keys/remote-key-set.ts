/**
 * Keys from a JWKS URL (RFC 7517 section 5), kept fresh without trusting the endpoint to be well:
 * one fetch at a time, at most one per cooldown whatever tokens arrive, and the last good set for a
 * while when the endpoint is down. A set is replaced whole or not at all.
 */
import type { Algorithm } from '../crypto/algorithms.ts'
import { UnavailableError } from '../errors.ts'
import { jwksChannel } from '../events.ts'
import { fetchJwks, type JwksFetch } from './fetch-jwks.ts'
import { createKeySet, type KeySet } from './key-set.ts'
import type { KeySource } from './key-source.ts'
import { isFault, type VerificationKey, vetJwk } from './vet-jwk.ts'

/** How a JWKS URL is fetched and for how long its keys are used. Durations are seconds. */
export interface RemoteKeySettings {
  readonly ttl: number
  readonly cooldown: number
  readonly timeout: number
  readonly staleFor: number
  readonly maxBytes: number
  readonly fetch: JwksFetch
}

/** A run of failures makes the pause between tries grow up to this many cooldowns. */
const LONGEST_PAUSE = 10

export function remoteKeySource(
  url: string,
  algorithms: readonly Algorithm[],
  settings: RemoteKeySettings,
): KeySource {
  const { ttl, cooldown, staleFor } = settings
  let keys: KeySet = createKeySet([])
  let text: string | undefined
  let generation = 0
  let failures = 0
  let lastSuccess = Number.NEGATIVE_INFINITY
  /** A failure holds back every fetch until then. */
  let nextTry = Number.NEGATIVE_INFINITY
  /** A token that names an unknown key is no reason for a fetch until then. */
  let nextRenewal = Number.NEGATIVE_INFINITY
  let inFlight: Promise<void> | undefined
  let underWay: AbortController | undefined
  let closed = false
  /** Whether it was said that stale keys are in use since the last failure. */
  let staleAnnounced = false
  let lastError: unknown

  // The age of a set is measured on a clock that nobody can set back.
  const now = (): number => performance.now() / 1000
  const isFresh = (): boolean => now() - lastSuccess < ttl

  /** The last good set, for as long as it may stand in for one that cannot be had. */
  function staleKeys(): KeySet | undefined {
    if (now() - lastSuccess >= staleFor) return undefined
    if (!staleAnnounced) publish('stale')
    staleAnnounced = true
    return keys
  }

  /** Starts a fetch unless one is under way or the pause is not over; resolves when it is settled. */
  function refresh(): Promise<void> | undefined {
    if (inFlight !== undefined || closed || now() < nextTry) return inFlight
    // Not before it is noted: a `fetch` that asks this verifier finds the one that is under way.
    inFlight = Promise.resolve()
      .then(fetchOnce)
      .finally(() => {
        inFlight = undefined
      })
    return inFlight
  }

  async function fetchOnce(): Promise<void> {
    underWay = new AbortController()
    try {
      accept(await fetchJwks(url, settings, underWay))
      failures = 0
      lastSuccess = now()
      publish('refreshed')
    } catch (error) {
      const reason = reasonOf(error)
      lastError = new Error(`No keys from ${url}: ${reason}`, { cause: error })
      failures++
      nextTry = now() + pause()
      staleAnnounced = false
      publish('failed', reason)
    } finally {
      nextRenewal = now() + cooldown
    }
  }

  /** One cooldown after the first failure, then twice as long each time, spread out by a quarter. */
  function pause(): number {
    const cooldowns = 2 ** (failures - 1) * (1 + Math.random() / 4)
    return cooldown * Math.min(cooldowns, LONGEST_PAUSE)
  }

  function accept(answer: { text: string; keys: readonly unknown[] }): void {
    // The same answer is the same set: what was verified with it stays verified.
    if (answer.text === text) return
    const usable = vetAll(answer.keys)
    if (usable.length === 0) {
      // This is an answer: the keys of before are gone, and not kept for an outage.
      replace([], undefined)
      lastSuccess = Number.NEGATIVE_INFINITY
      throw new Error('the endpoint publishes no key that can be used')
    }
    replace(usable, answer.text)
  }

  function replace(usable: readonly VerificationKey[], source: string | undefined): void {
    keys = createKeySet(usable)
    text = source
    generation++
  }

  function vetAll(jwks: readonly unknown[]): VerificationKey[] {
    const vetted: VerificationKey[] = []
    const times = new Map<string, number>()
    for (const jwk of jwks) {
      const key = vetJwk(jwk, algorithms, false)
      if (isFault(key)) {
        publish('key_skipped', key.reason)
        continue
      }
      vetted.push(key)
      if (key.kid !== undefined) times.set(key.kid, (times.get(key.kid) ?? 0) + 1)
    }
    // RFC 7517 section 4.5: names should be distinct. Which of two is meant cannot be known.
    return vetted.filter((key) => {
      const distinct = key.kid === undefined || times.get(key.kid) === 1
      if (!distinct) publish('key_skipped', 'another key of the set has the same kid')
      return distinct
    })
  }

  function publish(event: 'refreshed' | 'failed' | 'stale' | 'key_skipped', reason?: string): void {
    if (!jwksChannel.hasSubscribers) return
    jwksChannel.publish({ event, url, generation, ...(reason === undefined ? {} : { reason }) })
  }

  function unavailable(): UnavailableError {
    const retryAfter = Math.max(0, nextTry - now())
    return new UnavailableError('keys_unavailable', { retryAfter, cause: lastError })
  }

  return {
    current() {
      if (isFresh()) return keys
      // Past its time a set is used only while the endpoint is known to be down.
      return now() < nextTry ? staleKeys() : undefined
    },
    async load() {
      if (!isFresh()) await refresh()
      const usable = isFresh() ? keys : staleKeys()
      if (usable === undefined) throw unavailable()
      return usable
    },
    async renew(seen) {
      if (keys !== seen) return keys
      await (now() < nextRenewal ? inFlight : refresh())
      if (keys !== seen) return keys
      // Whether the key exists by now cannot be said: that is not the token's fault.
      if (!isFresh()) throw unavailable()
      return seen
    },
    mayChange() {
      const isDue = now() >= Math.max(nextRenewal, nextTry)
      return inFlight !== undefined || isDue || !isFresh()
    },
    unavailable,
    close() {
      closed = true
      underWay?.abort(new Error('the verifier was closed'))
    },
  }
}

/** The innermost reason: what the platform's `fetch` says of itself is only that it failed. */
function reasonOf(error: unknown): string {
  try {
    let innermost = error
    for (let depth = 0; depth < 8 && innermost instanceof Error; depth++) {
      if (innermost.cause === undefined) return innermost.message
      innermost = innermost.cause
    }
  } catch {
    // An error of somebody else's `fetch` can refuse to be looked at.
  }
  return 'the fetch failed'
}

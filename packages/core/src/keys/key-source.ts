/** Where a verifier gets its keys: given once, or fetched and kept fresh. */
import { UnavailableError } from '../errors.ts'
import type { KeySet } from './key-set.ts'

export interface KeySource {
  /** The keys to use now, or undefined when they have to be loaded first. Never waits. */
  current(): KeySet | undefined
  /**
   * The keys to use now, after loading them where that is due.
   *
   * @throws {UnavailableError} `keys_unavailable`
   */
  load(): Promise<KeySet>
  /**
   * A set that is newer than `seen`, which lacks a key that a token names; `seen` itself when none
   * can be had, or another look is not due yet.
   *
   * @throws {UnavailableError} `keys_unavailable` when `seen` is a stale set that cannot be renewed
   */
  renew(seen: KeySet): Promise<KeySet>
  /** Whether a fetch that is under way or due may bring a key that the set of now lacks. */
  mayChange(): boolean
  /** The error of somebody who cannot wait for the keys. */
  unavailable(): UnavailableError
  close(): void
}

/** Keys that never change. */
export function staticKeySource(keys: KeySet): KeySource {
  const set = Promise.resolve(keys)
  return {
    current: () => keys,
    load: () => set,
    renew: () => set,
    mayChange: () => false,
    unavailable: () => new UnavailableError('keys_unavailable', { retryAfter: 0 }),
    close() {},
  }
}

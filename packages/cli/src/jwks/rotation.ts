/** Which keys are published at the moment. */
import type { PublishableKey } from '../signing/read-key.ts'

/** A set of keys that may change. */
export interface PublishedKeys {
  current(): readonly PublishableKey[]
}

/** All of the keys, for ever. */
export function fixedKeys(keys: readonly PublishableKey[]): PublishedKeys {
  return { current: () => keys }
}

/**
 * One key at a time, round and round; of a single key, each turn makes a successor that nobody can
 * sign with. The one before is gone at once: a verifier has to notice, and to let go.
 *
 * @param seconds - how long a turn takes
 */
export function rotatingKeys(
  keys: readonly PublishableKey[],
  seconds: number,
  successor: (key: PublishableKey) => PublishableKey,
  turned: (key: PublishableKey) => void,
): PublishedKeys {
  let turn = 0
  let shown = keys.slice(0, 1)
  setInterval(() => {
    turn++
    const [before] = shown
    const next = keys.length > 1 ? keys[turn % keys.length] : before && successor(before)
    if (next === undefined) return
    shown = [next]
    turned(next)
  }, seconds * 1000)
  return { current: () => shown }
}

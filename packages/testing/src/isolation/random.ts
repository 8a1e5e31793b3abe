/** Random choices that can be repeated: the same seed makes the same programs. */

/** A whole number from 0 to below `below`. */
export type Random = (below: number) => number

/** The generator `mulberry32`, public domain: 32 bits of state, good enough to choose operations. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

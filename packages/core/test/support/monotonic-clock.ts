/** The clock that the age of a JWK Set is measured on, in the hands of a test. */
import { vi } from 'vitest'

export interface MonotonicClock {
  /** Lets seconds go by. Timers and sockets do not notice. */
  advance(seconds: number): void
}

/** Stops `performance.now` until the mocks are restored. */
export function stopMonotonicClock(): MonotonicClock {
  let milliseconds = 1_000_000
  vi.spyOn(performance, 'now').mockImplementation(() => milliseconds)
  return {
    advance(seconds) {
      milliseconds += seconds * 1000
    },
  }
}

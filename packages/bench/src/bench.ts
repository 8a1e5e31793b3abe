/** What a benchmark is: contenders that do the same, one of them the yardstick. */

/** Somebody who is measured. */
export interface Contender {
  readonly name: string
  /** Does it, and answers with what one operation took: milliseconds, or bytes. Less is better. */
  readonly sample: () => number | Promise<number>
}

/** How good somebody has to be: compared with somebody else, or by itself. */
export type Target =
  | {
      readonly contender: string
      /** Who it is compared with; the yardstick when left out. */
      readonly against?: string
      /** At most so many times as much as the other one. */
      readonly maxRatio: number
    }
  | {
      readonly contender: string
      readonly against?: string
      /** At least so many times as fast as the other one: 0.9 is nine tenths of its speed. */
      readonly minSpeed: number
    }
  | {
      readonly contender: string
      /** Faster than each of these. */
      readonly aheadOf: readonly string[]
    }
  | {
      readonly contender: string
      /** The median is at most this: milliseconds, or bytes. */
      readonly maxMedian: number
    }

/** What the numbers of a bench are, and so how they are printed. */
export type Unit = 'time' | 'requests' | 'bytes'

/** A set of contenders that is ready to run. */
export interface Field {
  readonly contenders: readonly Contender[]
  /** Cleans up when everything is measured. */
  readonly close?: () => void | Promise<void>
}

/** How thorough a run is. */
export interface Pace {
  readonly isQuick: boolean
  /** `wall` is what a user waits for. `processor` can be read on a machine that is busy. */
  readonly clock: 'wall' | 'processor'
}

/** A benchmark. */
export interface Bench {
  /** In the name of its file, and on the command line: `start-up`. */
  readonly name: string
  /** The question it answers, in one sentence. */
  readonly question: string
  /** The contender that the others are compared with. */
  readonly yardstick: string
  readonly targets: readonly Target[]
  /** Milliseconds of one operation when left out. `requests` are the same, printed as a rate. */
  readonly unit?: Unit
  /** How often each contender is measured: in a full run, and in a quick one. */
  readonly rounds: { readonly full: number; readonly quick: number }
  /** Why it cannot be run here, where it cannot: then it is skipped, and that is printed. */
  readonly absence?: () => string | undefined | Promise<string | undefined>
  /** Builds, starts and warms up what is needed. Nothing of it is measured. */
  readonly prepare: (pace: Pace) => Field | Promise<Field>
}

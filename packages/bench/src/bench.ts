/** What a benchmark is: contenders that do the same, one of them the yardstick. */

/** Somebody whose time is taken. */
export interface Contender {
  readonly name: string
  /** Does it once, and answers with the milliseconds that one operation took. */
  readonly sample: () => number | Promise<number>
}

/** How fast somebody has to be. */
export interface Target {
  readonly contender: string
  /** At most so many times the median of the yardstick. */
  readonly maxRatio: number
}

/** A set of contenders that is ready to run. */
export interface Field {
  readonly contenders: readonly Contender[]
  /** Cleans up when everything is measured. */
  readonly close?: () => void | Promise<void>
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
  /** How often each contender is measured: in a full run, and in a quick one. */
  readonly rounds: { readonly full: number; readonly quick: number }
  /** Builds and starts what is needed. Nothing of it is measured. */
  readonly prepare: () => Field | Promise<Field>
}

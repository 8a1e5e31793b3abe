/** What is timed: the same thing many times over, with another input each time. */
import { pick } from '../tokens/material.ts'

export interface Operation {
  /** Does it so many times. Answers how often it came out as it should: each time, or the bench ends. */
  readonly run: (times: number) => number | Promise<number>
}

/** For what answers at once. */
export function repeat<Input>(
  inputs: readonly Input[],
  once: (input: Input) => boolean,
): Operation {
  let next = 0
  return {
    run(times) {
      let good = 0
      for (let count = 0; count < times; count++) if (once(pick(inputs, next++))) good++
      return good
    },
  }
}

/** For what answers with a promise: each one is waited for before the next one begins. */
export function repeatAwaited<Input>(
  inputs: readonly Input[],
  once: (input: Input) => Promise<boolean>,
): Operation {
  let next = 0
  return {
    async run(times) {
      let good = 0
      for (let count = 0; count < times; count++) if (await once(pick(inputs, next++))) good++
      return good
    },
  }
}

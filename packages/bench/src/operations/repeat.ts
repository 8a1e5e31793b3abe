/** What is timed: the same thing many times over, with another input each time. */
export interface Operation {
  /** Does it so many times. Answers how often it came out as it should: each time, or the bench ends. */
  readonly run: (times: number) => number | Promise<number>
  /** Ends what it has open. A process of its own just ends. */
  readonly close?: () => Promise<void>
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
      for (let count = 0; count < times; count++) {
        if (once(at(inputs, next))) good++
        // Not a division: it would take as long as what is measured in decide.ts.
        next = next + 1 === inputs.length ? 0 : next + 1
      }
      return good
    },
  }
}

/** For what answers with a promise: each one is waited for, once, before the next one begins. */
export function repeatAwaited<Input, Result>(
  inputs: readonly Input[],
  once: (input: Input) => Promise<Result>,
  isGood: (result: Result, input: Input) => boolean,
): Operation {
  let next = 0
  return {
    async run(times) {
      let good = 0
      for (let count = 0; count < times; count++) {
        const input = at(inputs, next)
        // Not by way of a function that waits too: the caller of a library waits once.
        if (isGood(await once(input), input)) good++
        next = next + 1 === inputs.length ? 0 : next + 1
      }
      return good
    },
  }
}

function at<Input>(inputs: readonly Input[], index: number): Input {
  const input = inputs[index]
  if (input === undefined) throw new Error('There is nothing to do it with.')
  return input
}

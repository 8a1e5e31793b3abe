/** Takes the times of the contenders, one after the other, again and again. */
import type { Bench, Contender, Target } from './bench.ts'

/** The times of one contender. */
export interface Measurement {
  readonly name: string
  /** Milliseconds, in the order of the rounds. */
  readonly samples: readonly number[]
  readonly median: number
  /** How many times as long as the yardstick: the median over the rounds. */
  readonly ratio: number
}

/** Whether somebody was as fast as they have to be. */
export interface Verdict extends Target {
  readonly ratio: number
  readonly isHeld: boolean
}

/** What came of a benchmark. */
export interface Outcome {
  readonly name: string
  readonly question: string
  readonly yardstick: string
  readonly rounds: number
  readonly measurements: readonly Measurement[]
  readonly verdicts: readonly Verdict[]
}

/**
 * Runs a benchmark. Contenders take turns, and a round begins with another one each time, so that
 * what else the machine does hits all of them alike. The ratio is taken in each round, between
 * samples that are neighbours in time. The first round warms up and does not count.
 */
export async function measure(bench: Bench, rounds: number): Promise<Outcome> {
  const { name, question, yardstick, targets, prepare } = bench
  const { contenders, close } = await prepare()
  try {
    const samples = await takeTurns(contenders, rounds)
    const base = samples.get(yardstick)
    if (base === undefined) throw new Error(`The bench ${name} has no contender ${yardstick}.`)
    const measurements = contenders.map((contender) =>
      summarize(contender.name, samples.get(contender.name) ?? [], base),
    )
    const verdicts = targets.map((target) => judge(target, measurements, name))
    return { name, question, yardstick, rounds, measurements, verdicts }
  } finally {
    await close?.()
  }
}

async function takeTurns(
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    const first = round % contenders.length
    for (const { name, sample } of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const time = await sample()
      if (round > 0) samples.get(name)?.push(time)
    }
  }
  return samples
}

function summarize(name: string, samples: readonly number[], base: readonly number[]): Measurement {
  const ratios = samples.map((time, round) => time / (base[round] ?? Number.NaN))
  return { name, samples, median: median(samples), ratio: median(ratios) }
}

function judge(target: Target, measurements: readonly Measurement[], bench: string): Verdict {
  const { contender, maxRatio } = target
  const ratio = measurements.find(({ name }) => name === contender)?.ratio
  if (ratio === undefined) throw new Error(`The bench ${bench} has no contender ${contender}.`)
  return { contender, maxRatio, ratio, isHeld: ratio <= maxRatio }
}

/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

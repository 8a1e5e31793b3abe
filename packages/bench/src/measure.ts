/** Measures the contenders, one after the other, again and again. */
import type { Bench, Contender, Pace, Unit } from './bench.ts'
import { judge, type Measurement, median, ratioOf, type Verdict } from './verdict.ts'

/** What came of a benchmark. */
export interface Outcome {
  readonly name: string
  readonly question: string
  readonly yardstick: string
  readonly unit: Unit
  readonly rounds: number
  readonly measurements: readonly Measurement[]
  readonly verdicts: readonly Verdict[]
}

const full: Pace = { isQuick: false, clock: 'wall' }

/**
 * Runs a benchmark. Contenders take turns, and a round begins with another one each time, so that
 * what else the machine does hits all of them alike. The ratio is taken in each round, between
 * samples that are neighbours in time. The first round warms up and does not count.
 */
export async function measure(bench: Bench, rounds: number, pace: Pace = full): Promise<Outcome> {
  const { name, question, yardstick, targets, unit = 'time', prepare } = bench
  const { contenders, close } = await prepare(pace)
  try {
    const samples = await takeTurns(contenders, rounds)
    const base = samples.get(yardstick)
    if (base === undefined) throw new Error(`The bench ${name} has no contender ${yardstick}.`)
    const measurements = contenders.map((contender) =>
      summarize(contender.name, samples.get(contender.name) ?? [], base),
    )
    const verdicts = targets.map((target) => judge(target, measurements, { name, yardstick, unit }))
    return { name, question, yardstick, unit, rounds, measurements, verdicts }
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
      const value = await sample()
      if (round > 0) samples.get(name)?.push(value)
    }
  }
  return samples
}

function summarize(name: string, samples: readonly number[], base: readonly number[]): Measurement {
  return { name, samples, median: median(samples), ratio: ratioOf(samples, base) }
}

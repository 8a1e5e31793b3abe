/** Whether targets were held. */
import type { Target, Unit } from './bench.ts'
import { formatValue } from './format.ts'

/** The numbers of one contender. */
export interface Measurement {
  readonly name: string
  /** In the order of the rounds. */
  readonly samples: readonly number[]
  readonly median: number
  /** How many times as much as the yardstick: the median over the rounds. */
  readonly ratio: number
}

/** What came of one target. */
export interface Verdict {
  readonly contender: string
  /** What was asked for, in words. */
  readonly wanted: string
  /** What was found, in the same measure. */
  readonly found: string
  readonly isHeld: boolean
  /** By which part of the target it was missed: 0.1 is a tenth; 0 when it was held. */
  readonly missedBy: number
}

/** What has to be known of a bench to judge its contenders. */
export interface Judged {
  readonly name: string
  readonly yardstick: string
  readonly unit: Unit
}

export function judge(
  target: Target,
  measurements: readonly Measurement[],
  { name, yardstick, unit }: Judged,
): Verdict {
  const find = (contender: string): Measurement => {
    const found = measurements.find((one) => one.name === contender)
    if (found === undefined) throw new Error(`The bench ${name} has no contender ${contender}.`)
    return found
  }
  const own = find(target.contender)
  if ('maxMedian' in target) {
    const { maxMedian, contender } = target
    const wanted = `at most ${formatValue(maxMedian, unit)}`
    return atMost(own.median, maxMedian, {
      contender,
      wanted,
      found: formatValue(own.median, unit),
    })
  }
  if ('aheadOf' in target) {
    const { aheadOf, contender } = target
    const ratios = aheadOf.map((against) => ratioOf(own.samples, find(against).samples))
    const ratio = Math.max(...ratios)
    const closest = aheadOf[ratios.indexOf(ratio)]
    const found = `${(1 / ratio).toFixed(2)} x as fast as "${closest}"`
    return atMost(ratio, 1, { contender, wanted: 'ahead of every peer', found })
  }
  const { contender, against = yardstick } = target
  const ratio = ratioOf(own.samples, find(against).samples)
  if ('maxRatio' in target) {
    const wanted = `at most ${target.maxRatio.toFixed(2)} x "${against}"`
    return atMost(ratio, target.maxRatio, { contender, wanted, found: `${ratio.toFixed(2)} x` })
  }
  const wanted = `at least ${target.minSpeed.toFixed(2)} x as fast as "${against}"`
  const found = `${(1 / ratio).toFixed(2)} x as fast`
  return atMost(ratio, 1 / target.minSpeed, { contender, wanted, found })
}

function atMost(
  value: number,
  limit: number,
  words: Pick<Verdict, 'contender' | 'wanted' | 'found'>,
): Verdict {
  // Written so that NaN, from a contender without samples, holds nothing.
  const isHeld = value <= limit
  return { ...words, isHeld, missedBy: isHeld ? 0 : value / limit - 1 }
}

/** The median of the ratios within each round, between samples that are neighbours in time. */
export function ratioOf(samples: readonly number[], base: readonly number[]): number {
  return median(samples.map((value, round) => value / (base[round] ?? Number.NaN)))
}

/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

import { describe, expect, it } from 'vitest'
import type { Bench } from '../src/bench.ts'
import { formatTime, formatValue } from '../src/format.ts'
import { measure } from '../src/measure.ts'
import { toMarkdown, toSummary } from '../src/table.ts'
import { judge, median } from '../src/verdict.ts'

/** Contenders whose times are known, and a list of who was measured when. */
function staged(
  times: Readonly<Record<string, readonly number[]>>,
  closed?: () => void,
): Bench & { turns: string[] } {
  const turns: string[] = []
  const contenders = Object.entries(times).map(([name, list]) => {
    let next = 0
    return {
      name,
      sample() {
        turns.push(name)
        return list[next++] ?? Number.NaN
      },
    }
  })
  return {
    turns,
    name: 'staged',
    question: 'Who is fast?',
    yardstick: 'base',
    targets: [{ contender: 'ours', maxRatio: 2 }],
    rounds: { full: 3, quick: 1 },
    prepare: () => ({ contenders, ...(closed === undefined ? {} : { close: closed }) }),
  }
}

describe('a benchmark', () => {
  it('lets contenders take turns, another one first each time', async () => {
    const bench = staged({ base: [1, 1, 1], ours: [1, 1, 1] })
    await measure(bench, 2)
    expect(bench.turns).toEqual(['base', 'ours', 'ours', 'base', 'base', 'ours'])
  })

  it('does not count the first round, and compares within each round', async () => {
    // The machine is ten times as slow in the third round: for everybody.
    const outcome = await measure(staged({ base: [99, 10, 100, 10], ours: [1, 15, 150, 16] }), 3)
    expect(outcome.measurements).toEqual([
      { name: 'base', samples: [10, 100, 10], median: 10, ratio: 1 },
      { name: 'ours', samples: [15, 150, 16], median: 16, ratio: 1.5 },
    ])
    const wanted = 'at most 2.00 x "base"'
    expect(outcome.verdicts).toEqual([
      { contender: 'ours', wanted, found: '1.50 x', isHeld: true, missedBy: 0 },
    ])
  })

  it('says by how much a target is missed', async () => {
    const outcome = await measure(staged({ base: [1, 10], ours: [1, 30] }), 1)
    expect(outcome.verdicts).toMatchObject([{ isHeld: false, missedBy: 0.5 }])
    expect(toMarkdown(outcome)).toBe(`### staged

Who is fast? One round; ratio of time to "base" in the same round.

| contender | median  | ratio |
| --------- | ------- | ----- |
| base      | 10.0 ms | 1.00  |
| ours      | 30.0 ms | 3.00  |

- "ours" MISSES its target, at most 2.00 x "base", by 50 %: 3.00 x.`)
    expect(toSummary([outcome])).toBe(`### Targets

| bench  | contender | target                | found  | result         |
| ------ | --------- | --------------------- | ------ | -------------- |
| staged | ours      | at most 2.00 x "base" | 3.00 x | MISSED by 50 % |

1 of 1 targets are missed.`)
  })

  it('cleans up, also when a contender fails', async () => {
    let closed = 0
    const bench = staged({ base: [1] }, () => {
      closed++
    })
    await expect(measure(bench, 0)).rejects.toThrow('no contender ours')
    expect(closed).toBe(1)
  })

  it('knows the middle of a list, and units', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
    expect([median([])]).toEqual([Number.NaN])
    expect([51.234, 0.0123, 0.0000321].map(formatTime)).toEqual(['51.2 ms', '12.3 us', '32.1 ns'])
  })
})

describe('a target', () => {
  const judged = { name: 'staged', yardstick: 'base', unit: 'time' } as const
  const measurements = [
    { name: 'base', samples: [10, 20], median: 15, ratio: 1 },
    { name: 'peer', samples: [3, 6], median: 4.5, ratio: 0.3 },
    { name: 'ours', samples: [2, 4], median: 3, ratio: 0.2 },
    { name: 'nothing', samples: [], median: Number.NaN, ratio: Number.NaN },
  ]

  it('can be a ratio to the yardstick, or to anybody', () => {
    const found = (against: object, maxRatio: number) =>
      judge({ contender: 'ours', maxRatio, ...against }, measurements, judged)
    expect(found({}, 0.2)).toMatchObject({ found: '0.20 x', isHeld: true })
    expect(found({ against: 'peer' }, 0.5)).toMatchObject({
      wanted: 'at most 0.50 x "peer"',
      found: '0.67 x',
      isHeld: false,
    })
  })

  it('can be a speed, in which more is better', () => {
    const found = (minSpeed: number) =>
      judge({ contender: 'ours', against: 'peer', minSpeed }, measurements, judged)
    expect(found(1.5)).toMatchObject({ found: '1.50 x as fast', isHeld: true, missedBy: 0 })
    expect(found(3)).toMatchObject({
      wanted: 'at least 3.00 x as fast as "peer"',
      found: '1.50 x as fast',
      isHeld: false,
      missedBy: 1,
    })
  })

  it('can be a place ahead of every peer, of whom the fastest counts', () => {
    const target = { contender: 'ours', aheadOf: ['base', 'peer'] }
    expect(judge(target, measurements, judged)).toEqual({
      contender: 'ours',
      wanted: 'ahead of every peer',
      found: '1.50 x as fast as "peer"',
      isHeld: true,
      missedBy: 0,
    })
    const late = { contender: 'peer', aheadOf: ['base', 'ours'] }
    expect(judge(late, measurements, judged)).toMatchObject({
      found: '0.67 x as fast as "ours"',
      isHeld: false,
    })
  })

  it('can be a number by itself, in the unit of the bench', () => {
    const target = { contender: 'ours', maxMedian: 2 }
    expect(judge(target, measurements, { ...judged, unit: 'bytes' })).toEqual({
      contender: 'ours',
      wanted: 'at most 2 bytes',
      found: '3 bytes',
      isHeld: false,
      missedBy: 0.5,
    })
  })

  it('is not held by somebody who was not measured', () => {
    const verdict = judge({ contender: 'nothing', maxRatio: 2 }, measurements, judged)
    expect(verdict.isHeld).toBe(false)
    expect(() => judge({ contender: 'nobody', maxRatio: 2 }, measurements, judged)).toThrow(
      'The bench staged has no contender nobody.',
    )
  })
})

it('prints bytes, and times of requests as a rate', () => {
  expect(formatValue(3071.6, 'bytes')).toBe('3,072 bytes')
  expect(formatValue(0.08, 'requests')).toBe('12,500 requests/s')
})

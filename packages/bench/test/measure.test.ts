import { describe, expect, it } from 'vitest'
import type { Bench } from '../src/bench.ts'
import { measure, median } from '../src/measure.ts'
import { formatTime, toMarkdown } from '../src/table.ts'

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
    expect(outcome.verdicts).toEqual([{ contender: 'ours', maxRatio: 2, ratio: 1.5, isHeld: true }])
  })

  it('says by how much a target is missed', async () => {
    const outcome = await measure(staged({ base: [1, 10], ours: [1, 30] }), 1)
    expect(outcome.verdicts).toMatchObject([{ isHeld: false, ratio: 3 }])
    expect(toMarkdown(outcome)).toBe(`### staged

Who is fast? Medians of 1 rounds; ratio to "base" in the same round.

| contender | median  | ratio | target               |
| --------- | ------- | ----- | -------------------- |
| base      | 10.0 ms | 1.00  |                      |
| ours      | 30.0 ms | 3.00  | at most 2.00: MISSED |

"ours" misses its target by 50 %.`)
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

/** What the cache of verified tokens weighs, and whether it stays that way. */
import type { Bench } from '../bench.ts'
import { startChild } from '../child/start-child.ts'
import { poolSize } from '../http/job.ts'
import { type MemoryContender, type MemoryJob, quarters } from '../memory/job.ts'
import { materialFor } from '../tokens/mint.ts'

const contenders: readonly MemoryContender[] = ['tenantry', 'tenantry, asked', 'fast-jwt, cache']
const threeKilobytes = 3 * 1024

export const memoryPerToken: Bench = {
  name: 'memory-per-token',
  question:
    'How many bytes does a cached token of 1.1 KB take, and one that can() was asked about?',
  yardstick: 'tenantry',
  targets: [
    { contender: 'tenantry', maxMedian: threeKilobytes },
    { contender: 'tenantry, asked', maxMedian: threeKilobytes },
  ],
  unit: 'bytes',
  rounds: { full: 3, quick: 1 },
  async prepare() {
    const material = await materialFor({ algorithm: 'RS256', count: poolSize })
    return {
      contenders: contenders.map((contender) => ({
        name: contender,
        sample: async () => {
          // See per-token.ts.
          return (await weigh({ what: 'per token', contender, material })) as number
        },
      })),
    }
  },
}

export const memoryGrowth: Bench = {
  name: 'memory-growth',
  question:
    'How many bytes are in use at most, in each quarter of 1,000,000 tokens (60,000 when quick) that all differ?',
  yardstick: 'quarter 1',
  targets: quarterNames()
    .slice(1)
    .map((contender) => ({ contender, maxRatio: 1.05 })),
  unit: 'bytes',
  // One run tells about all quarters.
  rounds: { full: 1, quick: 1 },
  async prepare({ isQuick }) {
    const job: MemoryJob = { what: 'growth', tokens: isQuick ? 60_000 : 1_000_000 }
    // See growth.ts.
    const peaks = (await weigh(job)) as readonly number[]
    return {
      contenders: quarterNames().map((name, index) => ({
        name,
        sample: () => peaks[index] ?? Number.NaN,
      })),
    }
  },
}

function quarterNames(): readonly string[] {
  return Array.from({ length: quarters }, (_, index) => `quarter ${index + 1}`)
}

async function weigh(job: MemoryJob): Promise<unknown> {
  const { ready, stop } = await startChild('memory', job, ['--expose-gc'])
  stop()
  return ready
}

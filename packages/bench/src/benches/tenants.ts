/** Many tenants through a pool that has room for a few of them. */
import type { Bench } from '../bench.ts'
import { type Child, startChild, startEach } from '../child/start-child.ts'
import { quarters, type TenantsJob } from '../tenants/job.ts'

const sizes = { '50 tenants': 50, '1,000 tenants': 1_000 } as const

export const tenants: Bench = {
  name: 'database-tenants',
  question:
    'Within what time are 99 of 100 calls of 5 ms answered, 32 at a time through a pool of 50 connections, without the time in which their connection was opened and another one closed for it?',
  yardstick: '50 tenants',
  targets: [{ contender: '1,000 tenants', maxRatio: 2 }],
  rounds: { full: 11, quick: 3 },
  async prepare({ isQuick }) {
    const load = isQuick ? 300 : 1_500
    const children = await startEach(Object.entries(sizes), async ([name, count]) => {
      const { ask, stop } = await start({ tenants: count })
      // See tenants.ts.
      return { name, stop, sample: async () => (await ask({ load })) as number }
    })
    return {
      contenders: children,
      close() {
        for (const { stop } of children) stop()
      },
    }
  },
}

const names = Array.from({ length: quarters }, (_, index) => `quarter ${index + 1}`)

export const tenantsGrowth: Bench = {
  name: 'database-growth',
  question:
    'How many bytes are in use after each quarter of 100,000 calls (6,000 when quick) to 1,000 tenants, through a pool of 50 connections?',
  yardstick: 'quarter 1',
  targets: names.slice(1).map((contender) => ({ contender, maxRatio: 1.05 })),
  unit: 'bytes',
  // One run tells about all quarters.
  rounds: { full: 1, quick: 1 },
  async prepare({ isQuick }) {
    const { ask, stop } = await start({ tenants: 1_000 })
    // See tenants.ts.
    const used = (await ask({ calls: isQuick ? 6_000 : 100_000 })) as readonly number[]
    stop()
    return {
      contenders: names.map((name, index) => ({ name, sample: () => used[index] ?? Number.NaN })),
    }
  },
}

function start(job: TenantsJob): Promise<Child> {
  return startChild('tenants', job, ['--expose-gc'])
}

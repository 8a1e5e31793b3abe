/** The program that is one contender: warms up, then measures itself when it is asked to. */
import { answerParent, timeOf } from '../child/child.ts'
import { type Material, readMaterial } from '../tokens/material.ts'
import type { OperationJob, OperationSet } from './job.ts'
import type { Operation } from './repeat.ts'

type Make = (name: string, material: string) => Operation | Promise<Operation>
type MakeOfTokens = (name: string, material: Material) => Operation | Promise<Operation>

const ofTokens =
  (make: MakeOfTokens): Make =>
  (name, path) =>
    make(name, readMaterial(path))

const sets: Readonly<Record<OperationSet, () => Promise<Make>>> = {
  verify: async () => ofTokens((await import('./verify.ts')).verifying),
  cached: async () => ofTokens((await import('./cached.ts')).cachedHit),
  refuse: async () => ofTokens((await import('./refuse.ts')).refusal),
  decide: async () => ofTokens((await import('./decide.ts')).decision),
  grow: async () => ofTokens((await import('./grow.ts')).growing),
  find: async () => (await import('./find.ts')).finding,
  lease: async () => (await import('./lease.ts')).leasing,
  transaction: async () => (await import('./transaction.ts')).transacting,
}

await answerParent(
  async ({ set, operation, material, sampleTime, warmUpTime, clock }: OperationJob) => {
    const make = await sets[set]()
    const { run } = await make(operation, material)

    async function timed(times: number): Promise<number> {
      const start = timeOf(clock)
      const good = await run(times)
      const time = timeOf(clock) - start
      if (good !== times) throw new Error(`${operation} came out wrong ${times - good} times.`)
      return time
    }

    /** Warms up until the compiler has had its time; then finds out how many make a sample. */
    async function timesOfSample(): Promise<number> {
      // Of the processor, so that it is as warm on a busy machine.
      const end = timeOf('processor') + warmUpTime
      let perMillisecond = 1
      for (let times = 1; timeOf('processor') < end; times = Math.ceil(perMillisecond * 10)) {
        const begin = performance.now()
        await timed(times)
        perMillisecond = times / (performance.now() - begin)
      }
      return Math.max(1, Math.round(perMillisecond * sampleTime))
    }

    const times = await timesOfSample()
    return { answer: async () => (await timed(times)) / times }
  },
)

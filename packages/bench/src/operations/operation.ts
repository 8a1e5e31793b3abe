/** The program that is one contender: warms up, then measures itself when it is asked to. */
import { answerParent, timeOf } from '../child/child.ts'
import { type Material, readMaterial } from '../tokens/material.ts'
import type { OperationJob, OperationSet } from './job.ts'
import type { Operation } from './repeat.ts'

type Make = (name: string, material: Material) => Operation | Promise<Operation>

const sets: Readonly<Record<OperationSet, () => Promise<Make>>> = {
  verify: async () => (await import('./verify.ts')).verifying,
  cached: async () => (await import('./cached.ts')).cachedHit,
  refuse: async () => (await import('./refuse.ts')).refusal,
  decide: async () => (await import('./decide.ts')).decision,
  grow: async () => (await import('./grow.ts')).growing,
}

await answerParent(async ({ set, operation, material, sampleTime, clock }: OperationJob) => {
  const make = await sets[set]()
  const { run } = await make(operation, readMaterial(material))

  async function timed(times: number): Promise<number> {
    const start = timeOf(clock)
    const good = await run(times)
    const time = timeOf(clock) - start
    if (good !== times) throw new Error(`${operation} came out wrong ${times - good} times.`)
    return time
  }

  /** Warms up with more and more at once, until a sample is long enough. */
  async function timesOfSample(): Promise<number> {
    let times = 1
    for (;;) {
      const time = await timed(times)
      if (time >= sampleTime) return Math.max(1, Math.round((times * sampleTime) / time))
      times = Math.ceil(
        times * Math.min(8, Math.max(1.5, (1.2 * sampleTime) / Math.max(time, 0.01))),
      )
    }
  }

  const times = await timesOfSample()
  return { answer: async () => (await timed(times)) / times }
})

/** Contenders that are operations: each in a process of its own. */
import type { Field, Pace } from '../bench.ts'
import { startChild, startEach } from '../child/start-child.ts'
import type { OperationJob } from './job.ts'

/** One contender: its name in the table, and what it does. */
export interface Entry extends Pick<OperationJob, 'set' | 'operation' | 'material'> {
  readonly name: string
}

const fullTimes = { warmUpTime: 1000, sampleTime: 100 }
const quickTimes = { warmUpTime: 200, sampleTime: 15 }

/** Starts all of them; they are asked one at a time. */
export async function operations(entries: readonly Entry[], pace: Pace): Promise<Field> {
  const times = pace.isQuick ? quickTimes : fullTimes
  const children = await startEach(entries, async ({ name, ...rest }) => {
    const job: OperationJob = { ...rest, ...times, clock: pace.clock }
    const { ask, stop } = await startChild('operation', job)
    // A number: see operation.ts.
    return { name, stop, sample: async () => (await ask('sample')) as number }
  })
  return {
    contenders: children,
    close() {
      for (const { stop } of children) stop()
    },
  }
}

/** The same, and what they need goes when they do, or when they do not start. */
export async function closing(started: Promise<Field>, close: () => Promise<void>): Promise<Field> {
  try {
    const field = await started
    return {
      contenders: field.contenders,
      async close() {
        await field.close?.()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

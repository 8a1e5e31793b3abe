/** Contenders that are operations: each in a process of its own. */
import type { Contender, Field, Pace } from '../bench.ts'
import { startChild } from '../child/start-child.ts'
import type { OperationJob } from './job.ts'

/** One contender: its name in the table, and what it does. */
export interface Entry extends Pick<OperationJob, 'set' | 'operation' | 'material'> {
  readonly name: string
}

/** Starts all of them, two at once; they are asked one at a time. */
export async function operations(entries: readonly Entry[], pace: Pace): Promise<Field> {
  const { isQuick, clock } = pace
  const children: { readonly name: string; readonly sample: Contender['sample']; stop(): void }[] =
    []
  const waiting = entries.entries()
  async function startSome(): Promise<void> {
    for (const [index, { name, ...rest }] of waiting) {
      const job: OperationJob = { ...rest, sampleTime: isQuick ? 20 : 100, clock }
      const { ask, stop } = await startChild('operation', job)
      // A number: see operation.ts.
      children[index] = { name, stop, sample: async () => (await ask('sample')) as number }
    }
  }
  await Promise.all([startSome(), startSome()])
  return {
    contenders: children,
    close() {
      for (const { stop } of children) stop()
    },
  }
}

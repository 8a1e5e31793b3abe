/** What it costs to be sure that the database of a tenant is open, is its own, and stays open. */
import type { Bench } from '../bench.ts'
import { operations } from '../operations/contenders.ts'

const fiveMicroseconds = 0.005

export const lease: Bench = {
  name: 'database-use',
  question:
    'How long does a call take that does nothing, with a database that is open: alone, and through databases.use?',
  yardstick: 'bare call',
  // All of it, the call included.
  targets: [{ contender: 'use', maxMedian: fiveMicroseconds }],
  rounds: { full: 21, quick: 5 },
  prepare(pace) {
    const entries = ['bare call', 'use', 'lease and release'].map((name) => ({
      name,
      set: 'lease' as const,
      operation: name,
      material: '',
    }))
    return operations(entries, pace)
  },
}

/** What the guard of Mongoose adds to a query. */
import type { Bench } from '../bench.ts'
import { createDatabase, mongoAbsence } from '../databases/mongo.ts'
import { closing, operations } from '../operations/contenders.ts'

export const find: Bench = {
  name: 'mongoose-find',
  question:
    'How long does Mongoose take to find 20 documents of a tenant, or one: scoped, and with a filter by hand?',
  yardstick: 'by hand, find',
  targets: [{ contender: 'scoped, find', maxRatio: 1.05 }],
  rounds: { full: 41, quick: 5 },
  absence: () => mongoAbsence,
  async prepare(pace) {
    const { url, drop } = await createDatabase()
    const names = [
      'by hand, find',
      'by hand in a tenant, find',
      'scoped, find',
      'by hand, findOne',
      'by hand in a tenant, findOne',
      'scoped, findOne',
    ]
    const entries = names.map((name) => ({
      name,
      set: 'find' as const,
      operation: name,
      material: url,
    }))
    return await closing(operations(entries, pace), drop)
  },
}

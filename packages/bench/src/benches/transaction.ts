/** What it costs to bind a query of PostgreSQL to its tenant. */
import type { Bench } from '../bench.ts'
import { createDatabase, postgresAbsence } from '../databases/postgres.ts'
import { closing, operations } from '../operations/contenders.ts'

export const transaction: Bench = {
  name: 'postgres-transaction',
  question:
    'How long does one row take with pg on loopback: alone, in a transaction by hand, and with tenantPool?',
  yardstick: 'bare query',
  targets: [
    { contender: 'tenantPool', maxRatio: 2.5 },
    { contender: 'tenantPool', against: 'by hand', maxRatio: 1.1 },
  ],
  rounds: { full: 41, quick: 5 },
  absence: () => postgresAbsence,
  async prepare(pace) {
    const { url, drop } = await createDatabase()
    const entries = ['bare query', 'by hand', 'tenantPool'].map((name) => ({
      name,
      set: 'transaction' as const,
      operation: name,
      material: url,
    }))
    return await closing(operations(entries, pace), drop)
  },
}

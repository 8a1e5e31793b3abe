/** Ends connections: first gently, and by force when the time is up. */
import type { Connection } from './connection.ts'
import type { ConnectionPool } from './connection-pool.ts'
import type { TenantRow } from './registry.ts'
import type { CloseReport } from './tenant-databases.ts'
import { createOccasion, happensWithin } from './waiting.ts'

/** What closing by force may still take, in milliseconds. */
const grace = 1_000

/** Closes these as soon as nobody has a lease of them, and at the deadline under whoever has. */
export async function drain<Database, Row extends TenantRow>(
  pool: ConnectionPool<Database, Row>,
  connections: readonly Connection<Database, Row>[],
  milliseconds: number,
): Promise<void> {
  for (const connection of connections) pool.retire(connection)
  const gone = Promise.all(connections.map((connection) => connection.gone))
  if (await happensWithin(gone, milliseconds)) return
  for (const connection of connections) pool.force(connection)
  await happensWithin(gone, grace)
}

/** Closes all there are, once. */
export interface Closing {
  /** The first call begins; the shortest deadline counts. All of them get the same report. */
  by(milliseconds: number): Promise<CloseReport>
}

export function createClosing<Database, Row extends TenantRow>(
  pool: ConnectionPool<Database, Row>,
): Closing {
  const cut = createOccasion()
  let report: Promise<CloseReport> | undefined

  async function close(): Promise<CloseReport> {
    const connections = pool.connectionsOf()
    for (const connection of connections) pool.retire(connection)
    const gone = Promise.all(connections.map((connection) => connection.gone))
    const forced: string[] = []
    await Promise.race([gone, cut.happened])
    for (const connection of connections) {
      if (connection.stage !== 'gone' && pool.force(connection))
        forced.push(connection.row.tenantId)
    }
    await happensWithin(gone, grace)
    const left = connections.filter(({ stage }) => stage !== 'gone')
    return Object.freeze({ forced, abandoned: left.map(({ row }) => row.tenantId) })
  }

  return {
    async by(milliseconds) {
      const timer = setTimeout(cut.happen, milliseconds)
      report ??= close()
      return await report.finally(() => clearTimeout(timer))
    },
  }
}

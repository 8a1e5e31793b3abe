/** Brings the registry, the connections and the requests together. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { ConfigurationError } from '@tenantry/core'
import { checkTenantId } from '@tenantry/core/http'
import type { Connection } from './connection.ts'
import { ConnectionPool } from './connection-pool.ts'
import { createClosing, drain } from './drain.ts'
import { HeldLease } from './lease.ts'
import { databaseMiddleware } from './middleware.ts'
import { readDeadline, readOptions, type TenantDatabasesOptions } from './options.ts'
import { exhausted, shuttingDown, unavailable, unstable } from './refusals.ts'
import type { TenantRow } from './registry.ts'
import { createRequestLeases } from './request-leases.ts'
import type { TenantDatabases } from './tenant-databases.ts'
import { type Answer, TenantRows } from './tenant-rows.ts'
import { happensWithin, now } from './waiting.ts'

/** How often a connection is replaced for one request before it is told that there is none. */
const replacements = 2

/**
 * Makes the databases of the tenants: one connection for each tenant that is busy, and not more than
 * `max` in all.
 *
 * A tenant is looked up in the registry, and its row names the database. Somebody who has a lease is
 * never closed under but at a deadline, and after each wait everything is looked at again: a tenant that
 * was suspended meanwhile is refused.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 *
 * @example
 * ```ts
 * import { createTenantDatabases } from '@tenantry/databases'
 * import { pgliteDatabases } from '@tenantry/databases/pglite'
 *
 * const rows = [{ tenantId: 'acme', status: 'active', databaseName: 'acme_x7k2', version: 1 }] as const
 * const databases = createTenantDatabases({
 *   registry: { find: async (tenantId) => rows.find((row) => row.tenantId === tenantId) },
 *   ...pgliteDatabases({ directory: './data' }),
 * })
 * await databases.use('acme', (database) => database.query('select 1'))
 * await databases.close()
 * ```
 */
export function createTenantDatabases<Database, Row extends TenantRow = TenantRow>(
  options: TenantDatabasesOptions<Database, Row>,
): TenantDatabases<Database, Row> {
  const settings = readOptions(options)
  const outside: <Result>(run: () => Result) => Result = AsyncLocalStorage.snapshot()
  const rows = new TenantRows(settings, outside)
  const pool = new ConnectionPool(settings, outside)
  const closing = createClosing(pool)
  let isClosing = false
  let waiting = 0

  function refuseWhenClosing(): void {
    if (isClosing) throw shuttingDown()
  }

  function take(
    connection: Connection<Database, Row>,
    isChecked = false,
  ): HeldLease<Database, Row> | undefined {
    const { database } = connection
    if (!pool.isReady(connection, isChecked) || database === undefined) return undefined
    pool.lease(connection)
    return new HeldLease(pool, connection, database)
  }

  /** A lease that can be had without a wait. */
  function takeNow(tenantId: string): HeldLease<Database, Row> | undefined {
    checkTenantId(tenantId, settings.tenantIdPattern)
    refuseWhenClosing()
    const answer = rows.fresh(tenantId)
    const row = answer && rows.admit(tenantId, answer)
    const connection = row && pool.peek(row)
    const lease = connection && take(connection)
    if (lease !== undefined) pool.countHit()
    return lease
  }

  /** Refused by the registry, and so is whoever comes next: nobody needs the connection. */
  function admit(tenantId: string, answer: Answer<Row>): Row | undefined {
    try {
      return rows.admit(tenantId, answer)
    } catch (error) {
      pool.retireCurrent(tenantId)
      throw error
    }
  }

  /**
   * One round after the other, until one goes through from the look at the registry's answer to the
   * lease without a wait. So whatever happens during a wait is seen.
   */
  async function acquire(tenantId: string): Promise<HeldLease<Database, Row>> {
    const until = now() + settings.acquireTimeout
    let wanted: Connection<Database, Row> | undefined
    let isChecked = false
    let replaced = 0
    waiting++
    try {
      for (;;) {
        const answer = rows.fresh(tenantId) ?? (await rows.ask(tenantId))
        refuseWhenClosing()
        const row = admit(tenantId, answer)
        if (row === undefined) continue
        if (wanted?.failure !== undefined) throw unavailable(wanted.failure.cause)
        if (wanted?.isRetired === true && replaced >= replacements) throw unstable()
        const connection = pool.find(row, answer.askedAt)
        if (connection === undefined) {
          rows.forget(tenantId)
          continue
        }
        if (connection !== wanted) {
          pool.want(connection)
          if (wanted !== undefined) {
            pool.letGo(wanted)
            replaced++
          }
          wanted = connection
          isChecked = false
        }
        const lease = take(connection, isChecked)
        if (lease !== undefined) return lease
        // Also where the registry answers with another version each time.
        if (replaced > replacements) throw unstable()
        if (!connection.isRetired) isChecked = await progress(connection, until)
      }
    } finally {
      waiting--
      if (wanted !== undefined) pool.letGo(wanted)
    }
  }

  /** Waits until there is something to look at again. Answers whether the connection was pinged. */
  async function progress(connection: Connection<Database, Row>, until: number): Promise<boolean> {
    if (connection.stage === 'open') return await pool.check(connection)
    const isSettled = await happensWithin(connection.ready, until - now())
    if (isSettled) return false
    if (connection.stage === 'queued') throw exhausted()
    // Its turn has come in time. What follows has a time of its own.
    await connection.ready
    return false
  }

  /**
   * Goes on with a lease at once. Between the end of `acquire` and its caller there is a moment, too:
   * what was withdrawn in it is given back, and the refusal comes from the next look.
   */
  async function withLease<Result>(
    tenantId: string,
    run: (held: HeldLease<Database, Row>) => Result | PromiseLike<Result>,
  ): Promise<Result> {
    let held = takeNow(tenantId)
    while (held === undefined) {
      const late = await acquire(tenantId)
      if (late.isWithdrawn()) {
        late.release()
        held = takeNow(tenantId)
      } else held = late
    }
    return await run(held)
  }

  const requests = createRequestLeases<Database>(withLease)

  return {
    use: (tenantId, run) =>
      withLease(tenantId, async (held) => {
        try {
          return await run(held.database, held.row)
        } finally {
          held.release()
        }
      }),
    lease: (tenantId) => withLease(tenantId, (held) => held),
    async suspend(tenantId, options) {
      checkTenantId(tenantId, settings.tenantIdPattern)
      const deadline = readDeadline(options)
      const write = rows.block(tenantId)
      const drained = drain(pool, pool.connectionsOf(tenantId), deadline)
      const written = await Promise.allSettled([write(), drained])
      for (const result of written) if (result.status === 'rejected') throw result.reason
    },
    async resume(tenantId) {
      checkTenantId(tenantId, settings.tenantIdPattern)
      await rows.unblock(tenantId)
      pool.forgive(tenantId)
    },
    async evict(tenantId) {
      checkTenantId(tenantId, settings.tenantIdPattern)
      const connections = pool.connectionsOf(tenantId)
      for (const connection of connections) pool.retire(connection)
      await Promise.all(connections.map(({ gone }) => gone))
    },
    forget(tenantId) {
      checkTenantId(tenantId, settings.tenantIdPattern)
      rows.forget(tenantId)
    },
    stats: () => ({ ...pool.stats(), waiting }),
    async close(options) {
      const deadline = readDeadline(options)
      isClosing = true
      return await closing.by(deadline)
    },
    ...requests,
    middleware(...given: readonly unknown[]) {
      if (given.length === 0) return databaseMiddleware(requests)
      throw new ConfigurationError(
        'option_invalid',
        'databases.middleware makes the middleware: call it, databases.middleware().',
      )
    },
  }
}

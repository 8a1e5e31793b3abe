/** A pool of tenants as a database: transactions as functions. */
import type { PgClient, PgPool } from './driver.ts'
import { callRefused } from './refuse.ts'
import type { TenantDatabase, TenantQueries, TenantResult } from './tenant-database.ts'

/** Something that runs one statement. */
type Run = (text: string, values: readonly unknown[]) => Promise<unknown>

/** @param pool - one of `tenantPool` */
export function poolDatabase(pool: PgPool): TenantDatabase {
  const asQuery: unknown = Reflect.get(pool, 'query')
  if (typeof asQuery !== 'function') throw new TypeError('A pool has a query')
  return {
    query: queryOf(async (text, values) => await asQuery(text, values)),
    async transaction(run) {
      const client = await pool.connect()
      try {
        return await inTransaction(client, run)
      } finally {
        client.release()
      }
    },
    close: async () => await pool.end(),
  }
}

async function inTransaction<Result>(
  client: PgClient,
  run: (transaction: TenantQueries) => Promise<Result>,
): Promise<Result> {
  await client.query('begin')
  return await settle(client, queriesOf(client, 1), run, 'commit', 'rollback')
}

/** Statements of an open transaction; one inside of it is a savepoint. */
function queriesOf(client: PgClient, depth: number): TenantQueries {
  const send: unknown = Reflect.get(client, 'query')
  if (typeof send !== 'function') throw new TypeError('A client has a query')
  const savepoint = `tenantry_${depth}`
  return {
    query: queryOf(async (text, values) => await send(text, values)),
    async transaction(run) {
      await client.query(`savepoint ${savepoint}`)
      const inside = queriesOf(client, depth + 1)
      const release = `release savepoint ${savepoint}`
      return await settle(
        client,
        inside,
        run,
        release,
        `rollback to savepoint ${savepoint}; ${release}`,
      )
    },
  }
}

async function settle<Result>(
  client: PgClient,
  inside: TenantQueries,
  run: (transaction: TenantQueries) => Promise<Result>,
  keep: string,
  undo: string,
): Promise<Result> {
  let result: Result
  try {
    result = await run(inside)
  } catch (error) {
    // Whether it can be undone is the smaller news: a client that is in doubt is closed on release.
    await client.query(undo).catch(() => undefined)
    throw error
  }
  const answer = await client.query(keep)
  // PostgreSQL answers a commit with a rollback when a statement failed, however the error was handled.
  if (commandOf(answer) === 'ROLLBACK') {
    throw callRefused('The transaction was rolled back: a statement of it had failed.')
  }
  return result
}

function queryOf(run: Run): TenantQueries['query'] {
  return async <Row>(text: string, values: readonly unknown[] = []) =>
    toResult<Row>(await run(text, values))
}

function commandOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'command') : undefined
}

function toResult<Row>(answer: unknown): TenantResult<Row> {
  const last: unknown = Array.isArray(answer) ? answer.at(-1) : answer
  const result: object = typeof last === 'object' && last !== null ? last : {}
  const rows: unknown = Reflect.get(result, 'rows')
  const rowCount: unknown = Reflect.get(result, 'rowCount')
  return {
    // What a row holds is what the caller says it asked for.
    rows: Array.isArray(rows) ? (rows as Row[]) : [],
    rowCount: typeof rowCount === 'number' ? rowCount : 0,
  }
}

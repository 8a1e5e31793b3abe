/** A pool of pg for each tenant, on its own database. */
import pg from 'pg'
import { checkDatabaseName } from '../database-name.ts'
import type { DatabaseBinding } from '../options.ts'
import { checkKnown, invalid } from '../options.ts'
import type { TenantRow } from '../registry.ts'
import { Clients } from './clients.ts'

/** Options of `pgDatabases`. */
export interface PgDatabasesOptions<Row extends TenantRow = TenantRow> {
  /**
   * The server and the credentials, for all tenants or for each by its row. The database is always
   * that of the row. Default `max` of a pool: 5.
   */
  readonly pool?: pg.PoolConfig | ((row: Row) => pg.PoolConfig)
}

/** What is kept beside a pool. */
interface Kept {
  readonly clients: Clients
  ending: Promise<unknown> | undefined
}

/**
 * The binding for PostgreSQL: spread it into the options of `createTenantDatabases`. A pool is opened
 * with one connection, so that a database that is not there shows at once, and grows up to its `max`.
 *
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { createTenantDatabases } from '@tenantry/databases'
 * import { pgDatabases } from '@tenantry/databases/pg'
 *
 * const databases = createTenantDatabases({
 *   registry: { find: async () => undefined },
 *   ...pgDatabases({ pool: { host: '127.0.0.1', user: 'app', max: 3 } }),
 * })
 * await databases.use('acme', (pool) => pool.query('select * from widgets'))
 * ```
 */
export function pgDatabases<Row extends TenantRow = TenantRow>(
  options: PgDatabasesOptions<Row> = {},
): Required<DatabaseBinding<pg.Pool, Row>> {
  checkKnown(options, ['pool'], [])
  const { pool: given = {} } = options
  if (typeof given !== 'object' && typeof given !== 'function') {
    throw invalid('pool', 'is neither the configuration of a pool nor a function of the row')
  }
  if (typeof given === 'object') checkConfig(given)
  const kept = new WeakMap<pg.Pool, Kept>()

  return {
    async connect(row, { signal }) {
      checkDatabaseName(row.databaseName)
      const config = typeof given === 'function' ? given(row) : given
      checkConfig(config)
      const clients = new Clients()
      const { Client = pg.Client } = config
      const Tracked = clients.tracked(Client)
      const pool = new pg.Pool({ ...inDatabase(config, row.databaseName), Client: Tracked })
      kept.set(pool, { clients, ending: undefined })
      // An idle connection that breaks is replaced by the pool. Without a listener it ends the process.
      pool.on('error', () => undefined)
      const giveUp = () => void end(pool, true)
      signal.addEventListener('abort', giveUp)
      try {
        const client = await pool.connect()
        client.release()
        return pool
      } catch (error) {
        await end(pool, true)
        throw error
      } finally {
        signal.removeEventListener('abort', giveUp)
      }
    },
    disconnect: (pool, { force }) => end(pool, force),
    isHealthy: (pool) => !pool.ending && !pool.ended,
    ping: (pool) => pool.query('select 1'),
  }

  /** The pool itself waits for clients that somebody has checked out, and for no socket. */
  async function end(pool: pg.Pool, force: boolean): Promise<void> {
    const known = kept.get(pool)
    if (known === undefined) return
    // Whoever has the pool may have ended it already.
    known.ending ??= pool.end().catch(() => undefined)
    if (force) known.clients.destroy()
    else await known.ending
    await known.clients.gone()
  }
}

/**
 * A pool that is taken for its configuration would throw in a callback of the driver, and end the
 * process. A promise would connect to wherever the environment says.
 */
function checkConfig(config: unknown): void {
  const isPlain =
    typeof config === 'object' &&
    config !== null &&
    ['connect', 'then'].every((name) => typeof Reflect.get(config, name) !== 'function')
  if (isPlain) return
  throw invalid('pool', 'has to be the configuration of a pool, such as { host, user }, at once')
}

/** A connection string would have the last word about the database. */
function inDatabase(config: pg.PoolConfig, database: string): pg.PoolConfig {
  const { connectionString, ...others } = config
  const shared = { max: 5, ...others, database }
  if (connectionString === undefined) return shared
  const url = new URL(connectionString)
  url.pathname = `/${database}`
  return { ...shared, connectionString: url.href }
}

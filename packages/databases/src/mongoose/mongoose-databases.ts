/** A connection of Mongoose for each tenant, with a client and sockets of its own. */
import type { Connection, ConnectOptions, Mongoose } from 'mongoose'
import { checkDatabaseName } from '../database-name.ts'
import { checkKnown, type DatabaseBinding, invalid } from '../options.ts'
import type { TenantRow } from '../registry.ts'

/** Options of `mongooseDatabases`. */
export interface MongooseDatabasesOptions<Row extends TenantRow = TenantRow> {
  /** Your Mongoose, 8 or 9. */
  readonly mongoose: Mongoose
  /** The server, for all tenants or for each by its row. The database is always that of the row. */
  readonly uri: string | ((row: Row) => string)
  /**
   * What the connection is told. Default `maxPoolSize` 5 and `minPoolSize` 0, and 10 000 for
   * `serverSelectionTimeoutMS` and `connectTimeoutMS`: Mongoose does not give up before that, and a
   * server that says nothing takes a place in the pool for as long.
   */
  readonly options?: Omit<ConnectOptions, 'dbName'>
  /** Compiles the models on each new connection: `connection.model('Widget', widgetSchema)`. */
  readonly define?: (connection: Connection, row: Row) => void
}

/** Connected, as `readyState` says it. */
const connected = 1

/**
 * The binding for MongoDB with a client for each tenant: spread it into the options of
 * `createTenantDatabases`. A tenant whose credentials differ must have a client of its own.
 *
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { createTenantDatabases } from '@tenantry/databases'
 * import { mongooseDatabases } from '@tenantry/databases/mongoose'
 * import mongoose from 'mongoose'
 *
 * const widgetSchema = new mongoose.Schema({ name: String })
 * const databases = createTenantDatabases({
 *   registry: { find: async () => undefined },
 *   ...mongooseDatabases({
 *     mongoose,
 *     uri: 'mongodb://127.0.0.1:27017',
 *     define: (connection) => connection.model('Widget', widgetSchema),
 *   }),
 * })
 * await databases.use('acme', (connection) => connection.model('Widget').find())
 * ```
 */
export function mongooseDatabases<Row extends TenantRow = TenantRow>(
  options: MongooseDatabasesOptions<Row>,
): Required<DatabaseBinding<Connection, Row>> {
  checkKnown(options, ['mongoose', 'uri', 'options', 'define'], ['mongoose', 'uri'])
  const { mongoose, uri, options: more = {}, define } = options
  if (typeof mongoose.createConnection !== 'function') throw invalid('mongoose', 'is no Mongoose')
  if (typeof uri !== 'string' && typeof uri !== 'function') {
    throw invalid('uri', 'is neither an address nor a function of the row')
  }
  return {
    async connect(row, { signal }) {
      checkDatabaseName(row.databaseName)
      const connection = mongoose.createConnection()
      // It is told by what waits for it. Without a listener it would end the process.
      connection.on('error', () => undefined)
      const giveUp = () => void destroy(connection, true).catch(() => undefined)
      signal.addEventListener('abort', giveUp)
      try {
        define?.(connection, row)
        const address = typeof uri === 'function' ? uri(row) : uri
        await connection.openUri(address, {
          maxPoolSize: 5,
          minPoolSize: 0,
          serverSelectionTimeoutMS: 10_000,
          connectTimeoutMS: 10_000,
          ...more,
          dbName: row.databaseName,
        })
        return connection
      } catch (error) {
        await destroy(connection, true).catch(() => undefined)
        throw error
      } finally {
        signal.removeEventListener('abort', giveUp)
      }
    },
    disconnect: (connection, { force }) => destroy(connection, force),
    isHealthy: ({ readyState }) => readyState === connected,
    ping,
  }
}

/** `close` alone would leave it in `mongoose.connections` for ever. */
async function destroy(connection: Connection, force: boolean): Promise<void> {
  await connection.destroy(force)
}

/** Whether the server answers. */
export async function ping(connection: Connection): Promise<void> {
  await connection.db?.command({ ping: 1 })
}

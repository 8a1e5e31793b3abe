/** The databases of all tenants over one client of Mongoose. */
import type { Connection } from 'mongoose'
import { checkDatabaseName } from '../database-name.ts'
import { checkKnown, type DatabaseBinding, invalid } from '../options.ts'
import type { TenantRow } from '../registry.ts'
import { ping } from './mongoose-databases.ts'

/** Options of `sharedMongooseDatabases`. */
export interface SharedMongooseDatabasesOptions<Row extends TenantRow = TenantRow> {
  /** The connection whose client and sockets all tenants use. It is yours to close, after the databases. */
  readonly connection: Connection
  /** Compiles the models on each new connection: `connection.model('Widget', widgetSchema)`. */
  readonly define?: (connection: Connection, row: Row) => void
}

const connected = 1

/**
 * The binding for MongoDB with one client for all tenants, which log in with the same credentials: no
 * socket is opened for a tenant, so that `max` is 1000 unless you say otherwise after it.
 *
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { createTenantDatabases } from '@tenantry/databases'
 * import { sharedMongooseDatabases } from '@tenantry/databases/mongoose'
 * import mongoose from 'mongoose'
 *
 * const connection = await mongoose.createConnection('mongodb://127.0.0.1:27017').asPromise()
 * const databases = createTenantDatabases({
 *   registry: { find: async () => undefined },
 *   ...sharedMongooseDatabases({ connection }),
 * })
 * await databases.close()
 * await connection.destroy()
 * ```
 */
export function sharedMongooseDatabases<Row extends TenantRow = TenantRow>(
  options: SharedMongooseDatabasesOptions<Row>,
): Required<DatabaseBinding<Connection, Row>> & { readonly max: number } {
  checkKnown(options, ['connection', 'define'], ['connection'])
  const { connection: parent, define } = options
  if (typeof parent.useDb !== 'function')
    throw invalid('connection', 'is no connection of Mongoose')
  /** How often each is open: Mongoose removes by name, so that the last one does. */
  const open = new Map<string, number>()
  return {
    max: 1000,
    async connect(row) {
      const { databaseName } = row
      checkDatabaseName(databaseName)
      // From a parent that is not connected it would be half a connection, which is never mended.
      if (parent.readyState !== connected) throw new Error('The shared client is not connected.')
      const isFirst = !open.has(databaseName)
      const connection = parent.useDb(databaseName, { useCache: true })
      try {
        if (isFirst) define?.(connection, row)
      } catch (error) {
        // The next one begins anew: with some of its models, nobody would make the others.
        remove(databaseName)
        throw error
      }
      open.set(databaseName, (open.get(databaseName) ?? 0) + 1)
      return connection
    },
    async disconnect({ name }) {
      const left = (open.get(name) ?? 1) - 1
      if (left > 0) {
        open.set(name, left)
        return
      }
      open.delete(name)
      remove(name)
    },
    isHealthy: ({ readyState }) => readyState === connected && parent.readyState === connected,
    ping,
  }

  /** To close it would close its parent, and with that all tenants. Its types do not have this. */
  function remove(name: string): void {
    Reflect.apply(Reflect.get(parent, 'removeDb'), parent, [name])
  }
}

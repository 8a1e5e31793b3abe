/** Databases of tenants on a server of MongoDB. */
import type { Connection } from 'mongoose'
import { checkDatabaseName } from '../database-name.ts'
import { isTenantDatabase } from '../provision/names.ts'
import type { TenantStorage } from '../provision/provisioning.ts'

/**
 * Drops databases for `provisionTenant`. MongoDB makes one with the first thing that is written to it.
 *
 * @param connection - that of the admin database will do
 *
 * @example
 * ```ts
 * import { mongooseStorage } from '@tenantry/databases/mongoose'
 * import { createConnection } from 'mongoose'
 *
 * const storage = mongooseStorage(createConnection('mongodb://localhost/admin_of_app'))
 * ```
 */
export function mongooseStorage(connection: Connection): TenantStorage {
  const databaseOf = (name: string) => {
    checkDatabaseName(name)
    return connection.getClient().db(name)
  }
  return {
    async createDatabase(name) {
      return !(await databaseOf(name).listCollections({}, { nameOnly: true }).hasNext())
    },
    async dropDatabase(name) {
      await databaseOf(name).dropDatabase()
    },
    async listDatabases() {
      const admin = connection.getClient().db().admin()
      const { databases } = await admin.listDatabases({ nameOnly: true })
      return databases.map(({ name }) => name).filter(isTenantDatabase)
    },
  }
}

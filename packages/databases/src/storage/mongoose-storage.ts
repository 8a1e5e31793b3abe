/** Databases of tenants on a server of MongoDB. */
import type { Connection } from 'mongoose'
import { isTenantDatabase, requireDatabaseName } from '../provision/names.ts'
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
  const names = async (): Promise<readonly string[]> => {
    const { databases } = await connection.getClient().db().admin().listDatabases({ nameOnly: true })
    return databases.map(({ name }) => name)
  }
  return {
    async createDatabase(name) {
      return !(await names()).includes(requireDatabaseName(name))
    },
    async dropDatabase(name) {
      await connection.getClient().db(requireDatabaseName(name)).dropDatabase()
    },
    async listDatabases() {
      return (await names()).filter(isTenantDatabase)
    },
  }
}

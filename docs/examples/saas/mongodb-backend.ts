/** A server of MongoDB: a database for each tenant, and one for the admin database. */
import type { TenantStorage } from '@tenantry/databases'
import { mongooseDatabases, mongooseRegistry, mongooseStorage } from '@tenantry/databases/mongoose'
import mongoose, { type Connection } from 'mongoose'
import type { MongoServer } from '../mongodb.ts'
import type { Backend } from './backend.ts'
import { addFirstUser, collections, migrate, mongoWorkspace } from './mongo-workspace.ts'

export async function openMongo(
  { name, uri, isStandIn, stop }: MongoServer,
  adminDatabase: string,
): Promise<Backend<Connection>> {
  const options = { dbName: adminDatabase, autoCreate: false, autoIndex: false }
  const admin = await mongoose.createConnection(uri, options).asPromise()
  const registry = mongooseRegistry(admin)
  await registry.createTables()
  const binding = mongooseDatabases({
    mongoose,
    uri,
    options: { autoCreate: false, autoIndex: false },
  })
  const storage = isStandIn ? storageOfStandIn(admin) : mongooseStorage(admin)
  return {
    name,
    binding,
    provisioning: { registry, ...storage, ...binding, migrate, addFirstUser },
    workspaceOf: mongoWorkspace,
    async close() {
      await admin.close()
      stop()
    },
  }
}

/** The stand-in has no commands for whole databases. What a tenant has is in these collections. */
function storageOfStandIn(connection: Connection): TenantStorage {
  const of = (database: string) =>
    collections.map((name) => connection.getClient().db(database).collection(name))
  return {
    async createDatabase(database) {
      const counts = await Promise.all(of(database).map((one) => one.countDocuments()))
      return counts.every((count) => count === 0)
    },
    async dropDatabase(database) {
      for (const collection of of(database)) await collection.deleteMany({})
    },
    listDatabases: async () => [],
  }
}

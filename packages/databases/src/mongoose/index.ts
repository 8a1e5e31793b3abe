/** `@tenantry/databases/mongoose`: a connection of Mongoose for each tenant, its own or of a shared client. */

export { mongooseRegistry } from '../registries/mongoose-registry.ts'
export { mongooseStorage } from '../storage/mongoose-storage.ts'
export type { MongooseDatabasesOptions } from './mongoose-databases.ts'
export { mongooseDatabases } from './mongoose-databases.ts'
export type { SharedMongooseDatabasesOptions } from './shared-mongoose-databases.ts'
export { sharedMongooseDatabases } from './shared-mongoose-databases.ts'

/** Servers and folders on which tenants are made, and what there is of them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { Connection } from 'mongoose'
import mongoose from 'mongoose'
import pg from 'pg'
import { absence, startServer } from '../../../../mongoose/test/support/server.ts'
import { findServer } from '../../../../postgres/test/support/server.ts'
import type { Provisioning, TenantStorage } from '../../../src/index.ts'
import {
  mongooseDatabases,
  mongooseRegistry,
  mongooseStorage,
} from '../../../src/mongoose/index.ts'
import { pgDatabases, pgRegistry, pgStorage } from '../../../src/pg/index.ts'
import { pgliteDatabases, pgliteRegistry, pgliteStorage } from '../../../src/pglite/index.ts'

/** A user as a tenant's database has it. */
export interface StoredUser {
  readonly email: string
  readonly passwordHash: string
}

export interface World {
  readonly provisioning: Provisioning<unknown>
  /** Everything that the admin database has, as text. */
  dump(): Promise<string>
  /** The users in a tenant's database. */
  users(databaseName: string): Promise<readonly StoredUser[]>
  close(): Promise<void>
}

/** The hash costs what it costs; here it is only carried around. */
export const hash = async (password: string): Promise<string> =>
  `hash of ${Buffer.from(password).toString('hex')}`

const usersTable = 'create table users (email text primary key, password_hash text not null)'
const insertUser = 'insert into users (email, password_hash) values ($1, $2)'
const selectUsers = 'select email, password_hash as "passwordHash" from users'

interface Queries {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>
}

async function dumpTables(sql: Queries): Promise<string> {
  const { rows } = await sql.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const tables = await Promise.all(rows.map(({ name }) => sql.query(`select * from "${name}"`)))
  return JSON.stringify(tables.map((table) => table.rows))
}

/** Tables in PGlite, in memory, and databases that are only names: for the many runs. */
export async function inMemory(): Promise<World> {
  const admin = await PGlite.create()
  const databases = new Map<string, Map<string, string>>()
  const registry = pgliteRegistry(admin)
  await registry.createTables()
  const provisioning: Provisioning<{ readonly name: string }> = {
    registry,
    hash,
    async createDatabase(name) {
      if (databases.has(name)) return false
      databases.set(name, new Map())
      return true
    },
    async dropDatabase(name) {
      databases.delete(name)
    },
    listDatabases: async () => [...databases.keys()],
    async connect({ databaseName }) {
      if (!databases.has(databaseName)) throw new Error('There is no such database')
      return { name: databaseName }
    },
    disconnect: async () => undefined,
    async migrate({ name }) {
      if ((databases.get(name)?.size ?? 0) > 0) throw new Error('There are tables already')
    },
    async addFirstUser({ name }, { email, passwordHash }) {
      const users = databases.get(name)
      if (users === undefined) throw new Error('The database is gone')
      users.set(email, passwordHash)
    },
  }
  return {
    provisioning,
    dump: () => dumpTables(admin),
    users: async (name) =>
      [...(databases.get(name) ?? [])].map(([email, passwordHash]) => ({ email, passwordHash })),
    close: () => admin.close(),
  }
}

/** A directory for each tenant. */
export async function onPglite(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'tenantry-provision-'))
  const admin = await PGlite.create(join(directory, 'admin'))
  const registry = pgliteRegistry(admin)
  await registry.createTables()
  const provisioning: Provisioning<PGlite> = {
    registry,
    ...pgliteStorage({ directory }),
    ...pgliteDatabases({ directory }),
    hash,
    async migrate(database) {
      await database.exec(usersTable)
    },
    async addFirstUser(database, { email, passwordHash }) {
      await database.query(insertUser, [email, passwordHash])
    },
  }
  return {
    provisioning,
    dump: () => dumpTables(admin),
    async users(name) {
      const database = await PGlite.create(join(directory, name))
      const { rows } = await database.query<StoredUser>(selectUsers)
      await database.close()
      return rows
    },
    async close() {
      await admin.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** A server of PostgreSQL; undefined where there is none. */
export async function onPostgres(): Promise<World | undefined> {
  const server = await findServer()
  if (server === undefined) return undefined
  const { host, port, user } = server
  const poolOf = (database: string, max = 5): pg.Pool => {
    const pool = new pg.Pool({ host, port, user, database, max })
    // A database that is dropped takes its connections along.
    pool.on('error', () => undefined)
    return pool
  }
  const outer = poolOf(server.database, 1)
  const adminName = `provision_test_${process.pid}_${Date.now()}`
  await outer.query(`create database ${adminName}`)
  const admin = poolOf(adminName)
  const registry = pgRegistry(admin)
  await registry.createTables()
  const storage = pgStorage(admin)
  const made = new Set<string>()
  const provisioning: Provisioning<pg.Pool> = {
    registry,
    ...storage,
    createDatabase(name) {
      made.add(name)
      return storage.createDatabase(name)
    },
    // Other tests have databases on this server as well.
    listDatabases: async () => (await storage.listDatabases()).filter((name) => made.has(name)),
    hash,
    ...pgDatabases({ pool: { host, port, user } }),
    async migrate(pool) {
      await pool.query(usersTable)
    },
    async addFirstUser(pool, { email, passwordHash }) {
      await pool.query(insertUser, [email, passwordHash])
    },
  }
  return {
    provisioning,
    dump: () => dumpTables(admin),
    async users(name) {
      const pool = poolOf(name, 1)
      const { rows } = await pool.query<StoredUser>(selectUsers)
      await pool.end()
      return rows
    },
    async close() {
      for (const name of made) await storage.dropDatabase(name)
      await admin.end()
      await outer.query(`drop database ${adminName} with (force)`)
      await outer.end()
      await server.stop()
    },
  }
}

/** A server that speaks the protocol of MongoDB; undefined where there is none. */
export async function onMongo(): Promise<World | undefined> {
  if (absence !== undefined) return undefined
  const server = await startServer()
  const open = (name: string): Promise<Connection> =>
    mongoose.createConnection(server.uri(name), { autoCreate: false }).asPromise()
  const admin = await open(`provision_test_${process.pid}_${Date.now()}`)
  const registry = mongooseRegistry(admin)
  await registry.createTables()
  const storage = server.isMongoDB ? mongooseStorage(admin) : ofStandIn(admin)
  const made = new Set<string>()
  const provisioning: Provisioning<Connection> = {
    registry,
    ...storage,
    createDatabase(name) {
      made.add(name)
      return storage.createDatabase(name)
    },
    // Other tests may have databases on this server as well.
    listDatabases: async () => (await storage.listDatabases()).filter((name) => made.has(name)),
    hash,
    ...mongooseDatabases({ mongoose, uri: server.uri('test'), options: { autoCreate: false } }),
    async migrate(connection) {
      await connection.collection('users').createIndex({ email: 1 }, { unique: true })
    },
    async addFirstUser(connection, { email, passwordHash }) {
      await connection.collection('users').insertOne({ email, passwordHash })
    },
  }
  return {
    provisioning,
    async dump() {
      const found = await Promise.all(
        ['tenants', 'users'].map((name) => admin.collection(name).find().toArray()),
      )
      return JSON.stringify(found)
    },
    async users(name) {
      const connection = await open(name)
      const found = await connection.collection<StoredUser>('users').find().toArray()
      await connection.close()
      return found.map(({ email, passwordHash }) => ({ email, passwordHash }))
    },
    async close() {
      for (const name of made) await storage.dropDatabase(name)
      if (server.isMongoDB) await admin.dropDatabase()
      await admin.close()
      await server.stop()
    },
  }
}

/** The stand-in has no command for a whole database. What a tenant here has is its users. */
function ofStandIn(connection: Connection): TenantStorage {
  const names = new Set<string>()
  const usersOf = (name: string) => connection.getClient().db(name).collection('users')
  const isThere = async (name: string): Promise<boolean> =>
    (await usersOf(name).countDocuments()) > 0
  return {
    async createDatabase(name) {
      names.add(name)
      return !(await isThere(name))
    },
    async dropDatabase(name) {
      await usersOf(name).deleteMany({})
    },
    async listDatabases() {
      const found: string[] = []
      for (const name of names) if (await isThere(name)) found.push(name)
      return found
    },
  }
}

/** Connections of Mongoose 8 and 9 to a real server, or to the stand-in for one. */

import type { Connection } from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { absence, startServer, type TestServer } from '../../../mongoose/test/support/server.ts'
import { createTenantDatabases, type TenantDatabases } from '../../src/index.ts'
import { mongooseDatabases, sharedMongooseDatabases } from '../../src/mongoose/index.ts'
import { codeOf, createFakeRegistry, settle } from '../support/fakes.ts'
import { versions } from '../support/mongoose-versions.ts'
import { silentServer } from '../support/silence.ts'

const title = absence === undefined ? 'Mongoose' : `Mongoose (SKIPPED: ${absence})`

describe.skipIf(absence !== undefined)(title, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(async () => await server?.stop())

  describe.each(versions)('$major', ({ mongoose }) => {
    const schema = new mongoose.Schema({ name: String }, { autoCreate: false, autoIndex: false })
    const define = (connection: Connection) => void connection.model('Widget', schema)

    const names = async (databases: TenantDatabases<Connection>, tenantId: string) =>
      await databases.use(tenantId, async (connection) => {
        const found = await connection.model('Widget').find()
        return found.map((widget) => widget.get('name')).sort()
      })

    const own = (max: number) =>
      createTenantDatabases({
        registry: createFakeRegistry('acme', 'globex'),
        ...mongooseDatabases({ mongoose, uri: server.uri('test'), define }),
        max,
        pingAfter: 0,
      })

    it('D12: has the models of each connection on its own database', async () => {
      const databases = own(1)
      for (const tenantId of ['acme', 'globex']) {
        await databases.use(tenantId, async (connection) => {
          await connection.model('Widget').deleteMany({})
          await connection.model('Widget').create({ name: `of ${tenantId}` })
          expect(connection.name).toBe(`${tenantId}_7f3a`)
          expect(connection.model('Widget').db).toBe(connection)
        })
      }
      expect(await names(databases, 'acme')).toEqual(['of acme'])
      expect(await names(databases, 'globex')).toEqual(['of globex'])
      expect(databases.stats()).toMatchObject({ live: 1, evicted: 3 })
      await databases.close()
    })

    it('D6: leaves nothing in mongoose.connections', async () => {
      const before = mongoose.connections.length
      const databases = own(1)
      for (let round = 0; round < 5; round++) {
        for (const tenantId of ['acme', 'globex']) await databases.use(tenantId, () => undefined)
      }
      expect(mongoose.connections.length).toBe(before + 1)
      await databases.close()
      expect(mongoose.connections.length).toBe(before)
    })

    it('replaces a connection that is not connected any more', async () => {
      const databases = own(2)
      await databases.use('acme', (connection) => connection.close())
      expect(await names(databases, 'acme')).toEqual(['of acme'])
      await databases.close()
    })

    it('is 503 where no server answers, and leaves nothing behind', async () => {
      const before = mongoose.connections.length
      const databases = createTenantDatabases({
        registry: createFakeRegistry('acme'),
        ...mongooseDatabases({
          mongoose,
          uri: 'mongodb://127.0.0.1:1',
          options: { serverSelectionTimeoutMS: 50 },
        }),
      })
      expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
      await settle()
      expect(mongoose.connections.length).toBe(before)
      expect(await databases.close()).toEqual({ forced: [], abandoned: [] })
    })

    it('gives up a server that says nothing, and leaves nothing behind', async () => {
      const before = mongoose.connections.length
      const silent = await silentServer()
      const databases = createTenantDatabases({
        registry: createFakeRegistry('acme'),
        ...mongooseDatabases({
          mongoose,
          uri: `mongodb://127.0.0.1:${silent.port}`,
          options: { serverSelectionTimeoutMS: 100, connectTimeoutMS: 150 },
        }),
        connectTimeout: 0.05,
      })
      expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
      await expect.poll(() => databases.stats()).toMatchObject({ live: 0, opening: 0 })
      await expect.poll(() => silent.sockets()).toBe(0)
      expect(mongoose.connections.length).toBe(before)
    })

    it('does not leave it to the driver for how long a place is taken by a server that is not there', async () => {
      const told: unknown[] = []
      const connection = Object.assign(mongoose.createConnection(), {
        async openUri(_uri: string, options: unknown) {
          told.push(options)
        },
      })
      const { connect } = mongooseDatabases({
        mongoose: Object.assign(Object.create(mongoose), { createConnection: () => connection }),
        uri: 'mongodb://127.0.0.1:1',
      })
      const row = {
        tenantId: 'acme',
        status: 'active',
        databaseName: 'acme_1',
        version: 1,
      } as const
      await connect(row, { signal: new AbortController().signal })
      expect(told).toMatchObject([
        { serverSelectionTimeoutMS: 10_000, connectTimeoutMS: 10_000, dbName: 'acme_1' },
      ])
      await connection.destroy()
    })

    describe('with one client for all', () => {
      it('compiles the models again where that has failed', async () => {
        const connection = await mongoose.createConnection(server.uri('test')).asPromise()
        let isBroken = true
        const databases = createTenantDatabases({
          registry: createFakeRegistry('acme'),
          ...sharedMongooseDatabases({
            connection,
            define(child) {
              if (isBroken) throw new Error('A schema is broken')
              define(child)
            },
          }),
        })
        expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
        isBroken = false
        await expect.poll(() => codeOf(databases.use('acme', () => undefined))).toBe('none')
        expect(await names(databases, 'acme')).toEqual(['of acme'])
        await databases.close()
        await connection.destroy()
      })

      it('D4: closing one tenant closes neither the client nor the others', async () => {
        const connection = await mongoose.createConnection(server.uri('test')).asPromise()
        const databases = createTenantDatabases({
          registry: createFakeRegistry('acme', 'globex'),
          ...sharedMongooseDatabases({ connection, define }),
        })
        expect(await names(databases, 'acme')).toEqual(['of acme'])
        const held = await databases.lease('globex')
        await databases.evict('acme')
        expect(connection.readyState).toBe(1)
        expect(await held.database.model('Widget').countDocuments()).toBe(1)
        held.release()
        expect(await names(databases, 'acme')).toEqual(['of acme'])
        await databases.close()
        expect(connection.readyState).toBe(1)
        await connection.destroy()
      })

      it('one that is retired leaves its successor of the same name alone', async () => {
        const connection = await mongoose.createConnection(server.uri('test')).asPromise()
        const registry = createFakeRegistry('acme')
        const databases = createTenantDatabases({
          registry,
          registryTtl: 0,
          ...sharedMongooseDatabases({ connection, define }),
        })
        const old = await databases.lease('acme')
        registry.change('acme', {})
        const next = await databases.lease('acme')
        old.release()
        await settle()
        expect(await next.database.model('Widget').countDocuments()).toBe(1)
        next.release()
        await databases.close()
        await connection.destroy()
      })

      it('D5: a client that is not connected gives no half-built connection', async () => {
        const connection = mongoose.createConnection()
        const databases = createTenantDatabases({
          registry: createFakeRegistry('acme'),
          ...sharedMongooseDatabases({ connection, define }),
        })
        expect(await codeOf(databases.lease('acme'))).toBe('database_unavailable')
        await connection.openUri(server.uri('test'))
        await expect.poll(() => codeOf(databases.use('acme', () => undefined))).toBe('none')
        await databases.close()
        await connection.destroy()
      })
    })
  })
})

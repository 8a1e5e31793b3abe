/** A suite for each version of Mongoose, on one server. */
import type { Mongoose } from 'mongoose'
import { afterAll, beforeAll, describe } from 'vitest'
import { absence, startServer, type TestServer } from './server.ts'
import { versions } from './versions.ts'

export interface Setup {
  readonly major: 8 | 9
  /** A Mongoose of its own, without a guard and without a connection. */
  create(): Mongoose
  /** Connects it to a database that is empty at first. */
  connect(mongoose: Mongoose, options?: { maxPoolSize?: number }): Promise<Mongoose>
}

/** `name` says what is proved; where there is no server it says so, too. */
export function describeVersions(name: string, suite: (setup: Setup) => void): void {
  describe.skipIf(absence)(absence ? `${name} (skipped: ${absence})` : name, () => {
    let server: TestServer
    let count = 0
    beforeAll(async () => {
      server = await startServer()
    })
    afterAll(() => server.stop())

    describe.each(versions)('with Mongoose $major', ({ major, mongoose }) => {
      const opened: Mongoose[] = []
      afterAll(async () => {
        for (const one of opened) {
          if (server.isMongoDB) await one.connection.getClient().db().dropDatabase()
          await one.disconnect()
        }
      })
      suite({
        major,
        create: () => new mongoose.Mongoose(),
        async connect(one, options) {
          count += 1
          const name = `suite_${major}_${process.pid}_${count}`
          opened.push(one)
          const settings = { autoCreate: false, monitorCommands: true, ...options }
          return await one.connect(server.uri(name), settings)
        },
      })
    })
  })
}

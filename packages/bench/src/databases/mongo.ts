/** A database of MongoDB for one bench: the one of MONGODB_URI, else of the stand-in, which the table says. */
import { randomBytes } from 'node:crypto'
import mongoose from 'mongoose'
import { absence, startServer } from '../../../mongoose/test/support/server.ts'
import { rows, tenants } from './rows.ts'

export { absence as mongoAbsence }

/** @returns the URL, and what takes everything away again */
export async function createDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = await startServer()
  const url = server.uri(`tenantry_bench_${randomBytes(4).toString('hex')}`)
  const client = await new mongoose.mongo.MongoClient(url).connect()
  const widgets = client.db().collection('widgets')
  await widgets.insertMany(
    tenants.flatMap((tenantId) => rows.map((row) => ({ ...row, tenantId, __v: 0 }))),
  )
  await widgets.createIndex({ tenantId: 1, status: 1 })
  return {
    url,
    async drop() {
      // The stand-in has no such command, and ends.
      if (server.isMongoDB) await client.db().dropDatabase()
      await client.close()
      await server.stop()
    },
  }
}

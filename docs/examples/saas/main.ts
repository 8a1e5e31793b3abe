/** Tenants with a database each, on Express and Fastify. Prints requests to try it with. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createShutdown } from '@tenantry/databases'
import { openApplication } from './application.ts'
import type { Backend } from './backend.ts'
import { readConfiguration } from './configuration.ts'
import { startExpress } from './express-server.ts'
import { startFastify } from './fastify-server.ts'
import { findMongo } from './mongodb.ts'
import { openMongo } from './mongodb-backend.ts'
import { openPglite } from './pglite-backend.ts'
import { openPostgres } from './postgres-backend.ts'
import { printRequests } from './requests.ts'

const configuration = readConfiguration(process.env)
const { database, directory, databaseUrl, adminDatabase, adminToken, port } = configuration

if (database === 'pglite') await serve(await openPglite(directory()))
if (database === 'postgres') await serve(await openPostgres(databaseUrl, adminDatabase))
if (database === 'mongodb') {
  const mongo = await findMongo()
  if (mongo === undefined)
    throw new Error('There is no MONGODB_URI, and no stand-in for this system.')
  await serve(await openMongo(mongo, adminDatabase))
}

async function serve<Database>(backend: Backend<Database>): Promise<void> {
  const application = await openApplication(backend, adminToken)
  if (configuration.isSeeded) await application.seed()

  const express = await startExpress(application, port)
  const fastify = await startFastify(application, port === 0 ? 0 : port + 1)
  // SIGTERM: what is going on ends, what comes is refused, and the admin database is the last to close.
  createShutdown({
    servers: [express, fastify],
    databases: application.databases,
    deadline: 10,
    last: () => application.close(),
  })

  console.log(`${urlOf(express)}  Express on ${backend.name}`)
  console.log(`${urlOf(fastify)}  Fastify on ${backend.name}`)
  if (adminToken === undefined) console.log('ADMIN_TOKEN is not set: nobody is an administrator.')
  if (configuration.isSeeded) await printRequests(application, urlOf(express))
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

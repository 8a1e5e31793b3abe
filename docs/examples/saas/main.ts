/** Tenants with a database each, on Express and Fastify. Prints requests to try it with. */
import { createShutdown } from '@tenantry/databases'
import { findMongo } from '../mongodb.ts'
import { openApplication } from './application.ts'
import type { Backend } from './backend.ts'
import { readConfiguration } from './configuration.ts'
import { createExpress } from './express-server.ts'
import { createFastify } from './fastify-server.ts'
import { openMongo } from './mongodb-backend.ts'
import { openPglite } from './pglite-backend.ts'
import { openPostgres } from './postgres-backend.ts'
import { printRequests } from './requests.ts'

// Until there is something to end in order.
const signals = ['SIGTERM', 'SIGINT'] as const
const giveUp = () => process.exit(1)
for (const signal of signals) process.once(signal, giveUp)

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

  const express = createExpress(application)
  const fastify = await createFastify(application)
  // SIGTERM: what is going on ends, what comes is refused, and the admin database is the last to close.
  createShutdown({
    server: [express.server, fastify.server],
    databases: application.databases,
    deadline: 10,
    last: () => application.close(),
  })
  for (const signal of signals) process.off(signal, giveUp)

  const url = await express.listen(port)
  console.log(`${url}  Express on ${backend.name}`)
  console.log(`${await fastify.listen(port === 0 ? 0 : port + 1)}  Fastify on ${backend.name}`)
  if (adminToken === undefined) console.log('ADMIN_TOKEN is not set: nobody is an administrator.')
  console.log(`Ctrl-C ends it, and so does: kill ${process.pid}`)
  if (configuration.isSeeded) await printRequests(application, url, adminToken !== undefined)
}

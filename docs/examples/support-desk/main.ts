/** A customer support platform, on two frameworks and two databases. Prints requests to try it with. */
import { createVerifier, userfront } from '@tenantry/core'
import { createTestIssuer } from '@tenantry/testing'
import { absence, findMongo } from '../mongodb.ts'
import { startExpress } from './express-server.ts'
import { startFastify } from './fastify-server.ts'
import { openMongooseDesk } from './mongoose-desk.ts'
import { openPostgresDesk } from './postgres-desk.ts'
import { printRequests } from './requests.ts'

const workspace = { workspaceId: 'demo1234', mode: 'live' } as const
const port = Number(process.env['PORT'] ?? 3000)
/** Of the next server; with PORT=0 each takes any that is free. */
const after = (count: number): number => (port === 0 ? 0 : port + count)

// Stands in for Userfront: keys and tokens of its own, on this machine. In production leave it out,
// and `keys` below as well.
const issuer = createTestIssuer(workspace)
const jwks = await issuer.listen()

const verifier = createVerifier(userfront({ ...workspace, keys: jwks.url }))
await verifier.ready()

const postgres = await openPostgresDesk()
const express = await startExpress(verifier, postgres, port)
console.log(`${express}  Express on PostgreSQL, embedded (PGlite)`)
const fastify = await startFastify(verifier, postgres, after(1))
console.log(`${fastify}  Fastify on PostgreSQL, embedded (PGlite)`)

// The stand-in ends with this program, however that ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit())
const mongo = await findMongo()
if (mongo === undefined) console.log(`Mongoose is SKIPPED: ${absence}`)
else {
  const desk = await openMongooseDesk(mongo.uri)
  console.log(
    `${await startExpress(verifier, desk, after(2))}  Express on Mongoose, with ${mongo.name}`,
  )
  console.log(
    `${await startFastify(verifier, desk, after(3))}  Fastify on Mongoose, with ${mongo.name}`,
  )
}

await printRequests(issuer, express)

/** Organizations with products, catalogs and orders. Prints requests to try it with. */
import { createVerifier, userfront } from '@tenantry/core'
import { organization } from '@tenantry/mongoose'
import { createTestIssuer } from '@tenantry/testing'
import mongoose from 'mongoose'
import { absence, findMongo } from '../mongodb.ts'
import { fill } from './fill.ts'
import { models } from './models.ts'
import { printRequests } from './requests.ts'
import { startServer } from './server.ts'

// The stand-in ends with this program, however that ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit())
const mongo = await findMongo()
if (mongo === undefined) {
  console.error(`The catalog is SKIPPED: ${absence}`)
  process.exit(1)
}
// A database of the example's own: it is emptied, and filled anew.
await mongoose.connect(mongo.uri, { dbName: 'tenantry_catalog', autoCreate: false })
await fill()

const workspace = { workspaceId: 'demo1234', mode: 'live' } as const

// Stands in for Userfront: keys and tokens of its own, on this machine. In production leave it out,
// and `keys` below as well.
const issuer = createTestIssuer(workspace)
const jwks = await issuer.listen()

const verifier = createVerifier(userfront({ ...workspace, keys: jwks.url }))
await verifier.ready()

const url = await startServer(verifier, Number(process.env['PORT'] ?? 3000))
console.log(`${url}  Express on Mongoose, with ${mongo.name}`)
const foreign = await organization('org-b', models).products.findOne().orFail()
await printRequests(issuer, url, foreign.id)

/** A customer support platform of two organizations. Prints requests to try it with. */
import { createVerifier, userfront } from '@tenantry/core'
import { createTestIssuer } from '@tenantry/testing'
import { startExpress } from './express-server.ts'
import { openPostgresDesk } from './postgres-desk.ts'

const workspace = { workspaceId: 'demo1234', mode: 'live' } as const

// Stands in for Userfront: keys and tokens of its own, on this machine. In production leave it out,
// and `keys` below as well.
const issuer = createTestIssuer(workspace)
const jwks = await issuer.listen()
const verifier = createVerifier(userfront({ ...workspace, keys: jwks.url }))
await verifier.ready()
const postgres = await openPostgresDesk()
const url = await startExpress(verifier, postgres, 3000)
console.log(url, await issuer.token({ userId: 1, authorization: { acme: { roles: ['agent'] } } }))

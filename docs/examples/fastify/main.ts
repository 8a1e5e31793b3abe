/** Widgets of a tenant, for its admins only, with Fastify. Prints requests to try it with. */
import type { AddressInfo } from 'node:net'
import { createVerifier, userfront } from '@tenantry/core'
import { currentTenantId } from '@tenantry/core/context'
import { getAuth, tenantry } from '@tenantry/fastify'
import { createTestIssuer } from '@tenantry/testing'
import Fastify from 'fastify'

const workspace = { workspaceId: 'demo1234', mode: 'live' } as const

// Stands in for Userfront: keys and tokens of its own, on this machine. In production leave it out,
// and `keys` below as well.
const issuer = createTestIssuer(workspace)
const jwks = await issuer.listen()

const verifier = createVerifier(userfront({ ...workspace, keys: jwks.url }))
await verifier.ready()

const widgets: ReadonlyMap<string, readonly string[]> = new Map([
  ['nz569yb7', ['a gear', 'a spring']],
  ['a5h281k8', ['a bolt']],
])

const app = Fastify()
await app.register(tenantry, { verifier, strict: true })

app.get('/tenants/:tenantId/widgets', { preHandler: app.requireRole('admin') }, async (request) => {
  const { userId } = getAuth(request)
  // A string: outside of any tenant it throws.
  const tenantId = currentTenantId()
  return { tenantId, userId, widgets: widgets.get(tenantId) ?? [] }
})

await app.listen({ port: Number(process.env['PORT'] ?? 3000), host: '127.0.0.1' })

const { port } = app.server.address() as AddressInfo
const authorization = { nz569yb7: { roles: ['admin'] }, a5h281k8: { roles: ['member'] } }
const admin = await issuer.token({ userId: 36, authorization }, { expiresIn: 3600 })
const expired = await issuer.expired({ userId: 36, authorization })

function show(comment: string, tenantId: string, token?: string): void {
  const header = token === undefined ? '' : `-H "Authorization: Bearer ${token}" `
  console.log(
    `\n# ${comment}\ncurl -i ${header}http://127.0.0.1:${port}/tenants/${tenantId}/widgets`,
  )
}

show('200: an admin of the tenant', 'nz569yb7', admin)
show('403 role_insufficient: a member, and no admin', 'a5h281k8', admin)
show('403 tenant_forbidden: no member', 'zzz', admin)
show('401 credentials_missing: no token', 'nz569yb7')
show('401 token_expired: a token whose time is up', 'nz569yb7', expired)

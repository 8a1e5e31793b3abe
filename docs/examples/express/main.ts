/** Widgets of a tenant, for its admins only, with Express. Prints requests to try it with. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createVerifier, userfront } from '@tenantry/core'
import { currentTenantId } from '@tenantry/core/context'
import { auditRoutes, createGuard, getAuth } from '@tenantry/express'
import { createTestIssuer } from '@tenantry/testing'
import express from 'express'

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

const guard = createGuard({ verifier })
const app = express()

app.get('/tenants/:tenantId/widgets', guard.requireRole('admin'), (req, res) => {
  const { userId } = getAuth(req)
  // A string: outside of any tenant it throws.
  const tenantId = currentTenantId()
  res.json({ tenantId, userId, widgets: widgets.get(tenantId) ?? [] })
})

const open = auditRoutes(app).filter((route) => !route.guarded)
if (open.length > 0) throw new Error(`No guard: ${open.map(({ path }) => path).join(', ')}`)

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1')
await once(server, 'listening')

const { port } = server.address() as AddressInfo
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

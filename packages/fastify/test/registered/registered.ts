/** What compiles in an application that has registered its verifier. A program of its own. */
import { createVerifier, defineRoles, type RoleModel, type Verifier } from '@tenantry/core'
import { getAuth, type Permission, type Role, tenantry } from '@tenantry/fastify'
import Fastify from 'fastify'

const roles: RoleModel<'viewer' | 'admin', 'read'> = defineRoles({
  viewer: { permissions: ['read'] },
  admin: { inherits: ['viewer'] },
})
const verifier: Verifier<'viewer' | 'admin', 'read'> = createVerifier({
  keys: 'https://example.com/jwks.json',
  roles,
})

declare module '@tenantry/fastify' {
  interface Register {
    verifier: typeof verifier
  }
}

const app = Fastify()
await app.register(tenantry, { verifier })
// @ts-expect-error: not the verifier that was registered
await app.register(tenantry, { verifier: createVerifier({ keys: 'https://example.com/' }) })

export const known: readonly [Role, Permission] = ['admin', 'read']
app.requireRole('admin')
app.requireAnyRole('admin', 'viewer', { hideTenants: true })
app.requirePermission('read')
app.require({ any: ['admin', { permission: 'read' }] })
// @ts-expect-error: no such role
app.requireRole('adminn')
// @ts-expect-error: no such role
app.requireAllRoles('admin', 'adminn')
// @ts-expect-error: no such permission
app.requirePermission('write')
app.get('/', { config: { tenantry: { role: 'admin', hideTenants: true } } }, async () => 'ok')
const named = { tenantry: { role: 'admin' } } as const
app.get('/', { config: named }, async () => 'ok')
const widened = { tenantry: { role: 'admin' } }
// @ts-expect-error: its role is any string, because it stands in an object of its own
app.get('/', { config: widened }, async () => 'ok')
// @ts-expect-error: no such role
app.get('/', { config: { tenantry: { role: 'adminn' } } }, async () => 'ok')
// @ts-expect-error: no such role
app.get('/', async (request) => request.auth?.can('adminn'))
// @ts-expect-error: no such role
app.get('/', async (request) => getAuth(request).can('adminn'))

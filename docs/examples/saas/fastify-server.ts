/** The API on Fastify. */
import { isTenantryError } from '@tenantry/core'
import { tenantDatabases } from '@tenantry/databases/fastify'
import { tenantry } from '@tenantry/fastify'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginCallback,
  type FastifyReply,
} from 'fastify'
import type { Administration } from './administration.ts'
import type { Application, ApplicationServer } from './application.ts'
import { credentials, idempotencyKey, newProject, newStatus, newTenant } from './input.ts'

export async function createFastify<Database>(
  application: Application<Database>,
): Promise<ApplicationServer> {
  const { verifier, databases, login, administration, workspace } = application
  const app = Fastify({ bodyLimit: 10_000 })
  // Strict: a route of a tenant that has no guard keeps the server from starting.
  await app.register(tenantry, { verifier, strict: true })
  // Behind each guard of a tenant, the request gets its database.
  await app.register(tenantDatabases, { databases })
  // What Tenantry throws has a status and a code: 409 for a slug that is taken. A body that is no JSON is
  // the client's fault; of what is ours it is told nothing.
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (isTenantryError(error) && error.status !== 500) {
      return reply.code(error.status).headers(error.headers).send({ code: error.code })
    }
    const { statusCode = 500 } = error
    if (statusCode >= 400 && statusCode < 500) return invalid(reply, statusCode)
    console.error(error)
    return reply.code(500).send({ code: 'internal' })
  })

  app.post('/login', async (request, reply) => {
    const given = credentials.safeParse(request.body)
    if (!given.success) return invalid(reply)
    const loggedIn = await login(given.data.email, given.data.password)
    reply.header('cache-control', 'no-store')
    return loggedIn ?? reply.code(401).send({ code: 'login_refused' })
  })

  const member = { preHandler: app.requireTenant() }
  const admin = { preHandler: app.requireRole('admin') }
  const projects = '/tenants/:tenantId/projects'
  app.get(projects, member, (request) => workspace(request).projects())
  app.post(projects, admin, async (request, reply) => {
    const project = newProject.safeParse(request.body)
    if (!project.success) return invalid(reply)
    const added = await workspace(request).addProject(project.data.name)
    if (added === undefined) return reply.code(409).send({ code: 'duplicate_key' })
    return reply.code(201).send(added)
  })
  app.get('/tenants/:tenantId/users', admin, (request) => workspace(request).users())

  const platform: FastifyPluginCallback = (scope, _options, done) => {
    addAdministration(scope, administration)
    done()
  }
  await app.register(platform, { prefix: '/admin' })

  return { server: app.server, listen: (port) => app.listen({ port, host: '127.0.0.1' }) }
}

function addAdministration(platform: FastifyInstance, administration: Administration): void {
  platform.addHook('onRequest', async (request, reply) => {
    if (administration.isAdministrator(request.headers.authorization)) return
    reply.code(401).header('www-authenticate', 'Bearer realm="admin"')
    return reply.send({ code: 'administrator_only' })
  })
  platform.get('/tenants', () => administration.tenants())
  platform.post('/tenants', async (request, reply) => {
    const tenant = newTenant.safeParse(request.body)
    const key = idempotencyKey.safeParse(request.headers['idempotency-key'])
    if (!tenant.success || !key.success) return invalid(reply)
    return reply.code(201).send(await administration.addTenant(key.data, tenant.data))
  })
  platform.put<{ Params: { id: string } }>('/tenants/:id/status', async (request, reply) => {
    const change = newStatus.safeParse(request.body)
    if (!change.success) return invalid(reply)
    const isThere = await administration.setStatus(request.params.id, change.data.status)
    return isThere ? reply.code(204).send() : reply.code(404).send({ code: 'not_found' })
  })
  platform.post('/keys', async (_request, reply) => {
    const isRotated = await administration.rotateKeys()
    return isRotated ? reply.code(204).send() : reply.code(409).send({ code: 'rotated_recently' })
  })
}

function invalid(reply: FastifyReply, status = 400): FastifyReply {
  return reply.code(status).send({ code: 'body_or_query_invalid' })
}

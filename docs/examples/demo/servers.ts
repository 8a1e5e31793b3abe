/** The same small application on Express and on Fastify, each listening on loopback. */
import type { AddressInfo } from 'node:net'
import type { Verifier } from '@tenantry/core'
import { createGuard, getAuth } from '@tenantry/express'
import { getAuth as getFastifyAuth, tenantry } from '@tenantry/fastify'
import express from 'express'
import Fastify from 'fastify'

/** An application that is listening. */
export interface RunningServer {
  readonly name: string
  readonly url: string
  close(): Promise<void>
}

/** GET /tenants/:tenantId/widgets, for admins. */
export async function startExpress(verifier: Verifier): Promise<RunningServer> {
  const guard = createGuard({ verifier })
  const app = express()
  app.get('/tenants/:tenantId/widgets', guard.requireRole('admin'), (request, response) => {
    response.json({ widgets: [], tenant: getAuth(request).tenantId })
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    name: 'Express',
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The same on Fastify. */
export async function startFastify(verifier: Verifier): Promise<RunningServer> {
  const app = Fastify({ forceCloseConnections: true })
  await app.register(tenantry, { verifier })
  const guarded = { preHandler: app.requireRole('admin') }
  app.get('/tenants/:tenantId/widgets', guarded, async (request) => {
    return { widgets: [], tenant: getFastifyAuth(request).tenantId }
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { name: 'Fastify', url, close: () => app.close() }
}

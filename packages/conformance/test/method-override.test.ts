/** R11: an application that lets a header say the method. The guard is that of the route it leads to. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as onExpress from '@tenantry/express'
import { tenantry } from '@tenantry/fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { callers, verifier } from './support/callers.ts'
import { expressVersions, fastifyVersions } from './support/framework-versions.ts'
import { send } from './support/raw-request.ts'
import { expectAnswer, insufficient, passes } from './support/rows.ts'

function override(request: IncomingMessage): void {
  const method = request.headers['x-http-method-override']
  if (request.method === 'POST' && typeof method === 'string') request.method = method
}

const path = '/tenants/:tenantId/name'

const listeners: readonly (readonly [string, () => Promise<RequestListener>])[] = [
  ...expressVersions.map(({ name, express }) => {
    const start = async (): Promise<RequestListener> => {
      const guard = onExpress.createGuard({ verifier })
      const app = express()
      app.use((req, _res, next) => {
        override(req)
        next()
      })
      app.get(path, guard.requireTenant(), (req, res) => void res.send(req.method))
      app.delete(path, guard.requireRole('admin'), (req, res) => void res.send(req.method))
      return app
    }
    return [name, start] as const
  }),
  ...fastifyVersions.map(({ name, fastify }) => {
    const start = async (): Promise<RequestListener> => {
      const app = fastify({})
      await app.register(tenantry, { verifier })
      app.get(path, { preHandler: app.requireTenant() }, async (request) => request.method)
      app.delete(path, { preHandler: app.requireRole('admin') }, async (request) => request.method)
      await app.ready()
      return (request, response) => {
        override(request)
        app.routing(request, response)
      }
    }
    return [name, start] as const
  }),
]

describe.each(listeners)('%s', (_name, start) => {
  test('R11: a method that was overridden has the guard of its own route', async () => {
    const server = createServer(await start())
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const ask = (token: string, method?: string) => {
      const header = method === undefined ? [] : [`X-HTTP-Method-Override: ${method}`]
      const line = 'POST /tenants/acme/name HTTP/1.1'
      return send(port, [line, `Authorization: Bearer ${token}`, ...header])
    }
    expectAnswer(await ask(callers.member, 'DELETE'), insufficient)
    expectAnswer(await ask(callers.member, 'GET'), passes)
    expectAnswer(await ask(callers.admin, 'DELETE'), passes)
    expect((await ask(callers.admin)).status).toBe(404)
  })
})

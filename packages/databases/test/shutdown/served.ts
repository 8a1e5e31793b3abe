/**
 * A tenant application in a process of its own, on Express or on Fastify. It writes what happens, one
 * line each: `listening <port>`, `entered`, `stopping`, `closed <tenant>`, `admin`.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifier } from '@tenantry/core'
import { createGuard } from '@tenantry/express'
import { tenantry } from '@tenantry/fastify'
import express from 'express'
import Fastify from 'fastify'
import { tenantDatabases } from '../../src/fastify/index.ts'
import { createShutdown, createTenantDatabases } from '../../src/index.ts'

const { framework, jwks, deadline } = JSON.parse(process.env['SERVED'] ?? '{}')
const say = (line: string) => process.stdout.write(`${line}\n`)

const databases = createTenantDatabases({
  registry: {
    async find(tenantId) {
      return { tenantId, status: 'active', databaseName: `${tenantId}_1`, version: 1 }
    },
  },
  connect: async ({ tenantId }) => ({ tenantId }),
  async disconnect({ tenantId }) {
    say(`closed ${tenantId}`)
  },
})
const verifier = createVerifier({ keys: jwks })

/** Requests to /slow wait until somebody asks for /go. */
const slow: (() => void)[] = []
async function answer(path: string): Promise<object> {
  if (path.startsWith('/slow')) {
    await new Promise<void>((resolve) => {
      slow.push(resolve)
      say('entered')
    })
  }
  return { path }
}

async function start(): Promise<ReturnType<typeof createServer>> {
  if (framework === 'fastify') {
    const app = Fastify()
    await app.register(tenantry, { verifier })
    await app.register(tenantDatabases, { databases })
    const preHandler = app.requireTenant()
    app.get('/slow/:tenantId', { preHandler }, ({ url }) => answer(url))
    app.get('/fast/:tenantId', { preHandler }, ({ url }) => answer(url))
    app.get('/public', ({ url }) => answer(url))
    createShutdown({ server: app.server, databases, deadline, last: () => say('admin') })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return app.server
  }
  const app = express()
  const guard = createGuard({ verifier })
  const handler: express.RequestHandler = (req, res, next) => {
    answer(req.url).then((body) => res.json(body), next)
  }
  app.get('/slow/:tenantId', guard.requireTenant(), databases.middleware(), handler)
  app.get('/fast/:tenantId', guard.requireTenant(), databases.middleware(), handler)
  app.get('/public', handler)
  const server = createServer(app)
  createShutdown({ server, databases, deadline, last: () => say('admin') })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const server = await start()
process.prependListener('SIGTERM', () => say('stopping'))
process.on('message', () => {
  for (const go of slow.splice(0)) go()
})
say(`listening ${(server.address() as AddressInfo).port}`)

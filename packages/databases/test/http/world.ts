/** The same tenant application on Express 4 and 5 and on Fastify 4 and 5, on real sockets. */
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createVerifier, type Verifier } from '@tenantry/core'
import { createGuard } from '@tenantry/express'
import { tenantry } from '@tenantry/fastify'
import { createTestIssuer, type TestIssuer } from '@tenantry/testing'
import express5 from 'express'
import fastify5, { type FastifyInstance } from 'fastify'
import fastify4 from 'fastify4'
import { onTestFinished } from 'vitest'
import { tenantDatabases } from '../../src/fastify/index.ts'
import { createWorld, type FakeDatabase, type World } from '../support/fakes.ts'

// The types are those of 5: what the tests use of it is the same in 4.
const express4: typeof express5 = createRequire(import.meta.url)('express4')

export const issuer: TestIssuer = createTestIssuer()
export const verifier: Verifier = createVerifier({ keys: issuer.keys })

/** What a handler is given of a request, whatever the framework. */
export interface Handled {
  readonly database: FakeDatabase
  /** The framework's own object for the request. */
  readonly request: object
}

/** What the handlers of a test do. `wait` answers when the test says so. */
export interface Handlers {
  /** Called when a request has come into the handler; what it returns is answered. */
  handle(handled: Handled): unknown
}

export interface Application {
  readonly url: string
  readonly port: number
}

type Start = (
  world: World,
  handlers: Handlers,
  options?: { hideTenants?: boolean },
) => Promise<Application>

function onExpress(express: typeof express5): Start {
  return async ({ databases }, { handle }, { hideTenants = false } = {}) => {
    const app = express()
    const guard = createGuard({ verifier, hideTenants })
    const answer: express5.RequestHandler = (req, res, next) => {
      Promise.resolve()
        .then(() => handle({ database: databases.of(req), request: req }))
        .then((body) => res.json(body ?? {}), next)
    }
    app.get('/t/:tenantId', guard.requireTenant(), databases.middleware(), answer)
    app.get(
      '/twice/:tenantId',
      guard.requireTenant(),
      databases.middleware(),
      databases.middleware(),
      answer,
    )
    app.get('/unguarded/:tenantId', databases.middleware(), answer)
    app.get('/any', guard.requireAuth(), databases.middleware(), answer)
    const server = createServer(app)
    // The message of a handler that throws is not for the log of the tests.
    app.use(((_error, _req, res, _next) => {
      res.statusCode = 500
      res.end('{"code":"of_the_handler"}')
    }) satisfies express5.ErrorRequestHandler)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    const { port } = server.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}`, port }
  }
}

function onFastify(fastify: (options: object) => FastifyInstance): Start {
  return async ({ databases }, { handle }, { hideTenants = false } = {}) => {
    const app = fastify({ forceCloseConnections: true })
    onTestFinished(() => app.close())
    await app.register(tenantry, { verifier, hideTenants })
    await app.register(tenantDatabases, { databases })
    app.setErrorHandler((error, _request, reply) => {
      const code = Reflect.get(Object(error), 'code')
      void reply.code(500).send({ code: code === 'option_invalid' ? code : 'of_the_handler' })
    })
    const handler = async (request: object) =>
      (await handle({ database: databases.of(request), request })) ?? {}
    const preHandler = app.requireTenant()
    app.get('/t/:tenantId', { preHandler }, handler)
    app.get('/twice/:tenantId', { preHandler: [preHandler, app.requireTenant()] }, handler)
    app.get('/unguarded/:tenantId', handler)
    app.get('/any', { preHandler: app.requireAuth() }, handler)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    return { url, port: Number(new URL(url).port) }
  }
}

export const frameworks: readonly { readonly name: string; readonly start: Start }[] = [
  { name: 'Express 4', start: onExpress(express4) },
  { name: 'Express 5', start: onExpress(express5) },
  // Their types are two, and alike in what the tests use.
  {
    name: 'Fastify 4',
    start: onFastify(fastify4 as unknown as (options: object) => FastifyInstance),
  },
  { name: 'Fastify 5', start: onFastify((options) => fastify5(options)) },
]

export { createWorld }

/** A token of a member of these tenants. */
export async function tokenFor(...tenantIds: readonly string[]): Promise<string> {
  const entries = tenantIds.map((tenantId) => [tenantId, { roles: ['member'] }])
  return await issuer.token({ authorization: Object.fromEntries(entries) })
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  readonly code: unknown
}

export async function get(url: string, token?: string): Promise<Answer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(url, { headers })
  const body: unknown = await response.json().catch(() => undefined)
  const { status } = response
  return { status, headers: response.headers, body, code: Reflect.get(Object(body), 'code') }
}

/** Requests on one connection, sent at once; the test has its socket in its hands. */
export async function request(
  port: number,
  path: string,
  token: string,
  ...more: readonly string[]
): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  const headers = `Host: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
  socket.write([path, ...more].map((each) => `GET ${each} HTTP/1.1\r\n${headers}`).join(''))
  return socket
}

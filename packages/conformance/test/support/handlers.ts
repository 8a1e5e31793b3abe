/** The same handlers behind a guard on each framework: what they do, and what they see. */
import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Verifier } from '@tenantry/core'
import { currentAuth, currentTenantId } from '@tenantry/core/context'
import * as onExpress from '@tenantry/express'
import * as onFastify from '@tenantry/fastify'
import type express5 from 'express'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { verifier } from './callers.ts'
import {
  type CreateFastify,
  expressVersions,
  type FrameworkName,
  fastifyVersions,
} from './framework-versions.ts'

/** Where the guard stands: ahead of the parsing of bodies, or behind it. */
export type Place = 'before the body' | 'behind the body'

export const places: readonly Place[] = ['before the body', 'behind the body']

/** Tells of `met`, when a handler waits for all, and of `gone`, when its client has. */
export interface Handlers {
  readonly port: number
  readonly events: EventEmitter
  close(): Promise<void>
}

/** Everybody whom a handler can see, in a request of one tenant the same. */
function seen(...others: readonly unknown[]): readonly unknown[] {
  return [currentTenantId(), currentAuth()?.tenantId, ...others]
}

/** Waits until as many have come, and goes on in the reverse order. */
function createMeeting(events: EventEmitter) {
  const waiting: (() => void)[] = []
  return async (size: number): Promise<void> => {
    const met = new Promise<void>((resolve) => waiting.push(resolve))
    events.emit('met', waiting.length)
    if (waiting.length === size) for (const goOn of waiting.splice(0).reverse()) goOn()
    await met
  }
}

async function* chunks(): AsyncGenerator<string> {
  for (let count = 0; count < 3; count++) {
    await delay(1)
    yield `${currentTenantId()}\n`
  }
}

/** What was current while each part of a body came. */
async function readParts(body: AsyncIterable<Buffer>): Promise<object> {
  const tenants: string[] = []
  let text = ''
  for await (const part of body) {
    tenants.push(currentTenantId())
    text += String(part)
  }
  return { tenants: [...new Set(tenants)], text }
}

async function startExpress(
  express: typeof express5,
  place: Place,
  used: Verifier,
): Promise<Handlers> {
  const events = new EventEmitter()
  const meet = createMeeting(events)
  const guard = onExpress.createGuard({ verifier: used })
  const parsers = [express.json(), express.text(), express.urlencoded({ extended: false })]
  const app = express()
  const around: RequestHandler[] =
    place === 'before the body'
      ? [guard.requireTenant(), ...parsers]
      : [...parsers, guard.requireTenant()]
  function route(name: string, handler: (req: Request, res: Response) => unknown): void {
    app.all(`/tenants/:tenantId/${name}`, ...around, (req, res, next) => {
      // Express 4 does not look at promises.
      Promise.resolve()
        .then(() => handler(req, res))
        .catch(next)
    })
  }
  app.all('/tenants/:tenantId/throw', ...around, () => {
    throw new Error('a mistake')
  })
  route('reject', async () => {
    await delay(1)
    throw new Error('a mistake')
  })
  route('stream', (_req, res) => void Readable.from(chunks()).pipe(res))
  route('twice', (_req, res) => {
    res.send('first')
    try {
      res.send('second')
    } catch {
      events.emit('refused')
    }
  })
  route('torn', (_req, res) => {
    res.writeHead(200, { 'content-length': '10' })
    res.write('half', () => res.destroy())
  })
  route('wait', (_req, res) => {
    events.emit('waits')
    res.on('close', () => events.emit('gone'))
  })
  route('body', (req, res) => {
    res.json({ seen: seen(req.auth?.tenantId, onExpress.getAuth(req).tenantId), body: req.body })
  })
  route('parts', async (req, res) => res.json(await readParts(req)))
  route('meet', async (req, res) => {
    const before = seen(req.auth?.tenantId, onExpress.getAuth(req).tenantId)
    await meet(Number(req.query['size']))
    res.json([...before, ...seen(req.auth?.tenantId, onExpress.getAuth(req).tenantId)])
  })
  app.get('/open', (_req, res) => void res.json({ current: currentAuth()?.tenantId ?? null }))
  app.use((error: Error, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) next(error)
    else res.status(418).send(`${error.message} in ${currentAuth()?.tenantId}`)
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    events,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function startFastify(
  fastify: CreateFastify,
  place: Place,
  used: Verifier,
): Promise<Handlers> {
  const events = new EventEmitter()
  const meet = createMeeting(events)
  const app = fastify({ forceCloseConnections: true })
  await app.register(onFastify.tenantry, { verifier: used })
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => {
    done(null, payload)
  })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, text, done) => done(null, Object.fromEntries(new URLSearchParams(String(text)))),
  )
  const guard = app.requireTenant()
  const hooks = place === 'before the body' ? { onRequest: guard } : { preHandler: guard }
  function route(
    name: string,
    handler: (request: FastifyRequest, reply: FastifyReply) => unknown,
  ): void {
    app.route({ method: ['GET', 'POST'], url: `/tenants/:tenantId/${name}`, ...hooks, handler })
  }
  route('throw', () => {
    throw new Error('a mistake')
  })
  route('reject', async () => {
    await delay(1)
    throw new Error('a mistake')
  })
  route('stream', (_request, reply) => reply.send(Readable.from(chunks())))
  route('twice', (_request, reply) => {
    void reply.send('first')
    // Fastify writes a line to its log, and does not throw.
    void reply.send('second')
    events.emit('refused')
  })
  route('torn', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-length': '10' })
    reply.raw.write('half', () => reply.raw.destroy())
  })
  route('wait', (_request, reply) => {
    events.emit('waits')
    reply.raw.on('close', () => events.emit('gone'))
  })
  route('body', async (request) => ({
    seen: seen(request.auth?.tenantId, onFastify.getAuth(request).tenantId),
    body: request.body,
  }))
  route('parts', async (request) => await readParts(request.body as Readable))
  route('meet', async (request) => {
    const before = seen(request.auth?.tenantId, onFastify.getAuth(request).tenantId)
    await meet(Number(Reflect.get(Object(request.query), 'size')))
    return [...before, ...seen(request.auth?.tenantId, onFastify.getAuth(request).tenantId)]
  })
  app.get('/open', async () => ({ current: currentAuth()?.tenantId ?? null }))
  app.setErrorHandler((error: Error, _request, reply) =>
    reply.code(418).send(`${error.message} in ${currentAuth()?.tenantId}`),
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    port: (app.server.address() as AddressInfo).port,
    events,
    close: () => app.close(),
  }
}

/** All four, with the guard in either place. */
export const handlers: readonly {
  readonly name: FrameworkName
  readonly place: Place
  start(used?: Verifier): Promise<Handlers>
}[] = places.flatMap((place) => [
  ...expressVersions.map(({ name, express }) => ({
    name,
    place,
    start: (used = verifier) => startExpress(express, place, used),
  })),
  ...fastifyVersions.map(({ name, fastify }) => ({
    name,
    place,
    start: (used = verifier) => startFastify(fastify, place, used),
  })),
])

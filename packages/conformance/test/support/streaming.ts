/** An application that is made of the code of its guide: cookies, WebSockets, Server-Sent Events. */
import type { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Verifier } from '@tenantry/core'
import type express5 from 'express'
import {
  type CreateFastify,
  expressVersions,
  type FrameworkName,
  fastifyVersions,
} from './framework-versions.ts'
import { runBlock } from './guide-code.ts'

/** What the guides' code leaves behind, and what the tests look at. */
export interface Streaming {
  readonly port: number
  readonly server: Server
  /** The emitter of the changes that streams tell of. */
  readonly changes: EventEmitter
  /** How many timers the code has set that have neither fired nor been cleared. */
  timers(): number
  connections(): number
  /** As the framework does it. */
  close(): Promise<void>
  /** Whoever is still connected. */
  end(): Promise<void>
}

/** Timers that the code of a guide sets, counted. */
function countedTimers() {
  const pending = new Set<NodeJS.Timeout>()
  return {
    pending,
    free: {
      setTimeout(run: () => void, after: number): NodeJS.Timeout {
        const timer = setTimeout(() => {
          pending.delete(timer)
          run()
        }, after)
        pending.add(timer)
        return timer
      },
      clearTimeout(timer: NodeJS.Timeout): void {
        pending.delete(timer)
        clearTimeout(timer)
      },
    },
  }
}

async function startExpress(express: typeof express5, verifier: Verifier): Promise<Streaming> {
  const run = (heading: string, free: object, result: string) =>
    runBlock('express.md', heading, { ...timers.free, ...free }, result)
  const timers = countedTimers()
  const app = express()
  const guard = await run('Cookies', { verifier }, 'guard')
  const changes = await run('Server-Sent Events', { app, guard }, 'changes')
  const server = (await run('WebSockets', { app, verifier }, 'server')) as Server
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return running(server, changes, timers.pending, async () => {
    await new Promise((resolve) => server.close(resolve))
  })
}

async function startFastify(fastify: CreateFastify, verifier: Verifier): Promise<Streaming> {
  const timers = countedTimers()
  const app = fastify({ forceCloseConnections: true })
  const run = (heading: string, free: object, result: string) =>
    runBlock('fastify.md', heading, { ...timers.free, app, ...free }, result)
  await run('Cookies', { verifier }, 'undefined')
  const changes = await run('Server-Sent Events', {}, 'changes')
  await run('WebSockets', { verifier }, 'undefined')
  await app.listen({ port: 0, host: '127.0.0.1' })
  return running(app.server, changes, timers.pending, () => app.close())
}

function running(
  server: Server,
  changes: unknown,
  pending: ReadonlySet<unknown>,
  close: () => Promise<void>,
): Streaming {
  const { port } = server.address() as AddressInfo
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  // The blocks are compiled against these types by the tests of the documentation.
  return {
    port,
    server,
    changes: changes as EventEmitter,
    timers: () => pending.size,
    connections: () => sockets.size,
    close,
    async end() {
      for (const socket of sockets) socket.destroy()
      await close()
    },
  }
}

/** The guide of each framework on both of its versions. */
export const streamingGuides: readonly {
  readonly name: FrameworkName
  start(verifier: Verifier): Promise<Streaming>
}[] = [
  ...expressVersions.map(({ name, express }) => ({
    name,
    start: (verifier: Verifier) => startExpress(express, verifier),
  })),
  ...fastifyVersions.map(({ name, fastify }) => ({
    name,
    start: (verifier: Verifier) => startFastify(fastify, verifier),
  })),
]

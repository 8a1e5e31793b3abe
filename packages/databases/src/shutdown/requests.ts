/** The requests of a server: how many are in flight, and that no more come in. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerRefusal, refusalOf, toRefusal } from '@tenantry/core/http'
import { invalid } from '../options.ts'
import { shuttingDown } from '../refusals.ts'
import { onEnd } from '../response-end.ts'
import { createOccasion } from '../waiting.ts'

/** A server of Node, by its form: of HTTP, HTTPS or HTTP/2. */
export interface Drainable {
  on(event: string, listener: (...given: never[]) => void): unknown
  prependListener(event: string, listener: (...given: never[]) => void): unknown
  removeAllListeners(event: string): unknown
  close(done?: () => void): unknown
  closeAllConnections?(): void
}

/** A connection of HTTP/2, whose server cannot close all of them by itself. */
interface Session {
  once(event: 'close', listener: () => void): unknown
  destroy(): void
}

export interface Requests {
  /** Answers every new request with 503, whatever route it is for. */
  refuse(): void
  /** Nobody is waiting for an answer. */
  readonly finished: Promise<void>
  count(): number
  /** Stops to listen, and closes what is connected still. */
  end(): void
}

/** @throws {ConfigurationError} `option_invalid` for what is no server */
export function drainRequests(servers: readonly Drainable[]): Requests {
  let inFlight = 0
  let isRefusing = false
  const finished = createOccasion()

  const count = (_request: IncomingMessage, response: ServerResponse) => {
    inFlight++
    let isCounted = true
    onEnd(response, () => {
      if (!isCounted) return
      isCounted = false
      inFlight--
      if (isRefusing && inFlight === 0) finished.happen()
    })
  }
  const sessions = new Set<Session>()
  const keep = (session: Session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  }
  for (const server of servers) {
    // An application of Express has listeners as well, and is no server.
    if (typeof server?.prependListener !== 'function' || typeof server.close !== 'function') {
      throw invalid(
        'server',
        'is no server of Node: pass what createServer(app), or app.listen() of Express, answers with, or app.server of Fastify',
      )
    }
    server.prependListener('request', count)
    server.on('session', keep)
  }

  return {
    refuse() {
      isRefusing = true
      for (const server of servers) {
        // Without a listener for them, both come as ordinary requests.
        for (const event of ['request', 'checkContinue', 'upgrade'])
          server.removeAllListeners(event)
        server.on('request', refuse)
      }
      if (inFlight === 0) finished.happen()
    },
    finished: finished.happened,
    count: () => inFlight,
    end() {
      for (const server of servers) {
        server.close()
        server.closeAllConnections?.()
      }
      for (const session of sessions) session.destroy()
    },
  }
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  // So that the client comes back by another connection, to another server. HTTP/2 has no such header.
  if (request.httpVersionMajor < 2) response.setHeader('connection', 'close')
  answerRefusal(response, toRefusal(shuttingDown(), refusalOf(request).policy))
}

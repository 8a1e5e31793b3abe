/**
 * One connection of the load generator. It is written for this purpose, because a load generator
 * with a parser for everything takes as much of a processor for one request as the fastest server
 * here, and would hide what a guard costs.
 */
import { connect, type Socket } from 'node:net'

/** A connection that is open. */
export interface Connection {
  /** Sends a request; answers with the status when the whole answer has come. */
  readonly send: (request: Buffer) => Promise<number>
  readonly exchange: (request: Buffer, done: (status: number) => void) => void
  readonly close: () => void
}

export async function openConnection(
  port: number,
  onFailure: (error: Error) => void,
): Promise<Connection> {
  const socket = await open(port)
  let done: ((status: number) => void) | undefined
  let received = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    let status: number | undefined
    try {
      status = statusWhenComplete(received)
    } catch (error) {
      onFailure(error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (status === undefined) return
    received = Buffer.alloc(0)
    const finish = done
    done = undefined
    if (finish === undefined) onFailure(new Error('An answer came that nobody had asked for.'))
    else finish(status)
  })
  socket.on('error', onFailure)
  socket.on('close', () => {
    if (done !== undefined) onFailure(new Error('The server closed a connection.'))
  })
  const exchange: Connection['exchange'] = (request, finish) => {
    done = finish
    socket.write(request)
  }
  return {
    exchange,
    send: (request) => new Promise((resolve) => exchange(request, resolve)),
    close: () => socket.destroy(),
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

/** The status, once headers and body are there; every answer here has a Content-Length. */
function statusWhenComplete(received: Buffer): number | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.toString('latin1', 0, end)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error('An answer has no Content-Length.')
  const missing = end + 4 + Number(length) - received.length
  if (missing < 0) throw new Error('An answer is longer than it says.')
  return missing === 0 ? Number(head.slice(9, 12)) : undefined
}

/** What stands for a database server: it answers each line after as long as a query takes. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Milliseconds. */
const queryTime = 5

export interface Store {
  readonly port: number
  /** Sockets that are connected to it. */
  connected(): number
}

export async function startStore(): Promise<Store> {
  let connected = 0
  const server = createServer((socket) => {
    connected++
    socket.on('close', () => connected--)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      setTimeout(() => socket.write(data), queryTime)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  const { port } = server.address() as AddressInfo
  return { port, connected: () => connected }
}

/** A connection to it, for one tenant. */
export interface Database {
  readonly tenantId: string
  readonly socket: Socket
  /** When it was opened, and how long that took, with the end of the one whose place it has. */
  readonly openedAt: number
  readonly openingTime: number
}

/** How long the connection took to close that was the last to end: the next one has its place. */
let closingTime = 0

export async function open(port: number, tenantId: string): Promise<Database> {
  const begin = performance.now() - closingTime
  closingTime = 0
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  const openedAt = performance.now()
  return { tenantId, socket, openedAt, openingTime: openedAt - begin }
}

export async function close({ socket }: Database): Promise<void> {
  const begin = performance.now()
  const closed = once(socket, 'close')
  socket.destroy()
  await closed
  closingTime = performance.now() - begin
}

/** Callers that share a connection take turns at it only in so far as any answer is an answer. */
export async function ask({ socket, tenantId }: Database): Promise<void> {
  const answered = once(socket, 'data')
  socket.write(`${tenantId}\n`)
  await answered
}

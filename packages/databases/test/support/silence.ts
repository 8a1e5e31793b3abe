/** Servers that say nothing, or nothing any more, as behind a network that has gone. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Silent {
  readonly port: number
  /** Connections that clients have. */
  sockets(): number
}

async function listen(server: Server): Promise<Silent> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, sockets: () => sockets.size }
}

/** Takes connections, reads what is sent, and never answers. A client that leaves is heard of. */
export async function silentServer(): Promise<Silent> {
  return await listen(createServer((socket) => socket.resume()))
}

/** Stands before the server on this port, until it passes nothing on any more, in either direction. */
export async function frozenProxy(to: number): Promise<Pick<Silent, 'port'> & { freeze(): void }> {
  const pairs: { readonly client: Socket; readonly server: Socket }[] = []
  const { port } = await listen(
    createServer({ allowHalfOpen: true }, (client) => {
      const server = connect(to, '127.0.0.1')
      server.on('error', () => undefined)
      client.pipe(server).pipe(client)
      onTestFinished(() => void server.destroy())
      pairs.push({ client, server })
    }),
  )
  return {
    port,
    freeze() {
      for (const { client, server } of pairs) {
        client.unpipe(server)
        server.unpipe(client)
        // What is sent is read, and the end of it is not answered.
        client.resume()
        server.resume()
      }
    },
  }
}

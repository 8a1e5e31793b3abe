/** Serves the page on loopback, as any static server would. */
import { createServer, type Server } from 'node:http'
import { html } from '@tenantry/inspector'

export interface PageServer {
  readonly address: string
  /** The path of every request that arrived. */
  readonly paths: readonly string[]
  close(): Promise<void>
}

export async function servePage(): Promise<PageServer> {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(request.url ?? '')
    response.setHeader('content-type', 'text/html; charset=utf-8').end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${portOf(server)}/`, paths, close: () => close(server) }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return address.port
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

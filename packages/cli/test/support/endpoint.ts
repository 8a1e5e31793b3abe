/** An endpoint on loopback that answers as a test wants it to, well or badly. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface TestEndpoint {
  readonly url: string
  readonly paths: readonly string[]
  close(): Promise<void>
}

const open: TestEndpoint[] = []
afterAll(() => Promise.all(open.splice(0).map((endpoint) => endpoint.close())))

/** Listens until the tests of the file are over. */
export async function serve(handler: Handler): Promise<TestEndpoint> {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(request.url ?? '')
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const endpoint = {
    url: `http://127.0.0.1:${port}`,
    paths,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  open.push(endpoint)
  return endpoint
}

/** Serves one document at every path. */
export function serveDocument(
  document: object | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestEndpoint> {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  return serve((_, response) => {
    response.writeHead(200, {
      'content-type': 'application/jwk-set+json',
      'cache-control': 'max-age=300',
      ...headers,
    })
    response.end(text)
  })
}

/** A JWKS endpoint on loopback. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that is listening. */
export interface JwksServer {
  /** The address of the JWK Set: http, on 127.0.0.1, on a free port. */
  readonly url: string
  /** How many requests have come in so far. */
  readonly requests: number
  /** Stops listening and ends open connections. */
  close(): Promise<void>
}

/** Serves what `jwks` returns at the time of each request. */
export async function serveJwks(jwks: () => object): Promise<JwksServer> {
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    // The query is ignored: Userfront's address carries one in test mode.
    if (request.url?.split('?', 1)[0] !== path) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': 'application/jwk-set+json' })
    response.end(JSON.stringify(jwks()))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    get requests() {
      return requests
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}

const path = '/.well-known/jwks.json'

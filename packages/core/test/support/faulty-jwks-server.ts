/**
 * A JWKS endpoint on loopback that can be told to misbehave. Wherever it can, a fault wraps a good
 * JWK Set, so that a client that overlooks the fault accepts the answer and is found out.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export interface FaultyJwksServer {
  readonly url: string
  readonly requests: number
  /** Bytes of bodies that were handed to the network; what a reader left behind is not sent. */
  readonly bytesSent: number
  /** Answers that the client still listens to. */
  readonly underWay: number
  /** How the next request is answered. */
  fault: Fault
  /** The JWK Set, or its exact text. */
  document: object | string
  close(): Promise<void>
}

interface Scene {
  readonly text: string
  readonly response: ServerResponse
  readonly elsewhere: string
  /** Sends a chunk for as long as the client reads. */
  pour(chunk: Uint8Array, maxBytes: number): void
}

const megabyte = 1024 * 1024
const spaces = Buffer.alloc(65_536, ' ')

/** How an answer goes wrong, if it does. */
export type Fault =
  | 'none'
  | 'status 500'
  | 'status 404'
  | 'status 206'
  | 'HTML with status 200'
  | 'a redirect to a good endpoint'
  | 'a permanent redirect'
  | 'no answer at all'
  | 'a byte every few milliseconds, for ever'
  | 'a body of 200 MB'
  | 'an endless body in wrong UTF-8'
  | 'a body of 64 MB in 64 KB of gzip'
  | 'an empty list of keys'
  | 'an empty body'
  | 'text that is not JSON'
  | 'a JSON array'
  | 'a keys member that is no list'
  | 'half of the JSON'
  | 'a byte order mark before the JSON'
  | 'fewer bytes than it announced'
  | 'a reset connection'
  | 'a string in wrong UTF-8'
  | 'the keys member twice'

const faults: Readonly<Record<Fault, (scene: Scene) => void>> = {
  none: ({ response, text }) => response.end(text),
  'status 500': ({ response, text }) => response.writeHead(500).end(text),
  'status 404': ({ response, text }) => response.writeHead(404).end(text),
  'status 206': ({ response, text }) => response.writeHead(206).end(text),
  'HTML with status 200': ({ response }) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Hello</h1>'),
  'a redirect to a good endpoint': ({ response, text, elsewhere }) =>
    response.writeHead(302, { location: elsewhere }).end(text),
  'a permanent redirect': ({ response, elsewhere }) =>
    response.writeHead(308, { location: elsewhere }).end(),
  'no answer at all': () => undefined,
  'a byte every few milliseconds, for ever': ({ response, text }) => {
    response.write(text)
    const timer = setInterval(() => response.write(' '), 5)
    response.on('close', () => clearInterval(timer))
  },
  'a body of 200 MB': ({ response, text, pour }) => {
    response.write(text)
    pour(spaces, 200 * megabyte)
  },
  'an endless body in wrong UTF-8': ({ pour }) =>
    pour(Buffer.alloc(65_536, 0xff), Number.POSITIVE_INFINITY),
  'a body of 64 MB in 64 KB of gzip': ({ response, text }) =>
    response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(gzipSync(Buffer.concat([Buffer.from(text), Buffer.alloc(64 * megabyte, ' ')]))),
  'an empty list of keys': ({ response }) => response.end('{"keys":[]}'),
  'an empty body': ({ response }) => response.end(),
  'text that is not JSON': ({ response, text }) => response.end(`${text};`),
  'a JSON array': ({ response, text }) => response.end(`[${text}]`),
  'a keys member that is no list': ({ response, text }) => response.end(`{"keys":{"0":${text}}}`),
  'a byte order mark before the JSON': ({ response, text }) => response.end(`\ufeff${text}`),
  'half of the JSON': ({ response, text }) => response.end(text.slice(0, text.length / 2)),
  'fewer bytes than it announced': ({ response, text }) => {
    response.writeHead(200, { 'content-length': text.length + 10 })
    response.write(text, () => response.destroy())
  },
  'a reset connection': ({ response }) => {
    response.socket?.resetAndDestroy()
  },
  'a string in wrong UTF-8': ({ response, text }) => {
    const [start, end] = ['{"note":"', `",${text.slice(1)}`].map((part) => Buffer.from(part))
    response.end(Buffer.concat([start ?? spaces, Buffer.of(0xc3, 0x28), end ?? spaces]))
  },
  'the keys member twice': ({ response, text }) =>
    response.end(`{"keys":[{"kty":"oct","k":"AAAA"}],${text.slice(1)}`),
}

/** Every way of not answering with a JWK Set. */
export const everyFault: readonly Fault[] = Object.keys(faults).filter(
  (name) => name !== 'none',
) as Fault[]

/** @param elsewhere - where redirects lead */
export async function serveFaultyJwks(
  document: object | string,
  elsewhere = 'http://127.0.0.1:1/',
): Promise<FaultyJwksServer> {
  let requests = 0
  let bytesSent = 0
  let underWay = 0
  const server = createServer((_, response) => {
    requests++
    underWay++
    response.on('close', () => underWay--)
    const { document } = self
    const text = typeof document === 'string' ? document : JSON.stringify(document)
    const pour = (chunk: Uint8Array, maxBytes: number): void => {
      let room = true
      while (room && bytesSent < maxBytes && !response.destroyed) {
        room = response.write(chunk)
        bytesSent += chunk.byteLength
      }
      if (bytesSent >= maxBytes) response.end()
      else response.once('drain', () => pour(chunk, maxBytes))
    }
    faults[self.fault]({ text, response, elsewhere, pour })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const self: FaultyJwksServer = {
    url: `http://127.0.0.1:${port}/jwks`,
    get requests() {
      return requests
    },
    get bytesSent() {
      return bytesSent
    },
    get underWay() {
      return underWay
    },
    fault: 'none',
    document,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return self
}

/** Serves the inspector on this machine, to this machine, and hands a token over once. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type HandOver, handedOverPage } from './handed-over-page.ts'

/** What is served. */
export interface PageSettings {
  readonly port: number
  readonly html: string
  /** The Content-Security-Policy of the page. */
  readonly policy: string
  /** The token and the keys. Undefined for an empty page. */
  readonly handOver: HandOver | undefined
}

/** A server that is listening. */
export interface PageServer {
  /** The page, empty. */
  readonly address: string
  /** The page with the token in it. It works once. Undefined when there is no token. */
  readonly link: string | undefined
  /** Settled when it no longer listens. */
  readonly closed: Promise<void>
}

/** The one address of this machine that nobody else can reach. */
const HOST = '127.0.0.1'

/** Listens. @throws {Error} of `node:net`, when the port cannot be had */
export async function servePage(settings: PageSettings): Promise<PageServer> {
  const { html: empty, handOver } = settings
  const path = `/open/${randomBytes(24).toString('base64url')}`
  // Taken out when it is handed over, so that nobody who finds the link later gets the token.
  const waiting = new Map(handOver === undefined ? [] : [[path, handedOverPage(empty, handOver)]])
  const server = createServer((request, response) => {
    write(response, answerTo(request, settings, waiting), request.method === 'HEAD')
  })
  await listen(server, settings.port)
  const address = `http://${HOST}:${portOf(server)}`
  return {
    address: `${address}/`,
    link: handOver === undefined ? undefined : address + path,
    closed: new Promise((resolve) => server.once('close', resolve)),
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
}

function portOf(server: Server): number {
  // A server that listens on a port has an address of this form.
  return (server.address() as AddressInfo).port
}

interface PlainAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

function answerTo(
  request: IncomingMessage,
  { html, policy }: PageSettings,
  waiting: Map<string, string>,
): PlainAnswer {
  const { method, url = '', headers } = request
  if (!isOwnHost(request)) {
    return { status: 421, body: 'This address is for the machine that it is on.\n' }
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: 'GET or HEAD.\n' }
  }
  if (url === '/') return pageAnswer(html, policy)
  if (!url.startsWith('/open/')) return { status: 404, body: 'There is nothing here.\n' }
  const page = waiting.get(url)
  if (page === undefined) {
    return { status: 410, body: 'This link worked once. Run tenantry ui again.\n' }
  }
  // A browser that looks ahead must not use the link up.
  if (method === 'HEAD' || headers['sec-purpose'] !== undefined) return { status: 503, body: '' }
  waiting.delete(url)
  return pageAnswer(page, policy)
}

function pageAnswer(body: string, policy: string): PlainAnswer {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `${policy}; frame-ancestors 'none'`,
  }
  return { status: 200, headers, body }
}

/**
 * Whether the request was made to this address. A page elsewhere can make its own name lead to
 * 127.0.0.1 (DNS rebinding) and would read what it gets; but then the browser names it here.
 */
function isOwnHost({ headersDistinct, socket }: IncomingMessage): boolean {
  const [host, ...others] = headersDistinct['host'] ?? []
  if (host === undefined || others.length > 0) return false
  const names = [HOST, 'localhost']
  const port = socket.localPort
  return names.some((name) => host === `${name}:${port}` || (port === 80 && host === name))
}

function write(response: ServerResponse, answer: PlainAnswer, isHead: boolean): void {
  response.writeHead(answer.status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-dns-prefetch-control': 'off',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...answer.headers,
  })
  response.end(isHead ? undefined : answer.body)
}

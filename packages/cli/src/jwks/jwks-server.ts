/** A JWKS endpoint that may be told to be slow, or to fail now and then. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PublishedKeys } from './rotation.ts'

/** How the endpoint behaves. */
export interface EndpointSettings {
  readonly host: string
  readonly port: number
  /** Undefined for its own address. */
  readonly issuer: string | undefined
  /** Seconds before each answer. */
  readonly latency: number
  /** The share of answers that are 503: of 0.25, every fourth. */
  readonly failRate: number
  readonly keys: PublishedKeys
  /** Seconds for which an answer may be kept. */
  readonly maxAge: number
  /** Called when an answer is written. */
  readonly answered: (exchange: Exchange) => void
}

/** One request and its answer. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly milliseconds: number
}

/** An endpoint that is listening. */
export interface Endpoint {
  readonly url: string
  readonly issuer: string
  readonly discovery: string
  /** Settled when it no longer listens. */
  readonly closed: Promise<void>
}

const JWKS_PATH = '/.well-known/jwks.json'
const DISCOVERY_PATH = '/.well-known/openid-configuration'

/** Listens. @throws {Error} of `node:net`, when the port cannot be had */
export async function serveEndpoint(settings: EndpointSettings): Promise<Endpoint> {
  const { host, port, latency, answered } = settings
  const isDue = everyNth(settings.failRate)
  let base = ''
  const server = createServer((request, response) => {
    const start = performance.now()
    const answer = isDue() ? unavailable : answerTo(request, base, settings)
    const timer = setTimeout(() => {
      write(response, answer, request.method === 'HEAD')
      answered({
        method: request.method ?? '',
        path: request.url ?? '',
        status: answer.status,
        milliseconds: performance.now() - start,
      })
    }, latency * 1000)
    // Whoever hung up gets no answer.
    response.on('close', () => clearTimeout(timer))
  })
  await listen(server, host, port)
  // A server that listens on a port has an address of this form.
  const { port: bound } = server.address() as AddressInfo
  base = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
  return {
    url: `${base}${JWKS_PATH}`,
    issuer: settings.issuer ?? base,
    discovery: `${base}${DISCOVERY_PATH}`,
    closed: new Promise((resolve) => server.once('close', resolve)),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

interface PlainAnswer {
  readonly status: number
  readonly body: object
  readonly headers: Readonly<Record<string, string>>
}

const unavailable: PlainAnswer = { status: 503, body: { error: 'unavailable' }, headers: {} }

function answerTo(
  { method, url = '' }: IncomingMessage,
  base: string,
  settings: EndpointSettings,
): PlainAnswer {
  const [path = ''] = url.split('?', 1)
  const document = documentAt(path, base, settings)
  if (document === undefined) return { status: 404, body: { error: 'not_found' }, headers: {} }
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, body: { error: 'method_not_allowed' }, headers: { allow: 'GET, HEAD' } }
  }
  const headers = { 'cache-control': `public, max-age=${settings.maxAge}` }
  return { status: 200, body: document, headers }
}

function documentAt(path: string, base: string, settings: EndpointSettings): object | undefined {
  const keys = settings.keys.current()
  if (path === JWKS_PATH) return { keys: keys.map(({ jwk }) => jwk) }
  if (path !== DISCOVERY_PATH) return undefined
  return {
    issuer: settings.issuer ?? base,
    jwks_uri: `${base}${JWKS_PATH}`,
    id_token_signing_alg_values_supported: [...new Set(keys.map(({ algorithm }) => algorithm))],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
  }
}

function write(response: ServerResponse, answer: PlainAnswer, isHead: boolean): void {
  const text = JSON.stringify(answer.body)
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...answer.headers,
  })
  response.end(isHead ? undefined : text)
}

/** True as often as the rate says, evenly spread and the same every time. */
function everyNth(rate: number): () => boolean {
  let owed = 0
  return () => {
    owed += rate
    // Ten times a tenth is a little less than one.
    if (owed < 1 - 1e-9) return false
    owed -= 1
    return true
  }
}

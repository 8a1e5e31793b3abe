/** Requests as bytes, and answers as they came over the wire: no client cleans anything up. */
import { connect } from 'node:net'

/** The first answer on a connection. */
export interface Answer {
  /** Undefined when the server ended the connection without a word. */
  readonly status: number | undefined
  readonly statusLine: string
  /** Lower-case names; a header that came twice has two values. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
  /** The `code` of a problem document. */
  readonly code: unknown
  /** Everything that came, further answers too. */
  readonly wire: string
}

/** Sends bytes, and reads until the server ends the connection. */
export async function sendBytes(port: number, bytes: string | Buffer): Promise<Answer> {
  const chunks: Buffer[] = []
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    // A server may refuse the first bytes and close before it has read the last.
    socket.on('error', () => resolve())
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', () => resolve())
    socket.setTimeout(3000, () => socket.destroy())
    socket.end(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  })
  return readAnswer(Buffer.concat(chunks).toString('latin1'))
}

/** A request of these lines: `Host` and `Connection: close` are added, and the length of the body. */
export async function send(port: number, lines: readonly string[], body?: string): Promise<Answer> {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const host = lines.some((line) => /^host:/i.test(line)) ? [] : ['Host: localhost']
  const head = [...lines, ...host, ...length, 'Connection: close'].join('\r\n')
  return await sendBytes(port, `${head}\r\n\r\n${body ?? ''}`)
}

/** The values of a header, in one string; undefined when it did not come. */
export function headerOf(answer: Answer, name: string): string | undefined {
  return answer.headers.get(name)?.join(', ')
}

function readAnswer(wire: string): Answer {
  const end = wire.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = (end === -1 ? wire : wire.slice(0, end)).split('\r\n')
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()])
  }
  const status = /^HTTP\/1\.[01] (\d{3}) /.exec(statusLine)?.[1]
  const body = end === -1 ? '' : wire.slice(end + 4)
  return {
    status: status === undefined ? undefined : Number(status),
    statusLine,
    headers,
    body,
    code: codeIn(body),
    wire,
  }
}

function codeIn(body: string): unknown {
  try {
    return Reflect.get(Object(JSON.parse(body)), 'code')
  } catch {
    return undefined
  }
}

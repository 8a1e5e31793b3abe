/** Real servers on loopback, and what comes back from them. */
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { onTestFinished } from 'vitest'

/** An application that is listening. */
export interface Served {
  readonly port: number
  /** A request; the token goes into the Authorization header. */
  get(path: string, token?: string, init?: RequestInit): Promise<Answer>
  /** Bytes as they are; what comes back until the server ends the connection. */
  raw(head: readonly string[], body?: string): Promise<string>
}

/** A response that has been read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly code: unknown
}

/** Listens on a free port until the test is over. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    async get(path, token, init = {}) {
      const headers = new Headers(init.headers)
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, code: codeIn(text) }
    },
    async raw(head, body = '') {
      const socket = connect(port, '127.0.0.1')
      const lines = [...head, 'Host: localhost', 'Connection: close']
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
      let received = ''
      for await (const chunk of socket) received += String(chunk)
      return received
    },
  }
}

function codeIn(text: string): unknown {
  try {
    return Reflect.get(Object(JSON.parse(text)), 'code')
  } catch {
    return undefined
  }
}

import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openConnection } from '../src/http/connection.ts'

const servers: Server[] = []

/** Answers each request with these pieces, each of them when the one before has been sent. */
async function answering(...pieces: readonly string[]): Promise<number> {
  const server = createServer((socket) => {
    socket.on('data', async () => {
      for (const piece of pieces) {
        await new Promise<void>((resolve) => socket.write(piece, () => resolve()))
      }
      if (pieces.length === 0) socket.destroy()
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The statuses of two requests over one connection, or why there are none. */
async function exchange(port: number): Promise<readonly number[] | string> {
  return new Promise((resolve, reject) => {
    openConnection(port, (error) => resolve(error.message))
      .then(async ({ send, close }) => {
        const request = Buffer.from('GET / HTTP/1.1\r\n\r\n')
        resolve([await send(request), await send(request)])
        close()
      })
      .catch(reject)
  })
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('a connection of the load generator', () => {
  it('reads an answer in one piece', async () => {
    const port = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')
    expect(await exchange(port)).toEqual([200, 200])
  })

  it('waits for all of an answer, however it comes', async () => {
    const port = await answering(
      'HTTP/1.1 401 Unau',
      'thorized\r\ncontent-length: 6\r\n\r',
      '\n{"a":',
      '1',
    )
    expect(await exchange(port)).toEqual([401, 401])
  })

  it('takes no more than an answer says', async () => {
    const port = await answering('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{}')
    expect(await exchange(port)).toBe('An answer is longer than it says.')
  })

  it('does not take a closed connection for an answer', async () => {
    expect(await exchange(await answering())).toBe('The server closed a connection.')
  })

  it('does not guess where an answer without a length ends', async () => {
    const port = await answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')
    expect(await exchange(port)).toBe('An answer has no Content-Length.')
  })
})

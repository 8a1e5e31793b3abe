/** The first program of each guide, and the requests that it shows with their answers. */
import { type AddressInfo, Server } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { examplesOf } from './compile-examples.ts'
import { readPage } from './pages.ts'
import { jwt, outputOf } from './run-example.ts'

const listen = vi.spyOn(Server.prototype, 'listen')

/** The servers that listen since the last test. */
function servers(): readonly Server[] {
  return listen.mock.contexts.filter((context) => context instanceof Server)
}

afterEach(() => {
  for (const server of servers()) server.close()
  listen.mockClear()
})

/** The port that a program listens on: any that is free, in the place of the one of the page. */
async function portOf(): Promise<number> {
  const [server] = servers()
  if (server === undefined) throw new Error('The program does not listen')
  await vi.waitFor(() => expect(server.listening).toBe(true))
  return (server.address() as AddressInfo).port
}

it.each(['docs/guides/express.md', 'docs/guides/fastify.md'])(
  '%s begins with a program that answers as it shows',
  async (path) => {
    const page = readPage(path)
    const [first] = examplesOf(page)
    if (first === undefined) throw new Error('The page has no example')
    expect(first.code.split('\n').length).toBeLessThanOrEqual(20)
    expect(await outputOf({ ...first, code: first.code.replace('3000', '0') })).toBe('\n')
    const port = await portOf()
    const requests = [
      ...page.text.matchAll(
        /^\$ curl (-H "Authorization: Bearer \$TOKEN" )?http:\/\/localhost:3000(\S+)\n(\d+) (.+)$/gm,
      ),
    ]
    expect(requests).toHaveLength(4)
    for (const [, authorization, target, status, answer] of requests) {
      const headers = authorization === undefined ? {} : { authorization: `Bearer ${jwt}` }
      const response = await fetch(`http://localhost:${port}${target}`, { headers })
      const body = await response.text()
      expect(`${response.status}`).toBe(status)
      expect(response.ok ? body : JSON.parse(body).code).toBe(answer)
    }
  },
)

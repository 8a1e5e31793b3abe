/** Does what the page says, with its own files and commands. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PageFolder, pageFolder } from './page-folder.ts'
import { readPage } from './pages.ts'

const { text } = readPage('docs/getting-started.md')

/** The commands of the page that run a file, by that file. */
const commands = new Map(
  [...text.matchAll(/^node (.* )(\S+\.ts)$/gm)].map(([, flags = '', file = '']) => [
    file,
    [...flags.trim().split(' '), file],
  ]),
)

/** The requests of the page, each with the answer below it. */
const requests = [
  ...text.matchAll(/^\$ curl (?:-H "Authorization: (.+)" )?(http:\S+)\n((?:[^$`].*\n)+)/gm),
].map(([, authorization, url = '', answer]) => ({ authorization, url, answer }))

/** A port that nobody listens on, in the place of the one of the page. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function start(file: string, folder: PageFolder): ReturnType<typeof spawn> {
  const { NODE_OPTIONS: _, ...env } = process.env
  return spawn(process.execPath, commands.get(file) ?? [], { cwd: folder.path, env })
}

describe('getting started', { timeout: 30_000 }, () => {
  let folder: PageFolder
  let port: number
  let server: ReturnType<typeof spawn>

  beforeAll(async () => {
    port = await freePort()
    folder = pageFolder('docs/getting-started.md', (code) =>
      code.replace('listen(3000)', `listen(${port})`),
    )
    server = start('start.ts', folder)
    const ended = once(server, 'exit').then(([status]) => `ended with ${status}`)
    const [first] = await Promise.race([once(server.stdout ?? server, 'data'), ended])
    expect(String(first)).toContain('is up')
  }, 30_000)
  afterAll(() => {
    server.kill()
    folder.remove()
  })

  it('shows requests of every kind', () => {
    expect(requests.map(({ answer = '' }) => answer.split(':')[0]?.trim())).toEqual([
      'The widgets of nz569yb7',
      'role_insufficient',
      'tenant_forbidden',
      'credentials_missing',
      'token_malformed',
    ])
  })

  it('has a server that answers as the page shows', async () => {
    const jwt = readFileSync(join(folder.path, 'token.jwt'), 'utf8')
    const statuses: number[] = []
    for (const { authorization, url, answer } of requests) {
      const response = await fetch(url.replace('3000', String(port)), {
        headers:
          authorization === undefined
            ? {}
            : { authorization: authorization.replace('$(cat token.jwt)', jwt) },
      })
      expect(await response.text()).toBe(answer)
      statuses.push(response.status)
    }
    expect(statuses).toEqual([200, 403, 403, 401, 401])
  })

  it('has a test that passes, with the command of the page', async () => {
    const run = start('server.test.ts', folder)
    const output: string[] = []
    run.stdout?.on('data', (chunk) => output.push(String(chunk)))
    const [status] = await once(run, 'close')
    expect(output.join('')).toMatch(/pass 1\n/)
    expect(status).toBe(0)
  })
})

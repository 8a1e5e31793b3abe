/** SIGTERM under load, in a real process: what is in flight finishes, and everything is closed in order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get as httpGet } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createTestIssuer } from '@tenantry/testing'
import { afterEach, describe, expect, it } from 'vitest'

const issuer = createTestIssuer()
const ids = ['acme', 'globex', 'initech']
const authorization = Object.fromEntries(ids.map((id) => [id, { roles: ['member'] }]))
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function serve(framework: string, deadline: number) {
  const child = spawn(
    process.execPath,
    ['--conditions=@tenantry/source', '--import', 'tsx', join(import.meta.dirname, 'served.ts')],
    {
      env: { ...process.env, SERVED: JSON.stringify({ framework, deadline, jwks: issuer.keys }) },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  )
  children.push(child)
  const lines: string[] = []
  if (child.stdout === null) throw new Error('The process has no output.')
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const exited = once(child, 'exit')
  const seen = (line: string) =>
    expect.poll(() => lines.filter((one) => one.startsWith(line)).length, { timeout: 20_000 })
  await seen('listening').toBe(1)
  const port = Number(lines[0]?.split(' ')[1])
  const token = await issuer.token({ authorization })
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const get = (path: string) =>
    new Promise<{ status: number; retryAfter: string | undefined; code: unknown }>(
      (resolve, reject) => {
        const headers = { authorization: `Bearer ${token}` }
        const sent = httpGet({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
          let text = ''
          response.on('data', (chunk) => {
            text += chunk
          })
          response.on('error', reject)
          response.on('end', () => {
            const retryAfter = response.headers['retry-after']
            resolve({ status: response.statusCode ?? 0, retryAfter, code: JSON.parse(text).code })
          })
        })
        sent.on('error', reject)
      },
    )
  return { child, lines, exited, seen, get }
}

describe.each(['express', 'fastify'])('on %s', (framework) => {
  it('SIGTERM: requests in flight finish, new ones get 503, connections are closed, admin last, exit 0', {
    timeout: 60_000,
  }, async () => {
    const { child, lines, exited, seen, get } = await serve(framework, 30)
    // Load that goes on until nobody answers any more.
    const statuses: number[] = []
    const load = ids.map(async (id) => {
      for (;;) {
        try {
          statuses.push((await get(`/fast/${id}`)).status)
        } catch {
          return
        }
      }
    })
    const slow = [get('/slow/acme'), get('/slow/globex')]
    await seen('entered').toBe(2)
    await expect.poll(() => statuses.length).toBeGreaterThan(10)
    child.kill('SIGTERM')
    await seen('stopping').toBe(1)
    for (const path of ['/fast/acme', '/slow/acme', '/public', '/nowhere']) {
      const { status, code, retryAfter } = await get(path)
      expect([path, status, code, retryAfter]).toEqual([path, 503, 'shutting_down', '1'])
    }
    // Nothing is closed as long as they need it.
    expect(lines.filter((line) => line.startsWith('closed'))).toEqual([])
    child.send('go')
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200])
    expect(await exited).toEqual([0, null])
    await Promise.all(load)
    expect(new Set(statuses)).toEqual(new Set([200, 503]))
    expect(lines.slice(-4, -1).sort()).toEqual(ids.map((id) => `closed ${id}`))
    expect(lines.at(-1)).toBe('admin')
  })

  it('a second SIGTERM forces: whoever is in flight is cut, and the exit code says so', {
    timeout: 60_000,
  }, async () => {
    const { child, lines, exited, seen, get } = await serve(framework, 600)
    const slow = get('/slow/acme').catch((error: unknown) => Reflect.get(Object(error), 'code'))
    await seen('entered').toBe(1)
    child.kill('SIGTERM')
    await seen('stopping').toBe(1)
    // One that comes at once is taken for an echo of the first.
    const signalAgain = () => {
      child.kill('SIGTERM')
      return child.exitCode
    }
    await expect.poll(signalAgain, { timeout: 20_000 }).toBe(1)
    expect(await exited).toEqual([1, null])
    expect(await slow).toBe('ECONNRESET')
    expect(lines.slice(-2)).toEqual(['closed acme', 'admin'])
  })

  it('at the deadline it is forced as well', { timeout: 60_000 }, async () => {
    const { child, lines, exited, seen, get } = await serve(framework, 0.05)
    const slow = get('/slow/acme').catch((error: unknown) => Reflect.get(Object(error), 'code'))
    await seen('entered').toBe(1)
    child.kill('SIGTERM')
    expect(await exited).toEqual([1, null])
    expect(await slow).toBe('ECONNRESET')
    expect(lines.at(-1)).toBe('admin')
  })
})

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { run } from './support/run.ts'
import { scratchFolder } from './support/scratch.ts'
import { type RunningServer, start } from './support/server.ts'

const folder = scratchFolder()
const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')]
let kids: readonly string[] = []
const running: RunningServer[] = []

beforeAll(async () => {
  await call(['keygen', '--out', first])
  await call(['keygen', '--alg', 'RS256', '--out', second])
  kids = [first, second].map((file) => JSON.parse(readFileSync(file, 'utf8')).kid)
})
afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL')
})

interface Started {
  readonly server: RunningServer
  readonly jwks: string
  readonly issuer: string
  readonly discovery: string
}

/** Starts the command and reads where it listens. */
async function serve(...flags: readonly string[]): Promise<Started> {
  const server = start(['jwks', 'serve', '--json', ...flags])
  running.push(server)
  await server.until(/^\}$/m)
  return { server, ...JSON.parse(server.stdout()) }
}

async function kidsAt(url: string): Promise<readonly string[]> {
  const response = await fetch(url)
  const { keys } = JSON.parse(await response.text())
  return keys.map(({ kid }: { kid: string }) => kid)
}

describe('tenantry jwks serve', () => {
  it('serves keys that mint signs for and verify accepts, until Ctrl-C: exit code 130', async () => {
    const { server, jwks, issuer, discovery } = await serve('--key', first, '--key', second)
    expect(await kidsAt(jwks)).toEqual(kids)
    expect(await (await fetch(discovery)).json()).toMatchObject({
      issuer,
      jwks_uri: jwks,
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    })
    const jwt = await run(['mint', '--key', second, '--tenant', 'acme=admin', '--iss', issuer])
    const answer = await run(['can', 'acme', 'admin', '--jwks', jwks, '--issuer', issuer], {
      stdin: jwt.stdout,
    })
    expect(answer.stdout).toContain('✓ yes')
    expect(answer.exitCode).toBe(0)
    await server.until(/GET \/\.well-known\/jwks\.json {3}200 {3}\d+ ms/)
    expect(await server.interrupt()).toBe(130)
    await expect(fetch(jwks)).rejects.toThrow()
  })

  it('tells a person where it is and what to copy, in 80 columns', async () => {
    const server = start(['jwks', 'serve'], { cwd: folder })
    await once(server.child, 'close')
    expect(server.child.exitCode).toBe(3)
    const text = start(['jwks', 'serve', '--key', first])
    running.push(text)
    await text.until('Ctrl-C to stop')
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(text.stdout()) ?? []
    expect(
      text
        .stdout()
        .replaceAll(port ?? '', 'PORT')
        .replaceAll(kids[0] ?? '', 'dev-kid'),
    ).toMatchInlineSnapshot(`
      "  JWKS       http://127.0.0.1:PORT/.well-known/jwks.json
                   ES256, kid "dev-kid"
        Issuer     http://127.0.0.1:PORT
        For your app
          TENANTRY_JWKS=http://127.0.0.1:PORT/.well-known/jwks.json
          TENANTRY_ISSUER=http://127.0.0.1:PORT
          createVerifier({ keys: process.env.TENANTRY_JWKS, algorithms: ['ES256'] })
        To try a token
          tenantry verify --jwks http://127.0.0.1:PORT/.well-known/jwks.json --alg ES256

        Ctrl-C to stop
      "
    `)
    await fetch(`http://127.0.0.1:${port}/%1b[31m/\u202e?x`)
    await text.until('404')
    expect(text.stderr()).toMatch(/^[\x20-\x7e\n]*$/)
    expect(await text.interrupt()).toBe(130)
  })

  it('answers to nobody but this machine', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.0.1', 'example.com', '127.0.0.1.example.com']) {
      const { exitCode, stderr } = await call(['jwks', 'serve', '--key', first, '--host', host])
      expect(exitCode, host).toBe(2)
      expect(stderr).toContain('not an address of this machine alone')
    }
    const { jwks } = await serve('--key', first, '--host', 'localhost')
    expect(await kidsAt(jwks)).toEqual([kids[0]])
  })

  it('is slow when it is told to be', async () => {
    const { jwks } = await serve('--key', first, '--latency', '6s')
    const { exitCode, stdout } = await run(['verify', '--json', '--alg', 'ES256', '--jwks', jwks], {
      stdin: (await call(['mint', '--key', first])).stdout,
    })
    expect(exitCode).toBe(3)
    expect(JSON.parse(stdout).code).toBe('keys_unavailable')
  })

  it('fails as often as it is told to, evenly', async () => {
    const { jwks } = await serve('--key', first, '--fail-rate', '0.25')
    const statuses: number[] = []
    for (let request = 0; request < 8; request++) statuses.push((await fetch(jwks)).status)
    expect(statuses).toEqual([200, 200, 200, 503, 200, 200, 200, 503])
  })

  it('goes round the keys, or makes new ones, one at a time', async () => {
    const two = await serve('--key', first, '--key', second, '--rotate-every', '0.3s')
    await two.server.until(`the key is now "${kids[1]}`)
    await two.server.until(`the key is now "${kids[0]}`)
    expect(kids).toContain((await kidsAt(two.jwks))[0])
    const one = await serve('--key', first, '--rotate-every', '0.3s')
    await one.server.until('rotated')
    const [now, ...others] = await kidsAt(one.jwks)
    expect(others).toEqual([])
    expect(now).toMatch(/^dev-/)
    expect(now).not.toBe(kids[0])
  })

  it('answers only what it is asked for: other paths 404, other methods 405, HEAD without a body', async () => {
    const { jwks, discovery } = await serve('--key', first, '--issuer', 'https://auth.test')
    expect(await (await fetch(discovery)).json()).toMatchObject({ issuer: 'https://auth.test' })
    expect((await fetch(new URL('/', jwks))).status).toBe(404)
    expect((await fetch(jwks, { method: 'POST', body: 'x' })).status).toBe(405)
    const head = await fetch(jwks, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('cache-control')).toBe('public, max-age=300')
  })

  it('exits with 2 for what is typed wrongly, and with 3 for a port or a key that it cannot have', async () => {
    const wrong = [
      ['--port', '65536'],
      ['--port', 'x'],
      ['--latency', 'soon'],
      ['--fail-rate', '2'],
      ['--fail-rate', '25%'],
      ['--rotate-every', '0'],
      ['--rotate-every', '60d'],
      ['first.json'],
      ['--prot', '1'],
    ]
    for (const flags of wrong) {
      const { exitCode } = await call(['jwks', 'serve', '--key', first, ...flags])
      expect(exitCode, flags.join(' ')).toBe(2)
    }
    const taken = createServer()
    await once(taken.listen(0, '127.0.0.1'), 'listening')
    const address = taken.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const busy = await run(['jwks', 'serve', '--key', first, '--port', port])
    taken.close()
    expect(busy.exitCode).toBe(3)
    expect(busy.stderr).toContain('the port is in use')
    const slip = await run(['jwks', 'serve', '--latncy', '1s'])
    expect(slip.exitCode).toBe(2)
    expect(slip.stderr).toContain('Did you mean --latency?')
  })

  it('goes on when nobody reads what it says', async () => {
    const { server, jwks } = await serve('--key', first)
    server.child.stdout?.destroy()
    server.child.stderr?.destroy()
    expect(await kidsAt(jwks)).toEqual([kids[0]])
    expect(await kidsAt(jwks)).toEqual([kids[0]])
    expect(await server.interrupt()).toBe(130)
  })
})

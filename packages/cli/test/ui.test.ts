import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { html } from '@tenantry/inspector'
import { createTestIssuer } from '@tenantry/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { run } from './support/run.ts'
import { type RunningServer, type ServerOptions, start } from './support/server.ts'

const READY = 'Ctrl-C to stop'
const folder = mkdtempSync(join(tmpdir(), 'tenantry-ui-'))
const issuer = createTestIssuer()
let jwt = ''
let running: RunningServer | undefined

beforeAll(async () => {
  jwt = await issuer.token({ authorization: { acme: { roles: ['admin'] } } })
  writeFileSync(join(folder, 'token.jwt'), jwt)
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(issuer.keys))
})
afterEach(async () => {
  await running?.interrupt()
  running = undefined
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts the command, and waits until it serves. */
async function begin(args: readonly string[], options?: ServerOptions): Promise<RunningServer> {
  running = start(['ui', ...args], options)
  await running.until(READY)
  return running
}

function ui(...args: readonly string[]): Promise<RunningServer> {
  return begin(['--no-open', ...args])
}

function addressIn({ stdout }: RunningServer): string {
  return /http:\/\/127\.0\.0\.1:\d+\/(?=\s)/.exec(stdout())?.[0] ?? ''
}

function linkIn({ stdout }: RunningServer): string {
  return /http:\/\/127\.0\.0\.1:\d+\/open\/\S+/.exec(stdout())?.[0] ?? ''
}

interface Response {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

function get(
  address: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Response> {
  return new Promise((resolve, reject) => {
    request(address, { headers, method }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString('utf8')
      })
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const dataBlock = /<script type="application\/json" id="handed-over">([^<]*)<\/script>/

/** What the page brings along. */
function handedOverIn({ body }: Response): { readonly token?: string; readonly jwks?: string } {
  return JSON.parse(dataBlock.exec(body)?.[1] ?? '{}')
}

describe('tenantry ui', () => {
  it('serves the page, and lets nobody keep or frame it', async () => {
    const address = addressIn(await ui())
    const { status, headers, body } = await get(address)
    expect(status).toBe(200)
    expect(body).toBe(html)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(headers['content-security-policy']).toContain("connect-src 'none'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect((await get(address, {}, 'HEAD')).body).toBe('')
    expect((await get(address, {}, 'POST')).status).toBe(405)
    expect((await get(`${address}x`)).status).toBe(404)
  })

  it('prints the address, and a link that has the token', async () => {
    const { stdout } = await ui('--token-file', join(folder, 'token.jwt'))
    const same = stdout()
      .replaceAll(/:\d+\//g, ':PORT/')
      .replace(/open\/\S+/, 'open/…')
    expect(same).toBe(
      [
        '  Inspector   http://127.0.0.1:PORT/',
        '  Your token  http://127.0.0.1:PORT/open/…',
        '              the link works once',
        '',
        '  Ctrl-C to stop',
        '',
      ].join('\n'),
    )
    for (const line of stdout().split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('listens on this machine only', async () => {
    const { port } = new URL(addressIn(await ui()))
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one !== undefined && !one.internal && one.family === 'IPv4')
    const hosts = ['127.0.0.2', ...(outside === undefined ? [] : [outside.address])]
    for (const host of hosts) {
      const outcome = await new Promise((resolve) => {
        const socket = connect(Number(port), host, () => resolve('connected'))
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
        socket.on('close', () => socket.destroy())
      })
      expect(outcome).not.toBe('connected')
    }
  })

  it.each([
    ['evil.example', 421],
    ['127.0.0.1', 421],
    ['localhost:1', 421],
    ['127.0.0.1.evil.example:PORT', 421],
    ['localhost:PORT', 200],
    ['127.0.0.1:PORT', 200],
  ])('answers the host %s with %i', async (host, status) => {
    const address = addressIn(await ui('--token-file', join(folder, 'token.jwt')))
    const { port } = new URL(address)
    const headers = { host: host.replace('PORT', port) }
    expect((await get(address, headers)).status).toBe(status)
    if (status === 421) {
      const link = running === undefined ? '' : linkIn(running)
      const refused = await get(link, headers)
      expect(refused.status).toBe(421)
      expect(JSON.stringify(refused.headers)).not.toContain('token')
    }
  })

  it('refuses two hosts, and none', async () => {
    const { port } = new URL(addressIn(await ui()))
    for (const lines of [`Host: 127.0.0.1:${port}\r\nHost: 127.0.0.1:${port}\r\n`, '']) {
      const answer = await new Promise<string>((resolve) => {
        let text = ''
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(`GET / HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`)
        })
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1')
        })
        socket.on('close', () => resolve(text))
      })
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    }
  })

  it('hands the token over once, in the page, and to nobody who only looks ahead', async () => {
    const link = linkIn(await ui('--token-file', join(folder, 'token.jwt')))
    expect(link).not.toContain(jwt.slice(0, 20))
    expect((await get(link, {}, 'HEAD')).status).toBe(503)
    expect((await get(link, { 'sec-purpose': 'prefetch' })).status).toBe(503)
    const first = await get(link)
    expect(first.status).toBe(200)
    expect(first.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    expect(first.headers['content-security-policy']).toContain("connect-src 'none'")
    expect(first.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    // Headers are kept in more places than a page is.
    expect(JSON.stringify(first.headers)).not.toContain(jwt.slice(0, 20))
    expect(handedOverIn(first)).toEqual({ token: jwt })
    const second = await get(link)
    expect(second.status).toBe(410)
    expect(second.headers['cache-control']).toBe('no-store')
    expect(second.body).not.toContain(jwt.slice(0, 20))
    expect((await get(link.slice(0, -1))).status).toBe(410)
  })

  it('hands the keys over as well, without anything private', async () => {
    const { privateKey } = await crypto.subtle.generateKey(
      { name: 'ECDSA', namedCurve: 'P-256' },
      true,
      ['sign', 'verify'],
    )
    const jwk = await crypto.subtle.exportKey('jwk', privateKey)
    const file = join(folder, 'private.json')
    writeFileSync(file, JSON.stringify({ ...jwk, kid: 'k1', alg: 'ES256' }))
    const { jwks: text } = handedOverIn(await get(linkIn(await ui('--jwks', file))))
    const jwks: unknown = JSON.parse(text ?? '')
    expect(jwks).toMatchObject({ keys: [{ kid: 'k1', x: jwk.x, y: jwk.y }] })
    expect(JSON.stringify(jwks)).not.toContain(jwk.d)
  })

  it('fetches the keys of an address', async () => {
    const server = await issuer.listen()
    try {
      const { jwks: text } = handedOverIn(await get(linkIn(await ui('--jwks', server.url))))
      const jwks: unknown = JSON.parse(text ?? '')
      expect(jwks).toMatchObject(issuer.keys)
    } finally {
      await server.close()
    }
  })

  it.each(['an argument', 'a pipe', 'the environment'])(
    'takes the token from %s',
    async (place) => {
      const options = {
        'an argument': { args: [`Bearer ${jwt}`], stdin: '' },
        'a pipe': { args: [], stdin: JSON.stringify({ access_token: jwt }) },
        'the environment': { args: [], stdin: '', env: { TENANTRY_TOKEN: jwt } },
      }[place]
      if (options === undefined) throw new Error(place)
      const { args, ...more } = options
      running = await begin(['--no-open', ...args], more)
      expect(handedOverIn(await get(linkIn(running)))).toEqual({ token: jwt })
      if (place === 'an argument') expect(running.stderr()).toContain('in your shell history')
    },
  )

  it('goes on without a token when nobody writes to the pipe', async () => {
    running = await begin(['--no-open'], { isInputLeftOpen: true })
    expect(linkIn(running)).toBe('')
    expect(running.stderr()).toContain('nothing came through the pipe; say - to wait for it')
    expect((await get(addressIn(running))).status).toBe(200)
  })

  it.each([
    ['is longer than an address may be', 'x'.repeat(200_000)],
    ['would end the element that it is in', 'a</script><script>alert(1)</script><!--$&'],
  ])('hands over what %s', async (_, text) => {
    const file = join(folder, 'odd.jwt')
    writeFileSync(file, text)
    const page = await get(linkIn(await ui('--token-file', file)))
    expect(handedOverIn(page)).toEqual({ token: text })
    // Nothing else of the page is another.
    expect(page.body.replace(dataBlock, '<!-- handed over -->')).toBe(html)
  })

  it('ends with 130 on Ctrl-C, with a browser still connected', async () => {
    const started = await ui()
    const { port } = new URL(addressIn(started))
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.once('connect', resolve))
    expect(await started.interrupt()).toBe(130)
    running = undefined
    socket.destroy()
  })

  it('cannot decide about a port that is taken', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const { exitCode, stderr, stdout } = await run(['ui', '--no-open', '--port', String(port)])
    taken.close()
    expect(exitCode).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toContain('port_unavailable')
    expect(stderr).toContain(`127.0.0.1, port ${port}: `)
  })

  it('prints one document with --json', async () => {
    running = start(['ui', '--no-open', '--json', '--token-file', join(folder, 'token.jwt')])
    await running.until(/^\}$/m)
    expect(JSON.parse(running.stdout())).toEqual({
      schema: 1,
      ok: true,
      code: 'page_served',
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]{32}$/),
    })
  })

  it.runIf(process.platform === 'linux')(
    'opens the browser at an address without the token',
    async () => {
      const opener = join(folder, 'xdg-open')
      const opened = join(folder, 'opened')
      writeFileSync(
        opener,
        `#!/bin/sh\nprintf '%s' "$1" > '${opened}.part'\nmv '${opened}.part' '${opened}'\n`,
      )
      chmodSync(opener, 0o755)
      const env = { PATH: `${folder}${delimiter}${process.env['PATH']}` }
      running = await begin(['--token-file', join(folder, 'token.jwt')], { env })
      await expect.poll(() => existsSync(opened), { timeout: 10_000 }).toBe(true)
      expect(readFileSync(opened, 'utf8')).toBe(linkIn(running))
      expect(readFileSync(opened, 'utf8')).not.toContain(jwt.slice(0, 20))
    },
  )

  it.runIf(process.platform === 'linux')('says so when there is no browser to open', async () => {
    running = await begin([], { env: { PATH: join(folder, 'none') } })
    await running.until('no browser opened')
  })
})

describe('tenantry ui --export', () => {
  it('writes the page for its owner, and over nothing', async () => {
    const file = join(folder, 'inspector.html')
    const first = await run(['ui', '--export', file, '--json'])
    expect(first.exitCode).toBe(0)
    expect(JSON.parse(first.stdout)).toMatchObject({ ok: true, code: 'page_exported', file })
    expect(readFileSync(file, 'utf8')).toBe(html)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    writeFileSync(file, 'mine')
    const second = await run(['ui', '--export', file])
    expect(second.exitCode).toBe(1)
    expect(second.stderr).toContain('file_exists')
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect((await run(['ui', '--export', file, '--force'])).exitCode).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(html)
  })

  it.each([
    ['a folder that is not there', ['--export', '/nonexistent/x.html'], 3],
    ['a token', ['--export', 'x.html', 'a.b.c'], 2],
    ['a port', ['--export', 'x.html', '--port', '1'], 2],
    ['no browser', ['--export', 'x.html', '--no-open'], 2],
    ['no name', ['--export', ''], 2],
    ['force alone', ['--force', '--no-open'], 2],
    ['a port that is none', ['--port', '70000', '--no-open'], 2],
    ['two tokens', ['--no-open', 'a.b.c', 'd.e.f'], 2],
    ['keys that are not there', ['--no-open', '--jwks', '/nonexistent/keys.json'], 3],
  ])('refuses %s', async (_, args, exitCode) => {
    const outcome = await run(['ui', ...args], { stdin: '' })
    expect(outcome.exitCode).toBe(exitCode)
    expect(existsSync('x.html')).toBe(false)
  })
})

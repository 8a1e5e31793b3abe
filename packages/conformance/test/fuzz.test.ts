/** Whatever somebody without a good token sends, the server does not fail and no guard opens. */
import { METHODS } from 'node:http'
import { expect, test } from 'vitest'
import { frameworks } from './support/applications.ts'
import { callers } from './support/callers.ts'
import { sendBytes } from './support/raw-request.ts'

/** The same numbers on each run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const odd = ['GETT', 'get', 'G\xe9T', '', 'GET\t', '__proto__', 'PRI', 'constructor']
// Node ends a CONNECT that nobody listens for without an answer.
const methods = ['GET', 'GET', 'POST', 'HEAD', ...METHODS.filter((m) => m !== 'CONNECT'), ...odd]

const ids = ['acme', '', '.', '..', '%2e%2e', '%00', '%ff', '%', '%u0041', '%c0%af', '__proto__']
const moreIds = ['constructor', 'a'.repeat(3000), 'acme;v=1', '\xff\xfe', '%F0%9F%92%A9', '*', '{}']
const targets = [
  ...[...ids, ...moreIds].flatMap((id) => [`/tenants/${id}/widgets`, `/nested/${id}/in/${id}`]),
  ...['/me', '/open', '/no-parameter', '/files/../../me', '/files/%2e%2e%2fme', '//me', '*', '/%'],
  ...['http://evil.example/me', 'http://[::1/me', 'http://%/me', '?', '#', '/me#x', 'me', '\\me'],
  ...['/apart/acme/widgets', '/domain', '/nowhere', '/preflight/acme', '/hidden/%E0%A4%A', ''],
  ...['/me?__proto__[a]=1', '/me?a[b][c][d][e][f][g]=1', `/me?${'a&'.repeat(2000)}`, '/me?%'],
]

const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`
const good = callers.both
const headers = [
  ...['', 'Bearer', 'Bearer ', 'Bearer\t', 'bearer  ..', 'Bearer e30.e30.', 'Bearer \xff'],
  ...[`Bearer ${unsigned}`, `Bearer ${good.slice(0, -4)}`, `Bearer ${good},`, `Basic ${good}`],
  ...['Bearer null', 'Bearer __proto__', `Bearer ${'.'.repeat(8000)}`, 'Digest username="a"'],
].map((value) => `Authorization: ${value}`)
const others = [
  ...['Host:', 'Host: a, b', 'Host: %00', 'Host: [', 'Content-Length: 5', 'Content-Length: -1'],
  ...['Content-Length: 1e9', 'Transfer-Encoding: chunked', 'Transfer-Encoding: gzip, chunked'],
  ...['Content-Type: application/json', 'Content-Type: application/json; charset=utf-7'],
  ...[
    'Content-Type: ;',
    'Content-Type: text/plain',
    'Content-Encoding: br',
    'Expect: 100-continue',
  ],
  ...['Expect: the-best', 'Upgrade: websocket', 'Upgrade: h2c', 'Cookie: ;;;=', 'Cookie: a="'],
  ...['X-HTTP-Method-Override: DELETE', 'X-Original-URL: /open', 'X-Rewrite-URL: /open'],
  ...['X-Forwarded-Host: acme', '__proto__: x', 'constructor: x', ' folded: x', 'no colon'],
  ...['a\x00b: c', 'n: \x01', `Big: ${'b'.repeat(15_000)}`, `Bigger: ${'b'.repeat(40_000)}`],
  ...['Range: bytes=0-', 'If-None-Match: *', 'Accept: */*;q=x', 'Accept-Version: 9.9.9'],
]
const bodies = [
  '',
  '{',
  '{}',
  '[]',
  'null',
  '{"__proto__":{"a":1}}',
  '{"tenantId":"evil"}',
  '0\r\n\r\n',
]
const versions = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/9',
  '',
]

function requests(count: number): readonly string[] {
  const next = numbers(20260101)
  function pick(from: readonly string[]): string {
    return from[Math.floor(next() * from.length)] ?? ''
  }
  return Array.from({ length: count }, () => {
    const lines = [`${pick(methods)} ${pick(targets)} ${pick(versions)}`]
    if (next() < 0.9) lines.push('Host: localhost')
    if (next() < 0.6) lines.push(pick(headers))
    for (let more = next(); more < 0.7; more = next()) lines.push(pick(others))
    const body = pick(bodies)
    if (next() < 0.5) lines.push(`Content-Length: ${body.length}`)
    return `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`
  })
}

// 100 comes before the answer to those who expect it.
test.each(frameworks)(
  '$name answers 300 hostile requests, and none with a 500',
  async (framework) => {
    const app = await framework.start()
    try {
      for (const request of requests(300)) {
        const { status, wire } = await sendBytes(app.port, request)
        const told = `${JSON.stringify(request.slice(0, 600))}\n${wire.slice(0, 600)}`
        expect(status, told).toBeDefined()
        for (const [, code] of wire.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)) {
          // Fastify 4 has an answer of its own for this version, before any guard.
          const isOwn = code === '505' && request.includes(' HTTP/2.0\r\n')
          if (!isOwn) expect(code, told).toMatch(/^(?:100|2\d\d|4\d\d|503)$/)
        }
      }
      // These two ask for no token.
      const guarded = app.reached.filter(
        (path) => path !== '/open' && path !== '/sibling/:tenantId',
      )
      expect(guarded).toEqual([])
      const alive = `GET /me HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${good}\r\n\r\n`
      expect((await sendBytes(app.port, alive)).status).toBe(200)
    } finally {
      await app.close()
    }
  },
  20_000,
)

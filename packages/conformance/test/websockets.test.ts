/** The code of the guides that guards an upgrade, run on each framework. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createVerifier, type Verifier } from '@tenantry/core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { issuer, tokenOf, verifier } from './support/callers.ts'
import { parseChallenge } from './support/challenge.ts'
import { type Answer, headerOf, sendBytes } from './support/raw-request.ts'
import { createSlowVerifier } from './support/slow-verifier.ts'
import { type Streaming, streamingGuides } from './support/streaming.ts'

const origin = 'https://app.example'
const live = '/tenants/acme/live'
const member = await tokenOf({ acme: ['member'] })
const stranger = await tokenOf({ evil: ['member'] })
const both = await tokenOf({ acme: ['member'], evil: ['member'], 'ac%6de': ['admin'] })
const cookieOf = (token: string) => `Cookie: access.demo1234=${token}`

/** The bytes of an upgrade; what is given comes before the usual headers. */
function upgrade(target: string, headers: readonly string[], method = 'GET'): string {
  const usual = [
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  return `${[`${method} ${target} HTTP/1.1`, ...headers, ...usual].join('\r\n')}\r\n\r\n`
}

const home = `Origin: ${origin}`

/** Title, target, headers, status, and the error of the challenge. */
type Refused = readonly [string, string, readonly string[], number, string | undefined]

const refusals: readonly Refused[] = [
  ['no cookie', live, [home], 401, undefined],
  ['a cookie of another name', live, [home, `Cookie: access.demo=${member}`], 401, undefined],
  ['an empty cookie', live, [home, cookieOf('')], 401, undefined],
  ['a token where no cookie is', live, [home, `Authorization: Bearer ${member}`], 401, undefined],
  ['a token in the query', `${live}?access_token=${member}`, [home], 401, undefined],
  ['no token at all', live, [home, cookieOf('a.b.c')], 401, 'invalid_token'],
  ['a forged one', live, [home, cookieOf(await issuer.forged())], 401, 'invalid_token'],
  ['an expired one', live, [home, cookieOf(await issuer.expired())], 401, 'invalid_token'],
  [
    'two cookies',
    live,
    [home, cookieOf(`${member}; access.demo1234=${both}`)],
    400,
    'invalid_request',
  ],
  ['no Origin', live, [cookieOf(member)], 403, 'insufficient_scope'],
  ...[
    'https://evil.example',
    'https://app.example.evil',
    'http://app.example',
    'null',
    'https://app.example, https://evil.example',
  ].map(
    (foreign) =>
      [
        `Origin ${foreign}`,
        live,
        [`Origin: ${foreign}`, cookieOf(member)],
        403,
        'insufficient_scope',
      ] satisfies Refused,
  ),
  ['another tenant', '/tenants/evil/live', [home, cookieOf(member)], 403, 'insufficient_scope'],
  [
    'no role',
    live,
    [home, cookieOf(await tokenOf({ acme: ['viewer'] }))],
    403,
    'insufficient_scope',
  ],
  ...[
    '/tenants/%61cme/live',
    '/tenants/acme%2F/live',
    '/tenants/acme/%6Cive',
    '/tenants//live',
    '//tenants/acme/live',
    '/tenants/evil/../acme/live',
    '/tenants/ACME/live',
    '/TENANTS/acme/live',
    '/tenants/__proto__/live',
    '/tenants/acme/live/',
    '/tenants/acme/live?tenantId=acme',
    '/tenants/acme;v=1/live',
    'http://evil.example/tenants/acme/live',
    '/',
  ].map((target): Refused => [target, target, [home, cookieOf(both)], 403, 'insufficient_scope']),
]

async function start(
  guide: (typeof streamingGuides)[number],
  used: Verifier = verifier,
): Promise<Streaming> {
  const app = await guide.start(used)
  onTestFinished(() => app.end())
  return app
}

async function everybodyHasGone(app: Streaming): Promise<void> {
  await vi.waitFor(() => expect(app.connections()).toBe(0), { timeout: 10_000 })
}

/** A socket that is open. */
async function open(app: Streaming, token: string, target = live): Promise<WebSocket> {
  const headers = { origin, cookie: `access.demo1234=${token}` }
  const socket = new WebSocket(`ws://127.0.0.1:${app.port}${target}`, { headers })
  await once(socket, 'open')
  return socket
}

async function answerOn(socket: WebSocket): Promise<string> {
  socket.send('hello')
  const [message] = await once(socket, 'message')
  return String(message)
}

function expectRefusal(answer: Answer, status: number, error?: string): void {
  expect(answer.status, answer.wire).toBe(status)
  expect(answer.body).toBe('')
  expect(headerOf(answer, 'connection')).toBe('close')
  expect(headerOf(answer, 'cache-control')).toBe('no-store')
  const challenge = headerOf(answer, 'www-authenticate') ?? ''
  expect(parseChallenge(challenge).get('error')).toBe(error)
}

describe.each(streamingGuides)('$name: an upgrade', (guide) => {
  test('of a member is accepted, and messages are in the tenant that was checked', async () => {
    const app = await start(guide)
    const acme = await open(app, both)
    const evil = await open(app, both, '/tenants/evil/live')
    expect(acme.protocol).toBe('')
    const answers = await Promise.all([acme, evil, acme].map(answerOn))
    expect(answers.sort()).toEqual([
      'a message for acme',
      'a message for acme',
      'a message for evil',
    ])
    expect(app.timers()).toBe(2)
    acme.close()
    evil.terminate()
    await everybodyHasGone(app)
    expect(app.timers()).toBe(0)
  })

  test('is answered with 101, and what was sent with it is not lost', async () => {
    const app = await start(guide)
    const socket = connect(app.port, '127.0.0.1')
    // A masked text frame: RFC 6455 section 5.2, with the mask 0.
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
    socket.write(Buffer.concat([Buffer.from(upgrade(live, [home, cookieOf(member)])), frame]))
    let received = ''
    while (!received.includes('acme')) received += String((await once(socket, 'data'))[0])
    expect(received).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
    expect(received).toMatch(/\r\n\r\n.{2}a message for acme$/s)
    socket.destroy()
    await everybodyHasGone(app)
    expect(app.timers()).toBe(0)
  })

  test.each(refusals)('is refused: %s', async (_title, target, headers, status, error) => {
    const app = await start(guide)
    expectRefusal(await sendBytes(app.port, upgrade(target, headers)), status, error)
    expect(app.timers()).toBe(0)
  })

  test('that is no WebSocket is refused by the library, whoever asks', async () => {
    const app = await start(guide)
    const headers = [home, cookieOf(member)]
    const post = await sendBytes(app.port, upgrade(live, headers, 'POST'))
    const plain = await sendBytes(
      app.port,
      upgrade(live, headers).replace('Upgrade: websocket', 'Upgrade: h2c'),
    )
    expect([post.status, plain.status]).toEqual([405, 400])
    expect(app.timers()).toBe(0)
  })

  test('is refused with 503 while the keys are not there', async () => {
    const endpoint = await issuer.listen()
    await endpoint.close()
    const remote = createVerifier({ keys: endpoint.url, algorithms: ['ES256'] })
    onTestFinished(() => remote.close())
    const app = await start(guide, remote)
    const answer = await sendBytes(app.port, upgrade(live, [home, cookieOf(member)]))
    expect(answer.status).toBe(503)
    expect(Number(headerOf(answer, 'retry-after'))).toBeGreaterThan(0)
    expect(headerOf(answer, 'www-authenticate')).toBeUndefined()
  })

  test('that is refused does not wait for a client that stays', async () => {
    const app = await start(guide)
    const socket = connect({ port: app.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.resume()
    socket.write(upgrade(live, [home]))
    await once(socket, 'end')
    await everybodyHasGone(app)
    socket.destroy()
  })

  test.each([
    ['a good', member, 'end'],
    ['a good', member, 'resetAndDestroy'],
    ['a bad', stranger, 'end'],
    ['a bad', stranger, 'resetAndDestroy'],
  ] as const)(
    'whose client goes while %s token is verified leaves nothing behind',
    async (...row) => {
      const [, token, leave] = row
      const slow = createSlowVerifier(verifier)
      const app = await start(guide, slow)
      const socket = connect(app.port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(upgrade(live, [home, cookieOf(token)]))
      await slow.begun
      socket[leave]()
      if (leave === 'resetAndDestroy') await everybodyHasGone(app)
      slow.release()
      await everybodyHasGone(app)
      expect(app.timers()).toBe(0)
      expect(await answerOn(await open(app, member))).toBe('a message for acme')
    },
  )

  test('ends when its token expires, and is refused from then on', async () => {
    const exact = createVerifier({ keys: issuer.keys, algorithms: ['ES256'], clockTolerance: 0 })
    const app = await start(guide, exact)
    const exp = Math.floor(Date.now() / 1000) + 3
    const short = await tokenOf({ acme: ['member'] }, { exp })
    const socket = await open(app, short)
    const other = await open(app, member)
    expect(await answerOn(socket)).toBe('a message for acme')
    const [code] = await once(socket, 'close')
    expect(code).toBe(1006)
    const again = await sendBytes(app.port, upgrade(live, [home, cookieOf(short)]))
    expectRefusal(again, 401, 'invalid_token')
    expect(await answerOn(other)).toBe('a message for acme')
    expect(app.timers()).toBe(1)
    other.terminate()
  })

  test('of a token that outlives a timer is not ended at once', async () => {
    const app = await start(guide)
    const token = await tokenOf({ acme: ['member'] }, { exp: 4_000_000_000 })
    const socket = await open(app, token)
    await delay(20)
    expect(await answerOn(socket)).toBe('a message for acme')
    socket.terminate()
  })

  test('with frames that break the protocol ends alone', async () => {
    const app = await start(guide)
    const good = await open(app, member)
    const bytes = Buffer.concat([
      Buffer.from(upgrade(live, [home, cookieOf(member)])),
      // A text frame without a mask: RFC 6455 section 5.1.
      Buffer.from([0x81, 0x01, 0x61]),
    ])
    expect((await sendBytes(app.port, bytes)).status).toBe(101)
    expect(await answerOn(good)).toBe('a message for acme')
    good.terminate()
  })

  test('ends when the application does', async () => {
    const app = await start(guide)
    const socket = await open(app, member)
    if (guide.name.startsWith('Express')) socket.terminate()
    await app.close()
    await vi.waitFor(() => expect(app.timers()).toBe(0), { timeout: 10_000 })
  })

  test('goes through no guard, and what is none goes to no code of this', async () => {
    const app = await start(guide)
    const response = await fetch(`http://127.0.0.1:${app.port}${live}`)
    expect(response.status).toBe(404)
  })
})

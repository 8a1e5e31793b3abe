/** Handlers behind a guard throw, stream, abort and answer twice, and stay in their own tenant. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { tokenOf, verifier } from './support/callers.ts'
import { type Handlers, handlers } from './support/handlers.ts'
import { send } from './support/raw-request.ts'
import { createSlowVerifier } from './support/slow-verifier.ts'

const token = await tokenOf({ acme: [], evil: [] })
const bearer = `Authorization: Bearer ${token}`

/** The lines of a request, as bytes; the body is not among them. */
function head(line: string, ...headers: readonly string[]): string {
  return `${[`${line} HTTP/1.1`, 'Host: localhost', bearer, ...headers].join('\r\n')}\r\n\r\n`
}

/** Of a client that waits for its answer: Node breaks off what it sends to one that has ended. */
async function get(app: Handlers, path: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`http://127.0.0.1:${app.port}${path}`, { headers })
  return `${answer.status} ${await answer.text()}`
}

describe.each(handlers)('$name, a guard $place: a handler', ({ start: startWith }) => {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason)

  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', onUnhandled)
    // Express tells of the errors that nobody answers.
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
  })
  afterEach(() => {
    process.off('unhandledRejection', onUnhandled)
    vi.restoreAllMocks()
    expect(unhandled).toEqual([])
  })

  async function start(used = verifier): Promise<Handlers> {
    const app = await startWith(used)
    onTestFinished(() => app.close())
    return app
  }

  test('that throws, at once or later, is the error of the application, in the tenant', async () => {
    const app = await start()
    for (const kind of ['throw', 'reject']) {
      for (const tenant of ['acme', 'evil']) {
        expect(await get(app, `/tenants/${tenant}/${kind}`)).toBe(`418 a mistake in ${tenant}`)
      }
    }
  })

  test('that streams knows its tenant all along', async () => {
    const app = await start()
    const answers = await Promise.all(
      ['acme', 'evil', 'acme'].map((tenant) => get(app, `/tenants/${tenant}/stream`)),
    )
    expect(answers).toEqual(
      ['acme', 'evil', 'acme'].map((tenant) => `200 ${`${tenant}\n`.repeat(3)}`),
    )
  })

  test('that answers twice, or breaks off, harms no other request', async () => {
    const app = await start()
    const refused = once(app.events, 'refused')
    expect(await get(app, '/tenants/acme/twice')).toBe('200 first')
    await refused
    await expect(get(app, '/tenants/acme/torn')).rejects.toThrow()
    expect(await get(app, '/tenants/evil/twice')).toBe('200 first')
  })

  test('whose client goes is told so, and nobody else notices', async () => {
    const app = await start()
    const waits = once(app.events, 'waits')
    const gone = once(app.events, 'gone')
    const socket = connect(app.port, '127.0.0.1')
    socket.write(head('GET /tenants/acme/wait'))
    await waits
    socket.resetAndDestroy()
    await gone
    expect(await get(app, '/tenants/evil/twice')).toBe('200 first')
  })

  test('is not reached by a client that goes while its token is verified', async () => {
    const slow = createSlowVerifier(verifier)
    const app = await start(slow)
    const waits = vi.fn()
    app.events.on('waits', waits)
    const socket = connect(app.port, '127.0.0.1')
    socket.write(head('GET /tenants/acme/wait'))
    await slow.begun
    const closed = once(socket, 'close')
    socket.resetAndDestroy()
    await closed
    // The server has read the end of that connection before it can read this request.
    expect((await send(app.port, ['GET /open HTTP/1.1'])).status).toBe(200)
    await delay(10)
    slow.release()
    expect(await get(app, '/tenants/evil/twice')).toBe('200 first')
    expect(waits).not.toHaveBeenCalled()
  })

  test('is not reached by a client that goes in the middle of its body', async () => {
    const app = await start()
    const waits = vi.fn()
    app.events.on('waits', waits)
    const socket = connect(app.port, '127.0.0.1')
    const headers = ['Content-Type: application/json', 'Content-Length: 10']
    socket.write(`${head('POST /tenants/acme/wait', ...headers)}{"a"`)
    await delay(10)
    socket.resetAndDestroy()
    expect(await get(app, '/tenants/evil/twice')).toBe('200 first')
    expect(waits).not.toHaveBeenCalled()
  })

  test.each([
    ['application/json', '{"a":"1"}', { a: '1' }],
    ['text/plain', 'a=1', 'a=1'],
    ['application/x-www-form-urlencoded', 'a=1', { a: '1' }],
  ])('has its own tenant behind bodies of %s that come in turn', async (type, body, expected) => {
    const app = await start()
    const answers = await inTurn(app, 'body', type, [...body])
    expect(answers).toEqual(
      ['acme', 'evil'].map((tenant) => ({ seen: Array(4).fill(tenant), body: expected })),
    )
  })

  test('has its own tenant at each part of a body that it reads itself', async () => {
    const app = await start()
    const answers = await inTurn(app, 'parts', 'application/octet-stream', ['a', 'b', 'c'])
    expect(answers).toEqual([
      { tenants: ['acme'], text: 'abc' },
      { tenants: ['evil'], text: 'abc' },
    ])
  })

  test('has its own tenant when requests of several wait on one connection', async () => {
    const app = await start()
    const tenants = ['acme', 'evil', 'acme', 'evil', 'evil', 'acme']
    const lines = tenants.map((tenant) => head(`GET /tenants/${tenant}/body`))
    const last = `GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
    const socket = connect(app.port, '127.0.0.1')
    socket.write([...lines, last].join(''))
    let text = ''
    for await (const part of socket) text += String(part)
    const bodies = [...text.matchAll(/\r\n\r\n(\{.*?\})(?=HTTP|$)/g)].map(([, json = '']) =>
      JSON.parse(json),
    )
    expect(bodies.map((body) => body.seen ?? body.current)).toEqual([
      ...tenants.map((tenant) => Array(4).fill(tenant)),
      null,
    ])
  })

  test('has its own tenant among 1,000 requests of 50, however they overlap', async () => {
    const app = await start()
    const tenants = Array.from({ length: 50 }, (_, index) => `tenant-${index}`)
    const tokens = await Promise.all(tenants.map((tenant) => tokenOf({ [tenant]: [] })))
    const wrong: unknown[] = []
    const url = (tenant: string) => `http://127.0.0.1:${app.port}/tenants/${tenant}/meet?size=250`
    async function ask(tenant: string, index: number): Promise<void> {
      const headers = { authorization: `Bearer ${tokens[index]}` }
      const answer = await fetch(url(tenant), { headers })
      const seen: unknown = await answer.json()
      if (JSON.stringify(seen) !== JSON.stringify(Array(8).fill(tenant))) wrong.push(tenant, seen)
    }
    // In each of four waves all 250 handlers have begun before the first of them goes on.
    for (let wave = 0; wave < 4; wave++) {
      const all = Array.from({ length: 5 }, () => tenants).flat()
      await Promise.all(all.map((tenant, number) => ask(tenant, number % 50)))
    }
    expect(wrong).toEqual([])
  })
})

/** Two uploads of two tenants at a time, one part of each after the other, and their answers. */
async function inTurn(
  app: Handlers,
  path: string,
  type: string,
  parts: readonly string[],
): Promise<unknown[]> {
  const length = parts.join('').length
  const uploads = ['acme', 'evil'].map((tenant) => {
    const socket = connect(app.port, '127.0.0.1').setNoDelay()
    const headers = [`Content-Type: ${type}`, `Content-Length: ${length}`, 'Connection: close']
    socket.write(head(`POST /tenants/${tenant}/${path}`, ...headers))
    return socket
  })
  for (const part of parts) {
    for (const socket of uploads) {
      await new Promise((resolve) => socket.write(part, resolve))
      await delay(1)
    }
  }
  return await Promise.all(
    uploads.map(async (socket) => {
      let text = ''
      for await (const part of socket) text += String(part)
      return JSON.parse(text.slice(text.indexOf('\r\n\r\n')))
    }),
  )
}

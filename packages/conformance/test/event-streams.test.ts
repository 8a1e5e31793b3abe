/** The code of the guides that streams events until the token expires, run on each framework. */
import { createVerifier, type Verifier } from '@tenantry/core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { issuer, tokenOf, verifier } from './support/callers.ts'
import { expectLegalRefusal } from './support/challenge.ts'
import { type Answer, send } from './support/raw-request.ts'
import { type Streaming, streamingGuides } from './support/streaming.ts'

const events = '/tenants/acme/events'
const begin = 'retry: 1000\n\n'
const member = await tokenOf({ acme: ['viewer'], evil: ['viewer'] })
const admin = await tokenOf({ acme: ['admin'], evil: ['admin'] }, { userId: 36 })
const cookieOf = (token: string) => `access.demo1234=${token}`

async function start(
  guide: (typeof streamingGuides)[number],
  used: Verifier = verifier,
): Promise<Streaming> {
  const app = await guide.start(used)
  onTestFinished(() => app.end())
  return app
}

/** A stream as an EventSource asks for it: all of its text until a piece has come, or until its end. */
async function listen(app: Streaming, token: string, path = events) {
  const abort = new AbortController()
  const response = await fetch(`http://127.0.0.1:${app.port}${path}`, {
    headers: { accept: 'text/event-stream', cookie: cookieOf(token) },
    signal: abort.signal,
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(response.headers.get('cache-control')).toBe('no-store')
  if (response.body === null) throw new Error('There is no stream')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  async function until(piece?: string): Promise<string> {
    while (piece === undefined || !text.includes(piece)) {
      const { value, done } = await reader.read()
      if (done && piece !== undefined) throw new Error(`The stream ended with ${text}`)
      if (done) break
      text += value
    }
    return text
  }
  return { until, end: () => until(), abort: () => abort.abort() }
}

async function change(app: Streaming, tenant: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${app.port}/tenants/${tenant}/changes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}` },
  })
  return response.status
}

function listeners(app: Streaming): number {
  return app.changes.listenerCount('tenant acme') + app.changes.listenerCount('tenant evil')
}

async function ask(app: Streaming, token?: string, path = events): Promise<Answer> {
  const cookie = token === undefined ? [] : [`Cookie: ${cookieOf(token)}`]
  return await send(app.port, [`GET ${path} HTTP/1.1`, ...cookie])
}

describe.each(streamingGuides)('$name: a stream of events', (guide) => {
  test('tells of what happens in its tenant, and of nothing else', async () => {
    const app = await start(guide)
    const acme = await listen(app, member)
    const evil = await listen(app, member, '/tenants/evil/events')
    expect([await change(app, 'acme'), await change(app, 'evil')]).toEqual([204, 204])
    app.changes.emit('tenant evil', { by: 'evil' })
    const event = 'data: {"by":36}\n\n'
    expect(await acme.until(event)).toBe(`${begin}${event}`)
    // What comes next there is not what happened in acme.
    expect(await evil.until('evil')).toBe(`${begin}${event}data: {"by":"evil"}\n\n`)
    acme.abort()
    evil.abort()
    await vi.waitFor(() => expect([app.timers(), listeners(app)]).toEqual([0, 0]), {
      timeout: 10_000,
    })
    expect(await change(app, 'acme')).toBe(204)
  })

  test('ends when its token expires, and the guard refuses the next one', async () => {
    const exact = createVerifier({ keys: issuer.keys, algorithms: ['ES256'], clockTolerance: 0 })
    const app = await start(guide, exact)
    const short = await tokenOf({ acme: [] }, { exp: Math.floor(Date.now() / 1000) + 3 })
    const other = await listen(app, member)
    const stream = await listen(app, short)
    app.changes.emit('tenant acme', { by: 1 })
    expect(await stream.until('data')).toBe(`${begin}data: {"by":1}\n\n`)
    expect(await stream.end()).toBe(`${begin}data: {"by":1}\n\n`)
    const again = await ask(app, short)
    expect([again.status, again.code]).toEqual([401, 'token_expired'])
    expect(expectLegalRefusal(again, short).get('error')).toBe('invalid_token')
    expect([app.timers(), listeners(app)]).toEqual([1, 1])
    app.changes.emit('tenant acme', { by: 2 })
    expect(await other.until('2}')).toBe(`${begin}data: {"by":1}\n\ndata: {"by":2}\n\n`)
    other.abort()
  })

  test('of a token that is accepted after it has expired ends at once', async () => {
    const app = await start(guide)
    const late = await tokenOf({ acme: [] }, { exp: Math.floor(Date.now() / 1000) - 2 })
    const stream = await listen(app, late)
    expect(await stream.end()).toBe(begin)
    expect([app.timers(), listeners(app)]).toEqual([0, 0])
  })

  test('of a token that outlives a timer is not ended at once', async () => {
    const app = await start(guide)
    const stream = await listen(app, await tokenOf({ acme: [] }, { exp: 4_000_000_000 }))
    await stream.until(begin)
    expect(await change(app, 'acme')).toBe(204)
    await stream.until('data: {"by":36}\n\n')
    stream.abort()
  })

  test('is asked for with HEAD, and leaves nothing behind', async () => {
    const app = await start(guide)
    const answer = await send(app.port, [`HEAD ${events} HTTP/1.1`, `Cookie: ${cookieOf(member)}`])
    expect([answer.status, answer.body]).toEqual([200, ''])
    await vi.waitFor(() => expect([app.timers(), listeners(app)]).toEqual([0, 0]), {
      timeout: 10_000,
    })
  })

  test('is refused like any other request', async () => {
    const app = await start(guide)
    const answers = [
      await ask(app),
      await ask(app, 'a.b.c'),
      await ask(app, await issuer.expired()),
      await ask(app, member, '/tenants/other/events'),
      await ask(app, member, '/tenants/acme%2F/events'),
    ]
    expect(answers.map(({ status, code }) => `${status} ${code}`)).toEqual([
      '401 credentials_missing',
      '401 token_malformed',
      '401 token_expired',
      '403 tenant_forbidden',
      '400 tenant_invalid',
    ])
    expect([app.timers(), listeners(app)]).toEqual([0, 0])
  })
})

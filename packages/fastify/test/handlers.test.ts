import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { AccessToken } from '@tenantry/core'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { getAuth, getOptionalAuth } from '../src/index.ts'
import {
  createApp,
  frameworks,
  get,
  issuer,
  listen,
  refusal,
  tokenFor,
  verifier,
} from './frameworks.ts'

/** A verifier that waits until it is told to go on. */
function createSlowVerifier() {
  let release = () => {}
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  async function verify(jwt: string): Promise<AccessToken> {
    begin()
    await released
    return await verifier.verify(jwt)
  }
  return { verifier: { ...verifier, verify }, begun, release }
}

/** How many times the handler and the end of a request were reached. */
function countHandler(app: FastifyInstance, preHandler = app.requireTenant()) {
  const counts = { handled: 0 }
  app.get('/:tenantId', { preHandler }, async () => {
    counts.handled++
    return 'ok'
  })
  return counts
}

describe.each(frameworks)('%s: handlers', (_name, framework) => {
  it('that throw are answered by the error handling of the application', async () => {
    const app = await createApp(framework)
    app.setErrorHandler((error, _request, reply) => reply.code(418).send({ told: String(error) }))
    app.get('/sync/:tenantId', { preHandler: app.requireTenant() }, () => {
      throw new Error('sync')
    })
    app.get('/async/:tenantId', { preHandler: app.requireTenant() }, async () => {
      await delay(1)
      throw new Error('async')
    })
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    for (const kind of ['sync', 'async']) {
      const response = await get(`${url}/${kind}/acme`, token)
      expect(response.status).toBe(418)
      expect(await response.json()).toEqual({ told: `Error: ${kind}` })
    }
    expect(await refusal(await get(`${url}/sync/acme`))).toBe('401 credentials_missing')
  })

  it('that answer twice, or end in the middle of a stream, leave the server standing', async () => {
    const app = await createApp(framework)
    app.get('/twice/:tenantId', { preHandler: app.requireTenant() }, (_request, reply) => {
      void reply.send('first')
      void reply.send('second')
    })
    app.get('/torn/:tenantId', { preHandler: app.requireTenant() }, (_request, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-length': '10' })
      reply.raw.write('half')
      setImmediate(() => reply.raw.destroy())
    })
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    expect(await (await get(`${url}/twice/acme`, token)).text()).toBe('first')
    await expect(
      get(`${url}/torn/acme`, token).then((response) => response.text()),
    ).rejects.toThrow()
    expect(await (await get(`${url}/twice/acme`, token)).text()).toBe('first')
  })

  it('are not reached when the client has gone while the token was verified', async () => {
    const slow = createSlowVerifier()
    const app = await createApp(framework, { verifier: slow.verifier })
    const counts = countHandler(app)
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(`GET /acme HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`)
    await slow.begun
    socket.destroy()
    await delay(50)
    slow.release()
    await delay(20)
    expect(counts.handled).toBe(0)
    expect((await get(`${url}/acme`, token)).status).toBe(200)
  })

  it.each([
    ['good', 'token'],
    ['bad', 'forged'],
  ] as const)(
    'are not reached when somebody else has answered before a %s token was verified',
    async (_what, mint) => {
      const slow = createSlowVerifier()
      const app = await createApp(framework, { verifier: slow.verifier })
      const counts = countHandler(app)
      app.addHook('onRequest', async (_request, reply) => {
        void slow.begun.then(() => reply.code(504).send('too slow'))
      })
      const url = await listen(app)
      const response = await get(
        `${url}/acme`,
        await issuer[mint]({ authorization: { acme: { roles: [] } } }),
      )
      expect(response.status).toBe(504)
      slow.release()
      await delay(20)
      expect(counts.handled).toBe(0)
    },
  )

  it('are not reached when the token is bad, however late that shows', async () => {
    const slow = createSlowVerifier()
    const app = await createApp(framework, { verifier: slow.verifier })
    const counts = countHandler(app)
    const url = await listen(app)
    const response = get(
      `${url}/acme`,
      await issuer.forged({ authorization: { acme: { roles: [] } } }),
    )
    await slow.begun
    slow.release()
    expect(await refusal(await response)).toBe('401 signature_invalid')
    expect(counts.handled).toBe(0)
  })

  it('that ask for the caller without a guard are told what to add', async () => {
    const app = await createApp(framework)
    const messages: string[] = []
    app.setErrorHandler((error, _request, reply) => {
      messages.push(String(error))
      return reply.code(500).send()
    })
    app.get('/open', async (request) => getAuth(request))
    app.get('/open/optional', async (request) => getOptionalAuth(request))
    app.get('/optional', { preHandler: app.optionalAuth() }, async (request) => getAuth(request))
    const url = await listen(app)
    for (const path of ['/open', '/open/optional', '/optional']) await get(`${url}${path}`)
    expect(messages).toEqual([
      expect.stringMatching(
        /^ConfigurationError: No guard.*preHandler: app\.requireRole\('admin'\)/s,
      ),
      expect.stringMatching(
        /^ConfigurationError: No guard.*preHandler: app\.requireRole\('admin'\)/s,
      ),
      expect.stringMatching(
        /^ConfigurationError: .*anonymous.*Ask with getOptionalAuth\(request\)/s,
      ),
    ])
    for (const message of messages) {
      expect(message).toMatch(/requireAuth\(\) lets in .* checks no tenant/)
      expect(message).not.toContain('app.requireAuth()')
    }
  })
})

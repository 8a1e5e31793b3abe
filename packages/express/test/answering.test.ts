/** How a guard answers, when it leaves that to others, and when it keeps silent. */
import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { assertCan, createVerifier, UnavailableError } from '@tenantry/core'
import { currentTenantId } from '@tenantry/core/context'
import { createGuard } from '@tenantry/express'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { versions } from './support/express-versions.ts'
import { serve } from './support/serve.ts'
import { countingVerifier, tokenOf, verifier } from './support/tokens.ts'

const problem =
  '{"type":"urn:tenantry:error:credentials_missing","title":"Unauthorized","status":401,' +
  '"detail":"No access token was sent. Send one as a Bearer token.","code":"credentials_missing"}'

function raise(thrown: unknown): never {
  throw thrown
}

function signal(): { readonly given: Promise<void>; give(): void } {
  const events = new EventEmitter()
  const given = once(events, 'given').then(() => undefined)
  return { given, give: () => events.emit('given') }
}

describe.each(versions)('$name', ({ express }) => {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown): void => {
    unhandled.push(reason)
  }

  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', onUnhandled)
  })

  afterEach(() => {
    process.off('unhandledRejection', onUnhandled)
    expect(unhandled).toEqual([])
  })

  test('what is written is the refusal and nothing more', async () => {
    const app = express()
    app.disable('x-powered-by')
    app.use(createGuard({ verifier }).requireAuth())
    const received = await (await serve(app)).raw(['GET / HTTP/1.1'])
    const [head = '', body] = received.split('\r\n\r\n')
    expect(body).toBe(problem)
    expect(head.split('\r\n').filter((line) => !line.startsWith('Date:'))).toEqual([
      'HTTP/1.1 401 Unauthorized',
      'cache-control: no-store',
      'content-type: application/problem+json',
      'www-authenticate: Bearer realm="api"',
      `content-length: ${problem.length}`,
      'Connection: close',
    ])
  })

  test('headers that were set before stay', async () => {
    const app = express()
    app.use((_req, res, next) => {
      res.set({ 'access-control-allow-origin': '*', 'content-type': 'text/html' })
      next()
    }, createGuard({ verifier }).requireAuth())
    const answer = await (await serve(app)).get('/')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  test('HEAD gets the same without a body', async () => {
    const app = express()
    const guard = createGuard({ verifier })
    app.get('/t/:tenantId', guard.requireTenant(), (_req, res) => res.send('widgets'))
    const { get, raw } = await serve(app)
    const received = await raw(['HEAD /t/acme HTTP/1.1'])
    expect(received).toContain('HTTP/1.1 401 Unauthorized')
    expect(received).toContain(`content-length: ${problem.length}`)
    expect(received.endsWith('\r\n\r\n')).toBe(true)
    const passed = await get('/t/acme', await tokenOf({ acme: [] }), { method: 'HEAD' })
    expect([passed.status, passed.headers.get('content-length')]).toEqual([200, '7'])
  })

  test('OPTIONS is Express to answer on a route, and the guard before it', async () => {
    const guard = createGuard({ verifier })
    const app = express()
    app.get('/route/:tenantId', guard.requireTenant(), (_req, res) => res.send('widgets'))
    app.use('/all/:tenantId', guard.requireTenant(), (_req, res) => res.send('widgets'))
    const { get } = await serve(app)
    expect((await get('/route/acme', undefined, { method: 'OPTIONS' })).status).toBe(200)
    expect((await get('/all/acme', undefined, { method: 'OPTIONS' })).status).toBe(401)
  })

  test('a refused body is not waited for', async () => {
    const app = express()
    app.post('/', createGuard({ verifier }).requireAuth(), express.json(), (_req, res) => res.end())
    const received = await (await serve(app)).raw(
      ['POST / HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 10'],
      '{"half":',
    )
    expect(received).toContain('HTTP/1.1 401 Unauthorized')
  })

  describe('with errorHandler', () => {
    test('refusals pass through the application and are answered as each guard says', async () => {
      const guard = createGuard({ verifier })
      const codes: unknown[] = []
      const log: ErrorRequestHandler = (error, _req, _res, next) => {
        codes.push(error.code)
        next(error)
      }
      const app = express()
      app.get('/me', guard.requireAuth())
      app.get('/t/:tenantId', guard.requireTenant({ hideTenants: true }))
      app.get('/f/:tenantId', guard.requireRole('admin', { forbiddenStatus: 401 }))
      app.use(log, guard.errorHandler())
      const { get } = await serve(app)
      const nobody = await get('/me')
      expect([nobody.status, nobody.text]).toEqual([401, problem])
      expect(nobody.headers.get('content-type')).toBe('application/problem+json')
      expect((await get('/t/acme', await tokenOf({}))).code).toBe('not_found')
      expect((await get('/f/acme', await tokenOf({ acme: [] }))).status).toBe(401)
      expect(codes).toEqual(['credentials_missing', 'tenant_forbidden', 'role_insufficient'])
    })

    test('refusals that a handler throws are answered, and no other errors', async () => {
      const guard = createGuard({ verifier })
      const app = express()
      app.get('/t/:tenantId', guard.requireAuth(), (req) => {
        if (req.auth !== undefined) assertCan(req.auth.token, req.params.tenantId, 'admin')
        throw new Error('a mistake')
      })
      const rest: ErrorRequestHandler = (error, _req, res, _next) => {
        res.status(418).send(error.message)
      }
      app.use(guard.errorHandler(), rest)
      const { get } = await serve(app)
      const refused = await get('/t/acme', await tokenOf({ acme: ['viewer'] }))
      expect([refused.status, refused.code]).toEqual([403, 'role_insufficient'])
      const failed = await get('/t/acme', await tokenOf({ acme: ['admin'] }))
      expect([failed.status, failed.text]).toEqual([418, 'a mistake'])
    })

    test('a handler outside of any tenant blames no token', async () => {
      const guard = createGuard({ verifier })
      const app = express()
      app.get('/', guard.requireAuth(), (_req, res) => res.end(currentTenantId()))
      app.use(guard.errorHandler())
      const refused = await (await serve(app)).get('/', await tokenOf({ acme: [] }))
      expect([refused.status, refused.code]).toEqual([401, 'tenant_context_missing'])
      expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="api"')
    })
  })

  describe('after the guard', () => {
    const guard = createGuard({ verifier })
    const failed: ErrorRequestHandler = (error, _req, res, next) => {
      if (res.headersSent) next(error)
      else res.status(500).send(error.message)
    }

    async function answerOf(handler: RequestHandler): Promise<() => Promise<unknown>> {
      const app = express()
      app.get('/', guard.requireAuth(), handler)
      app.use(failed)
      const { get } = await serve(app)
      return async () => {
        const answer = await get('/', await tokenOf({}))
        return [answer.status, answer.text]
      }
    }

    test('a handler that throws is the error of the application', async () => {
      const get = await answerOf(() => {
        throw new Error('a mistake')
      })
      expect(await get()).toEqual([500, 'a mistake'])
    })

    test('a handler streams', async () => {
      const get = await answerOf((_req, res) => {
        res.write('one ')
        setTimeout(() => res.end('two'), 5)
      })
      expect(await get()).toEqual([200, 'one two'])
    })

    test('a handler that fails in the middle of its answer ends the connection', async () => {
      vi.spyOn(console, 'error').mockImplementation(() => undefined)
      const get = await answerOf((_req, res) => {
        res.write('one ')
        throw new Error('a mistake')
      })
      await expect(get()).rejects.toThrow()
    })

    test('a handler that answers twice gets the error itself', async () => {
      const seen: unknown[] = []
      const get = await answerOf((_req, res) => {
        res.send('first')
        try {
          res.send('second')
        } catch (error) {
          seen.push(Reflect.get(Object(error), 'code'))
        }
      })
      expect(await get()).toEqual([200, 'first'])
      expect(seen).toEqual(['ERR_HTTP_HEADERS_SENT'])
    })
  })

  test.each([undefined, null, false, 'route', 'router'])(
    '%j that is thrown lets nobody in',
    async (thrown) => {
      const handler = vi.fn()
      const app = express()
      const rejecting = countingVerifier(() => Promise.reject(thrown))
      const throwing = { read: () => raise(thrown) }
      app.get('/verifier', createGuard({ verifier: rejecting }).requireAuth(), handler)
      app.get('/source', createGuard({ verifier, credentials: [throwing] }).optionalAuth(), handler)
      app.get(
        '/:tenantId',
        createGuard({ verifier, getTenantId: () => raise(thrown) }).requireTenant(),
        handler,
      )
      app.use(handler)
      const failed: ErrorRequestHandler = (error, _req, res, _next) => {
        res.status(418).json({ cause: error.cause })
      }
      app.use(failed)
      const { get } = await serve(app)
      for (const path of ['/verifier', '/source', '/acme']) {
        expect((await get(path, await tokenOf({ acme: [] }))).status).toBe(418)
      }
      expect(handler).not.toHaveBeenCalled()
    },
  )

  test('a verifier that answers with another kind of promise is waited for', async () => {
    const rejected = new UnavailableError('keys_unavailable', { retryAfter: 3 })
    const odd = {
      // biome-ignore lint/suspicious/noThenProperty: this is what is tested
      verify: () => ({ then: (_: unknown, reject: (reason: unknown) => void) => reject(rejected) }),
    }
    const handler = vi.fn()
    const app = express()
    app.get(
      '/',
      createGuard({ verifier: Object.assign(odd, { roles: undefined }) as never }).requireAuth(),
      handler,
    )
    const answer = await (await serve(app)).get('/', 'a.b.c')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3'])
    expect(handler).not.toHaveBeenCalled()
  })

  test('a guard after an answer lets nobody through and does not answer again', async () => {
    const handler = vi.fn()
    const app = express()
    app.use((_req, res, next) => {
      res.send('answered')
      next()
    })
    const guard = createGuard({ verifier })
    app.get('/', guard.requireAuth(), handler)
    const { get } = await serve(app)
    expect((await get('/')).text).toBe('answered')
    expect((await get('/', await tokenOf({}))).text).toBe('answered')
    expect(handler).not.toHaveBeenCalled()
  })

  test('a refusal in the middle of an answer ends the connection', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const app = express()
    app.use((_req, res, next) => {
      res.write('half')
      next()
    }, createGuard({ verifier }).requireAuth())
    await expect((await serve(app)).get('/')).rejects.toThrow()
  })

  test('when the client goes while its token is verified, nothing happens', async () => {
    const started = signal()
    const verified = signal()
    const slow = countingVerifier(async () => {
      started.give()
      await verified.given
    })
    const handler = vi.fn()
    const closed = signal()
    const app = express()
    app.use((_req, res, next) => {
      res.on('close', () => closed.give())
      next()
    })
    app.get('/', createGuard({ verifier: slow }).requireAuth(), handler)
    const { port } = await serve(app)
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await tokenOf({})}\r\n\r\n`)
    await started.given
    socket.destroy()
    await closed.given
    verified.give()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(handler).not.toHaveBeenCalled()
    expect(slow.calls).toBe(1)
  })

  test('while the keys cannot be loaded it is 503, and says when to try again', async () => {
    const dead = await serve((_req, res) => res.writeHead(500).end())
    const remote = createVerifier({ keys: `http://127.0.0.1:${dead.port}/jwks.json` })
    const app = express()
    app.get('/', createGuard({ verifier: remote }).requireAuth(), (_req, res) => res.end())
    const rs256 = `${Buffer.from('{"alg":"RS256","typ":"JWT","kid":"a"}').toString('base64url')}.e30.AAAA`
    const answer = await (await serve(app)).get('/', rs256)
    remote.close()
    expect([answer.status, answer.code]).toEqual([503, 'keys_unavailable'])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })
})

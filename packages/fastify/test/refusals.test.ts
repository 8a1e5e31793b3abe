import { connect } from 'node:net'
import { createVerifier } from '@tenantry/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createApp, frameworks, get, issuer, listen, refusal, tokenFor } from './frameworks.ts'

/** The whole answer to these lines, as it came over the wire. */
async function raw(url: string, lines: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end(`${[...lines, 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += chunk
  return text
}

/** The names of the headers that are not Node's own. */
function names(response: Response): string[] {
  const node = ['connection', 'content-length', 'date', 'keep-alive']
  return [...response.headers.keys()].filter((name) => !node.includes(name))
}

describe.each(frameworks)('%s: refusals', (_name, framework) => {
  it('are problem documents with a challenge, byte for byte', async () => {
    const app = await createApp(framework)
    app.get('/:tenantId', { preHandler: app.requireRole('admin') }, async () => 'ok')
    const response = await get(`${await listen(app)}/acme`)
    expect(response.status).toBe(401)
    expect(names(response)).toEqual(['cache-control', 'content-type', 'www-authenticate'])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"')
    expect(await response.text()).toBe(
      '{"type":"urn:tenantry:error:credentials_missing","title":"Unauthorized","status":401,' +
        '"detail":"No access token was sent. Send one as a Bearer token.","code":"credentials_missing"}',
    )
  })

  it('that cannot be written are errors, and are answered', async () => {
    const known = createVerifier({ keys: issuer.keys })
    const verify = async (jwt: string) => {
      const error: unknown = await known.verify(jwt).catch((reason: unknown) => reason)
      throw Object.defineProperty(Object(error), 'headers', { value: { 'retry-after': '\u20ac' } })
    }
    const app = await createApp(framework, { verifier: { ...known, verify } })
    app.get('/:tenantId', { preHandler: app.requireTenant() }, async () => 'reached')
    const response = await get(`${await listen(app)}/acme`, await issuer.expired())
    expect(response.status).toBe(500)
    expect(response.headers.get('retry-after')).toBe(null)
    expect(await response.json()).toMatchObject({ code: 'ERR_INVALID_CHAR' })
  })

  it('are errors of the application when its own property of the request throws', async () => {
    const app = await createApp(framework)
    app.addHook('onRequest', async (request) => {
      Object.defineProperty(request, 'auth', {
        set() {
          throw new Error('read only')
        },
      })
    })
    app.get('/:tenantId', { preHandler: app.requireTenant() }, async () => 'reached')
    const response = await get(`${await listen(app)}/acme`, await tokenFor({ acme: [] }))
    expect(await response.json()).toMatchObject({ statusCode: 500, message: 'read only' })
  })

  it('say what is wrong with the token and with the access', async () => {
    const app = await createApp(framework)
    app.get('/:tenantId', { preHandler: app.requireRole('admin') }, async () => 'ok')
    const url = await listen(app)
    const ask = async (path: string, token: string) => {
      const response = await get(`${url}${path}`, token)
      const challenge = response.headers.get('www-authenticate') ?? ''
      return `${await refusal(response)} ${/error="(\w+)"/.exec(challenge)?.[1]}`
    }
    const member = await tokenFor({ acme: ['member'] })
    expect(await ask('/acme', await issuer.expired())).toBe('401 token_expired invalid_token')
    expect(await ask('/acme', await issuer.forged())).toBe('401 signature_invalid invalid_token')
    expect(await ask('/acme', await issuer.idToken())).toBe(
      '401 token_kind_unexpected invalid_token',
    )
    expect(await ask('/acme', member)).toBe('403 role_insufficient insufficient_scope')
    expect(await ask('/evil', member)).toBe('403 tenant_forbidden insufficient_scope')
    expect(await ask('/__proto__', member)).toBe('403 tenant_forbidden insufficient_scope')
    expect(await ask('/constructor', member)).toBe('403 tenant_forbidden insufficient_scope')
    expect(await ask('/ACME', member)).toBe('403 tenant_forbidden insufficient_scope')
    expect(await ask('/%61cme', member)).toBe('403 role_insufficient insufficient_scope')
    expect(await ask('/acme%252Fx', member)).toBe('400 tenant_invalid invalid_request')
    expect(await ask('/acme%2Fx', member)).toBe('400 tenant_invalid invalid_request')
    expect(await ask('/%20acme', member)).toBe('400 tenant_invalid invalid_request')
    expect(await ask('/acme%3Bv=1', member)).toBe('400 tenant_invalid invalid_request')
  })

  it('an empty parameter is no tenant', async () => {
    const app = await createApp(framework)
    app.get('/tenants/:tenantId/x', { preHandler: app.requireTenant() }, async () => 'ok')
    const url = await listen(app)
    expect(await refusal(await get(`${url}/tenants//x`, await tokenFor({ '': [] })))).toBe(
      '400 tenant_invalid',
    )
  })

  it('the Authorization header comes once and is one token', async () => {
    const app = await createApp(framework)
    app.get('/', { preHandler: app.requireAuth() }, async () => 'ok')
    const url = await listen(app)
    const token = await tokenFor({})
    const one = `Authorization: Bearer ${token}`
    expect(await raw(url, ['GET / HTTP/1.1', one])).toMatch(/^HTTP\/1.1 200 /)
    expect(await raw(url, ['GET / HTTP/1.1', one, one])).toMatch(
      /^HTTP\/1.1 400 .*"request_malformed"/s,
    )
    expect(await raw(url, ['GET / HTTP/1.1', `${one},${token}`])).toMatch(/^HTTP\/1.1 400 /)
    expect(await raw(url, ['GET / HTTP/1.1', 'Authorization: Basic x'])).toMatch(/^HTTP\/1.1 401 /)
    expect(await raw(url, [`GET /?access_token=${token} HTTP/1.1`])).toMatch(/^HTTP\/1.1 401 /)
  })

  it('query and body name no other tenant', async () => {
    const app = await createApp(framework)
    app.post('/:tenantId', { preHandler: app.requireTenant() }, async () => 'ok')
    const url = await listen(app)
    const token = await tokenFor({ acme: [], evil: [] })
    const post = (query: string, body: unknown) =>
      get(`${url}/acme${query}`, token, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
    expect((await post('?tenantId=acme', { tenantId: 'acme' })).status).toBe(200)
    expect(await refusal(await post('?tenantId=evil', {}))).toBe('400 tenant_conflict')
    expect(await refusal(await post('?tenantId=acme&tenantId=acme', {}))).toBe(
      '400 tenant_conflict',
    )
    expect(await refusal(await post('', { tenantId: 'evil' }))).toBe('400 tenant_conflict')
    expect(await refusal(await post('', { tenantId: null }))).toBe('400 tenant_conflict')
  })

  it('HEAD has the headers of GET and no body', async () => {
    const app = await createApp(framework)
    app.get('/a/:tenantId', { preHandler: app.requireTenant() }, async () => 'ok')
    app.get('/b/:tenantId', { config: { tenantry: { tenant: true } } }, async () => 'ok')
    app.head('/c/:tenantId', { preHandler: app.requireTenant() }, async () => 'ok')
    const url = await listen(app)
    for (const path of ['/a', '/b', '/c']) {
      const text = await raw(url, [`HEAD ${path}/acme HTTP/1.1`])
      expect(text).toMatch(/^HTTP\/1.1 401 /)
      expect(text).toMatch(/content-type: application\/problem\+json\r\n/)
      expect(text).toMatch(/content-length: 179\r\n/)
      expect(text).toMatch(/\r\n\r\n$/)
      const token = await tokenFor({ acme: [] })
      expect((await get(`${url}${path}/acme`, token, { method: 'HEAD' })).status).toBe(200)
    }
  })

  it('OPTIONS is guarded like anything else', async () => {
    const app = await createApp(framework)
    app.options('/:tenantId', { preHandler: app.requireTenant() }, async () => 'ok')
    const url = await listen(app)
    const headers = {
      origin: 'https://a.example',
      'access-control-request-headers': 'authorization',
    }
    const response = await get(`${url}/acme`, undefined, { method: 'OPTIONS', headers })
    expect(await refusal(response)).toBe('401 credentials_missing')
  })

  it('a JWKS endpoint that is down is 503 with Retry-After, and no challenge', async () => {
    const server = await issuer.listen()
    await server.close()
    const verifier = createVerifier({ keys: server.url })
    onTestFinished(() => verifier.close())
    const app = await createApp(framework, { verifier })
    app.get('/:tenantId', { preHandler: app.requireTenant() }, async () => 'ok')
    const response = await get(`${await listen(app)}/acme`, await tokenFor({ acme: [] }))
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(await refusal(response)).toBe('503 keys_unavailable')
  })

  it('a route without the parameter is 500, told to the operator once and without the token', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    const lines: string[] = []
    const logger = { level: 'error', stream: { write: (line: string) => void lines.push(line) } }
    const app = await createApp(framework, {}, { logger })
    app.get('/:tenant', { preHandler: app.requireTenant() }, async () => 'ok')
    const url = await listen(app)
    const token = await tokenFor({ acme: [] })
    for (let time = 0; time < 3; time++) {
      const response = await get(`${url}/acme`, token)
      expect(await refusal(response)).toBe('500 tenant_unresolved')
    }
    expect(warn).toHaveBeenCalledOnce()
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(':tenantId'), {
      type: 'TenantryWarning',
      code: 'tenant_unresolved',
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('"route":"/:tenant"')
    expect(lines.join()).not.toContain(token.slice(0, 20))
  })

  it('the onSend hooks of the application see them', async () => {
    const app = await createApp(framework)
    app.addHook('onSend', async (_request, reply) => void reply.header('x-frame-options', 'DENY'))
    app.get('/', { preHandler: app.requireAuth() }, async () => 'ok')
    const response = await get(await listen(app))
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(await refusal(response)).toBe('401 credentials_missing')
  })

  it('a serializer and a response schema of the route leave them alone', async () => {
    const app = await createApp(framework)
    app.addHook('onRequest', async (_request, reply) => void reply.serializer(() => 'changed'))
    const schema = { response: { '4xx': { type: 'object', properties: { other: {} } } } }
    app.get('/', { schema, preHandler: app.requireAuth() }, async () => 'ok')
    expect(await refusal(await get(await listen(app)))).toBe('401 credentials_missing')
  })
})

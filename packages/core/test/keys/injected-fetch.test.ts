/** A `fetch` that was passed in may do less than the platform's: the limits hold all the same. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, it, vi } from 'vitest'
import { createVerifier, type JwksOptions, type Verifier } from '../../src/index.ts'
import { answerOf } from '../support/answer.ts'

const issuer = createTestIssuer({ algorithm: 'ES256' })

function verifierWith(fetch: JwksOptions['fetch'], jwks: JwksOptions = {}): Verifier {
  return createVerifier({
    keys: 'https://issuer.example/jwks',
    algorithms: ['ES256'],
    jwks: { ...jwks, ...(fetch === undefined ? {} : { fetch }) },
  })
}

const good = (): Response => Response.json(issuer.keys)

describe('an injected fetch', () => {
  it('is asked as the platform would be: GET, no redirect, a signal, a JWK Set please', async () => {
    const fetch = vi.fn<NonNullable<JwksOptions['fetch']>>(async () => good())
    expect(await answerOf(verifierWith(fetch), await issuer.token())).toBe('accepted')
    expect(fetch.mock.calls).toEqual([
      [
        'https://issuer.example/jwks',
        {
          method: 'GET',
          redirect: 'manual',
          headers: { accept: 'application/jwk-set+json, application/json' },
          signal: expect.any(AbortSignal),
        },
      ],
    ])
  })

  it('is given up after the timeout when it ignores its signal', async () => {
    const verifier = verifierWith(() => new Promise(() => undefined), { timeout: 0.05 })
    expect(await answerOf(verifier, await issuer.token())).toBe('keys_unavailable')
  })

  it('cannot bring keys after the timeout', async () => {
    let arrive: (response: Response) => void = () => undefined
    const late = new Promise<Response>((resolve) => {
      arrive = resolve
    })
    const verifier = verifierWith(() => late, { timeout: 0.05 })
    expect(await answerOf(verifier, await issuer.token())).toBe('keys_unavailable')
    arrive(good())
    await sleep(10)
    expect(await answerOf(verifier, await issuer.token())).toBe('keys_unavailable')
  })

  it('is not read any further after the timeout', async () => {
    const cancel = vi.fn()
    const body = new ReadableStream({
      async pull(controller) {
        await sleep(5)
        controller.enqueue(Buffer.from(' '))
      },
      cancel,
    })
    const verifier = verifierWith(async () => new Response(body), { timeout: 0.05 })
    expect(await answerOf(verifier, await issuer.token())).toBe('keys_unavailable')
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce())
  })

  it.each([200, 500])('is cancelled when it answers %d with an endless body', async (status) => {
    const cancel = vi.fn()
    const pull = (controller: ReadableStreamDefaultController): void =>
      controller.enqueue(Buffer.alloc(65_536, ' '))
    const body = new ReadableStream({ pull, cancel })
    const verifier = verifierWith(async () => new Response(body, { status }))
    expect(await answerOf(verifier, await issuer.token())).toBe('keys_unavailable')
    expect(cancel).toHaveBeenCalledOnce()
  })

  it.each<[string, () => unknown]>([
    ['throws at once', () => expect.unreachable()],
    ['rejects', () => Promise.reject(new TypeError('down'))],
    ['answers with nothing', () => undefined],
    ['answers with something else', () => ({ status: 200, body: 'text' })],
    ['answers without a body', () => new Response(null)],
    ['answers with a body that was read', () => readAlready()],
  ])('that %s is an endpoint that is down', async (_, fetch) => {
    const verifier = verifierWith(fetch as NonNullable<JwksOptions['fetch']>)
    expect(await answerOf(verifier, await issuer.token())).toBe('keys_unavailable')
  })

  it('may be the platform itself, looked up when it is needed', async () => {
    const verifier = verifierWith(undefined)
    vi.stubGlobal('fetch', async () => good())
    expect(await answerOf(verifier, await issuer.token())).toBe('accepted')
    vi.unstubAllGlobals()
  })
})

async function readAlready(): Promise<Response> {
  const response = good()
  await response.text()
  return response
}

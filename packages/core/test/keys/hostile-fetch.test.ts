/** A `fetch` that was passed in and does what no `fetch` does. */
import { describe, expect, it } from 'vitest'
import { createVerifier, type JwksFetch, type Verifier } from '../../src/index.ts'
import { answerOf } from '../support/answer.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'

const url = 'https://auth.example.com/jwks.json'

async function reasonOf(fetch: JwksFetch): Promise<string> {
  const verifier = createVerifier({ keys: url, jwks: { fetch, timeout: 0.05 } })
  return await verifier.ready().then(
    () => 'ready',
    (error) => error.cause.message,
  )
}

describe('a fetch', () => {
  it('may ask the verifier that it works for, and starts no other one', async () => {
    let calls = 0
    const asked: Promise<string>[] = []
    const { issuer } = await startJwksEndpoint()
    const jwt = await issuer.token()
    const verifier: Verifier = createVerifier({
      keys: url,
      algorithms: ['ES256'],
      jwks: {
        fetch: async () => {
          calls++
          if (calls < 100) asked.push(answerOf(verifier, jwt))
          return Response.json(issuer.keys)
        },
      },
    })
    expect(await answerOf(verifier, jwt)).toBe('accepted')
    expect(await Promise.all(asked)).toEqual(['accepted'])
    expect(calls).toBe(1)
  })

  it('may fail with something that refuses to be looked at', async () => {
    const hostile = Object.defineProperty(new Error('x'), 'cause', {
      get() {
        throw new Error('SECRET')
      },
    })
    const { proxy, revoke } = Proxy.revocable(new Error('x'), {})
    revoke()
    const loop = new Error('loop')
    loop.cause = loop
    for (const thrown of [hostile, proxy, loop, undefined, 7]) {
      expect(await reasonOf(() => Promise.reject(thrown))).toBe(
        `No keys from ${url}: the fetch failed`,
      )
    }
  })

  it('may not go on for ever with a body of nothing', async () => {
    const reader = {
      read: async () => ({ value: new Uint8Array(0), done: false }),
      cancel: async () => undefined,
    }
    const endless = { status: 200, body: { getReader: () => reader } } as unknown as Response
    expect(await reasonOf(async () => endless)).toBe(
      `No keys from ${url}: the endpoint took too long`,
    )
  })
})

describe('an answer that holds other keys only', () => {
  it('ends the keys of before: they are removed, not out of reach', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    const verifier = make({ jwks: { ttl: 0.02, cooldown: 0 } })
    const jwt = await issuer.token()
    expect(await answerOf(verifier, jwt)).toBe('accepted')
    const [jwk] = (issuer.keys as { keys: object[] }).keys
    for (const keys of [
      [{ ...jwk, use: 'enc' }],
      [jwk, jwk],
      [{ kty: 'RSA', kid: 'weak', n: 'AQAB', e: 'AQAB' }],
    ]) {
      server.document = { keys }
      await new Promise((resolve) => setTimeout(resolve, 40))
      expect(await answerOf(verifier, jwt)).toBe('keys_unavailable')
      expect(await answerOf(verifier, jwt)).toBe('keys_unavailable')
      server.document = issuer.keys
      await new Promise((resolve) => setTimeout(resolve, 40))
      expect(await answerOf(verifier, jwt)).toBe('accepted')
    }
  })
})

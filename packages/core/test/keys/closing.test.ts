/** After `close` nothing is fetched any more, and nobody is left waiting. */
import { describe, expect, it, vi } from 'vitest'
import { remoteKeySource } from '../../src/keys/remote-key-set.ts'
import { answerOf } from '../support/answer.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'

const settings = {
  ttl: 600,
  cooldown: 30,
  timeout: 30,
  staleFor: 600,
  maxBytes: 262_144,
  fetch: globalThis.fetch,
}

describe('close', () => {
  it('ends a fetch that is under way, and whoever waits for it gets keys_unavailable', async () => {
    const { issuer, server, verifier: make } = await startJwksEndpoint()
    server.fault = 'no answer at all'
    const verifier = make({ jwks: { timeout: 600 } })
    const waiting = [answerOf(verifier, await issuer.token()), verifier.ready().catch(String)]
    await vi.waitFor(() => expect(server.underWay).toBe(1))
    verifier.close()
    expect(await waiting[0]).toBe('keys_unavailable')
    expect(await waiting[1]).toContain('UnavailableError')
    await vi.waitFor(() => expect(server.underWay).toBe(0))
    expect(await answerOf(verifier, await issuer.token())).toBe('verifier_closed')
    await expect(verifier.ready()).rejects.toMatchObject({ code: 'verifier_closed' })
    expect(server.requests).toBe(1)
  })

  it('may come before anything was fetched, and twice', async () => {
    const { server, verifier: make } = await startJwksEndpoint()
    const verifier = make()
    verifier.close()
    verifier.close()
    expect(server.requests).toBe(0)
  })

  it('is final: whoever asked before and goes on afterwards starts no fetch', async () => {
    const { server } = await startJwksEndpoint()
    const source = remoteKeySource(server.url, ['ES256'], { ...settings, cooldown: 0 })
    const keys = await source.load()
    source.close()
    expect(await source.renew(keys)).toBe(keys)
    expect(source.current()).toBe(keys)
    expect(server.requests).toBe(1)
  })
})

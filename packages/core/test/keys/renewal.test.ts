/** Renewal as the verifier asks for it: a set that is newer than the one that lacked a key. */
import { expect, it } from 'vitest'
import { remoteKeySource } from '../../src/keys/remote-key-set.ts'
import { startJwksEndpoint } from '../support/jwks-endpoint.ts'

it('answers at once with a set that came in the meantime, without another fetch', async () => {
  const { server, rotate } = await startJwksEndpoint()
  const source = remoteKeySource(server.url, ['ES256'], {
    ttl: 600,
    cooldown: 0,
    timeout: 30,
    staleFor: 600,
    maxBytes: 262_144,
    fetch: globalThis.fetch,
  })
  const seen = await source.load()
  await rotate()
  const newer = await source.renew(seen)
  expect(newer).not.toBe(seen)
  expect(await source.renew(seen)).toBe(newer)
  expect(server.requests).toBe(2)
  source.close()
})

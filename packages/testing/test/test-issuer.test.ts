import { can, createVerifier, userfront } from '@tenantry/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createTestIssuer } from '../src/index.ts'

const authorization = { acme: { roles: ['admin'] } }

afterEach(() => vi.unstubAllEnvs())

describe('createTestIssuer', () => {
  const algorithms = [
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
    'Ed25519',
    'HS256',
    'HS384',
    'HS512',
  ] as const
  it.each(algorithms)('mints %s tokens that a verifier accepts', async (algorithm) => {
    const issuer = createTestIssuer({ algorithm })
    const verifier = createVerifier({ keys: issuer.keys, algorithms: [algorithm] })
    const token = await verifier.verify(await issuer.token({ userId: 7, authorization }))
    expect(token.userId).toBe(7)
    expect(can(token, 'acme', 'admin')).toBe(true)
  })

  it('mints what the userfront preset expects', async () => {
    const issuer = createTestIssuer({ workspaceId: 'p9ny8bdj', mode: 'live' })
    const preset = userfront({ workspaceId: 'p9ny8bdj', mode: 'live', keys: issuer.keys })
    const token = await createVerifier(preset).verify(await issuer.token())
    expect(token).toMatchObject({ tenantId: 'p9ny8bdj', mode: 'live', subject: '1' })
  })

  it('mints tokens that are refused, each for its own reason', async () => {
    const issuer = createTestIssuer()
    const verifier = createVerifier({ keys: issuer.keys })
    const refused = async (jwt: Promise<string>) =>
      verifier.verify(await jwt).then(
        () => 'accepted',
        (error) => error.code,
      )
    expect(await refused(issuer.expired())).toBe('token_expired')
    expect(await refused(issuer.forged({ authorization }))).toBe('signature_invalid')
    expect(await refused(issuer.refreshToken())).toBe('token_kind_unexpected')
    expect(await refused(issuer.idToken())).toBe('token_kind_unexpected')
    expect(await refused(issuer.token({}, { expiresIn: -60 }))).toBe('token_expired')
    expect(await refused(issuer.token({ exp: undefined }))).toBe('claim_missing')
    expect(await refused(issuer.token({}, { header: { typ: 'at+jwt' } }))).toBe('typ_unexpected')
  })

  it('serves the key of now, and drops or keeps the old one when it rotates', async () => {
    const issuer = createTestIssuer({ algorithm: 'ES256' })
    const server = await issuer.listen()
    const published = async () => {
      const { keys } = (await (await fetch(server.url)).json()) as { keys: { kid: string }[] }
      return keys.map((key) => key.kid)
    }
    const [first] = await published()
    await issuer.rotate({ keep: true })
    const [second, kept] = await published()
    expect(kept).toBe(first)
    expect(second).not.toBe(first)
    await issuer.rotate()
    const [third, ...rest] = await published()
    expect([first, second]).not.toContain(third)
    expect(rest).toEqual([])
    expect(server.requests).toBe(3)
    expect((await fetch(new URL('/other', server.url))).status).toBe(404)
    await server.close()
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('never publishes a private member', async () => {
    for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
      expect(JSON.stringify(createTestIssuer({ algorithm }).keys)).not.toMatch(/"(d|p|q|k)":/)
    }
  })

  it('does not publish a secret', async () => {
    const issuer = createTestIssuer({ algorithm: 'HS256' })
    await expect(issuer.listen()).rejects.toMatchObject({ code: 'option_invalid' })
  })

  it('has a clock', async () => {
    const now = () => new Date('2030-01-01T00:00:00Z')
    const issuer = createTestIssuer({ now })
    const verifier = createVerifier({ keys: issuer.keys, now })
    const { issuedAt, expiresAt } = await verifier.verify(await issuer.token())
    expect(issuedAt).toEqual(now())
    expect(expiresAt).toEqual(new Date('2030-01-01T00:05:00Z'))
  })

  it.each([[{ algorithm: 'FOO' }], [{ mode: 'production' }], [{ workspace: 'x' }], [{ now: 7 }]])(
    'refuses the options %j',
    (odd) => {
      expect(() => createTestIssuer(odd as never)).toThrow(
        expect.objectContaining({ code: 'option_invalid' }),
      )
    },
  )

  it.each([[{ expiresIn: '1h' }], [{ expiresIn: Number.NaN }], [{ expires: 60 }]])(
    'refuses to mint with %j',
    async (odd) => {
      await expect(createTestIssuer().token({}, odd as never)).rejects.toMatchObject({
        code: 'option_invalid',
      })
    },
  )

  it('refuses to run in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(() => createTestIssuer()).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', code: 'production_refused' }),
    )
  })
})

/** Verifiers and places for the token that an application has written by itself, or wrapped. */
import { type AccessToken, decodeToken, UnavailableError, type Verifier } from '@tenantry/core'
import { bearer, type CredentialSource } from '@tenantry/express'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { callers, verifier } from './support/callers.ts'
import { fourOfThem } from './support/one-route.ts'
import { headerOf, send } from './support/raw-request.ts'

const withToken = ['GET /t/acme HTTP/1.1', `Authorization: Bearer ${callers.admin}`]

/** What comes of mistakes in the program is a warning each time. */
beforeEach(() => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
})

const answers: readonly (readonly [string, (jwt: string) => unknown])[] = [
  ['false', () => false],
  ['0', () => 0],
  ['an empty string', () => ''],
  ['null', () => null],
  ['undefined', () => undefined],
  ['true, at once', () => true],
  ['an empty object', () => ({})],
  ['a token that was only decoded', (jwt) => decodeToken(jwt)],
  ['a copy of a token', async (jwt) => ({ ...(await verifier.verify(jwt)) })],
]

describe.each(fourOfThem)('$name: a verifier that answers with', (framework) => {
  describe.each(answers)('%s', (_, answer) => {
    // The mistake that is tested: types would not let it pass.
    const verify = async (jwt: string) => (await answer(jwt)) as AccessToken
    const own: Verifier = { ...verifier, verify }

    test.each(['requireAuth', 'optionalAuth', 'requireTenant'] as const)(
      'lets nobody past %s',
      async (name) => {
        const port = await framework.serve((await framework.guards({ verifier: own }))[name]())
        const refused = await send(port, withToken)
        expect([refused.status, refused.code], refused.wire).toEqual([500, 'token_unverified'])
      },
    )
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e21, -1, 2.5])(
    'an error to be asked again after %d seconds: a legal header',
    async (retryAfter) => {
      const verify = () => Promise.reject(new UnavailableError('keys_unavailable', { retryAfter }))
      const { requireAuth } = await framework.guards({ verifier: { ...verifier, verify } })
      const refused = await send(await framework.serve(requireAuth()), withToken)
      expect(refused.status).toBe(503)
      expect(headerOf(refused, 'retry-after')).toMatch(/^[1-9]\d{0,9}$/)
    },
  )
})

describe.each(fourOfThem)('$name: a place for the token that', (framework) => {
  async function ask(read: () => unknown) {
    // The mistake that is tested, as above.
    const source = { read } as CredentialSource
    const guards = await framework.guards({ verifier, credentials: [source, bearer()] })
    const port = await framework.serve(guards.optionalAuth())
    return await Promise.all([send(port, withToken), send(port, withToken.slice(0, 1))])
  }

  test.each([undefined, null, ''])('answers with %j holds none', async (nothing) => {
    const [withOne, without] = await ask(() => nothing)
    expect(JSON.parse(withOne.body)).toMatchObject({ user: 7 })
    expect(JSON.parse(without.body)).toMatchObject({ user: null })
  })

  test.each([
    ['a promise that fails', () => Promise.reject(new Error('no database'))],
    ['a promise of a token', async () => callers.admin],
    ['a number', () => 5],
    ['an object', () => ({})],
  ])('answers with %s is a mistake in the program', async (_, read) => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listener)
    onTestFinished(() => void process.off('unhandledRejection', listener))
    for (const refused of await ask(read)) {
      expect([refused.status, refused.code]).toEqual([500, 'option_invalid'])
    }
    expect(unhandled).toEqual([])
  })
})

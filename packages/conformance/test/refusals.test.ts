/** The same refusal is the same on every framework, byte for byte, and tells nothing of the token. */
import { UnavailableError, type Verifier } from '@tenantry/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Application, frameworks } from './support/applications.ts'
import { callers, issuer, tokenOf, verifier } from './support/callers.ts'
import { expectLegalRefusal } from './support/challenge.ts'
import { type Answer, headerOf, send } from './support/raw-request.ts'

const unavailable: Verifier = {
  ...verifier,
  verify: () => Promise.reject(new UnavailableError('keys_unavailable', { retryAfter: 7 })),
}

const marker = 'marker-of-a-hostile-token'
const widgets = '/tenants/acme/widgets'
const good = callers.both
const admin = { acme: { roles: ['admin'] } }

/** Target, token, status and code. */
const refusals: readonly (readonly [string, string | undefined, number, string])[] = [
  [widgets, undefined, 401, 'credentials_missing'],
  ['/me', undefined, 401, 'credentials_missing'],
  ['/no-parameter', undefined, 401, 'credentials_missing'],
  [widgets, `${good},${good}`, 400, 'request_malformed'],
  ['/open', `${good} x`, 400, 'request_malformed'],
  ['/open', marker, 401, 'token_malformed'],
  [widgets, marker, 401, 'token_malformed'],
  [widgets, 'a'.repeat(9000), 401, 'token_too_large'],
  [widgets, `${good.slice(0, -8)}AAAAAAAA`, 401, 'signature_invalid'],
  [widgets, await issuer.expired({ sub: marker }), 401, 'token_expired'],
  [widgets, await issuer.forged({ authorization: admin }), 401, 'signature_invalid'],
  [widgets, await issuer.idToken({ name: marker }), 401, 'token_kind_unexpected'],
  [widgets, await issuer.refreshToken(), 401, 'token_kind_unexpected'],
  [widgets, await issuer.token({}, { header: { kid: `${marker}"\r\n` } }), 401, 'key_not_found'],
  [widgets, await issuer.token({}, { header: { alg: 'none' } }), 401, 'alg_not_allowed'],
  [widgets, await issuer.token({}, { header: { alg: marker } }), 401, 'alg_not_allowed'],
  [widgets, await issuer.token({}, { header: { crit: [marker] } }), 401, 'crit_unsupported'],
  [widgets, await issuer.token({}, { header: { typ: marker } }), 401, 'typ_unexpected'],
  [widgets, await issuer.token({ nbf: 4e9, sub: marker }), 401, 'token_inactive'],
  [widgets, await issuer.token({ exp: undefined }), 401, 'claim_missing'],
  [widgets, await issuer.token({ authorization: marker }), 401, 'claim_invalid'],
  ['/fresh/acme', good, 401, 'token_expired'],
  [widgets, await tokenOf({ [marker]: ['admin'] }), 403, 'tenant_forbidden'],
  [widgets, await tokenOf({ acme: [marker] }), 403, 'role_insufficient'],
  [
    widgets,
    await issuer.token({ authorization: { acme: { roles: marker } } }),
    403,
    'role_insufficient',
  ],
  ['/tenants/__proto__/widgets', good, 403, 'tenant_forbidden'],
  ['/strict/acme', await tokenOf({ acme: [marker] }), 401, 'role_insufficient'],
  ['/strict/other', good, 401, 'tenant_forbidden'],
  ['/hidden/other', good, 404, 'not_found'],
  ['/tenants/acme%2Fx/widgets', good, 400, 'tenant_invalid'],
  [`${widgets}?tenantId=evil`, good, 400, 'tenant_conflict'],
  ['/no-parameter', good, 500, 'tenant_unresolved'],
  ['/nowhere', good, 500, 'tenant_unresolved'],
]

const compared = [
  'content-type',
  'www-authenticate',
  'cache-control',
  'retry-after',
  'content-length',
]

/** What must not differ, and the names of all other headers that did come. */
function essence(answer: Answer): unknown {
  const own = ['date', 'connection', 'x-powered-by']
  return {
    statusLine: answer.statusLine,
    headers: compared.map((name) => [name, answer.headers.get(name)]),
    names: [...answer.headers.keys()].filter((name) => !own.includes(name)).sort(),
    body: answer.body,
  }
}

let usual: readonly Application[] = []
let down: readonly Application[] = []
beforeAll(async () => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  usual = await Promise.all(frameworks.map(({ start }) => start()))
  down = await Promise.all(frameworks.map(({ start }) => start({ verifier: unavailable })))
})
afterAll(async () => {
  await Promise.all([...usual, ...down].map((app) => app.close()))
  vi.restoreAllMocks()
})

async function ask(
  apps: readonly Application[],
  method: string,
  target: string,
  token: string | undefined,
): Promise<readonly [Answer, ...Answer[]]> {
  const authorization = token === undefined ? [] : [`Authorization: Bearer ${token}`]
  const lines = [`${method} ${target} HTTP/1.1`, ...authorization]
  const [first, ...others] = await Promise.all(apps.map(({ port }) => send(port, lines)))
  if (first === undefined) throw new Error('no application is listening')
  return [first, ...others]
}

describe.each(refusals.map((refusal, index) => [index + 1, ...refusal] as const))(
  'refusal %i: %s',
  (_number, target, token, status, code) => {
    test(`is ${status} ${code}, and the same on all four`, async () => {
      const [first, ...others] = await ask(usual, 'GET', target, token)
      expect([first.status, first.code], first.wire).toEqual([status, code])
      for (const other of others) expect(essence(other)).toEqual(essence(first))
      expect(headerOf(first, 'content-length')).toBe(String(Buffer.byteLength(first.body)))
    })

    test('has the same headers for HEAD on all four', async () => {
      const [first, ...others] = await ask(usual, 'HEAD', target, token)
      expect([first.status, first.body]).toEqual([status, ''])
      for (const other of others) expect(essence(other)).toEqual(essence(first))
    })

    test('has a legal challenge, is in no cache, and tells nothing of the token', async () => {
      for (const answer of await ask(usual, 'GET', target, token)) {
        expect(headerOf(answer, 'cache-control')).toBe('no-store')
        expect(answer.wire).not.toContain(marker)
        if (status === 401 || status === 403) {
          const error = expectLegalRefusal(answer, token).get('error')
          if (token === undefined) expect(error).toBeUndefined()
          // Somebody whose token is good is told that it is not enough, under 401 too.
          else
            expect(error).toBe(/tenant_|role_/.test(code) ? 'insufficient_scope' : 'invalid_token')
        }
      }
    })
  },
)

test('without keys it is 503 on all four, with Retry-After and without a challenge', async () => {
  const [first, ...others] = await ask(down, 'GET', widgets, good)
  expect([first.status, first.code]).toEqual([503, 'keys_unavailable'])
  expect(headerOf(first, 'retry-after')).toBe('7')
  expect(headerOf(first, 'www-authenticate')).toBeUndefined()
  for (const other of others) expect(essence(other)).toEqual(essence(first))
})

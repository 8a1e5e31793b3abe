/** Tokens as Userfront has issued them, in three generations. */
import { describe, expect, it } from 'vitest'
import { can, createVerifier, hasRole, userfront } from '../../src/index.ts'
import { goodClaims, mint, now, options, rsa } from '../support/mint.ts'
import { outcomeOf } from '../support/outcome.ts'

const kid = '5524aed5-7ff9-4cbb-adc8-fe15c9315b06'
const common = {
  mode: 'live',
  tenantId: 'p9ny8bdj',
  userId: 36,
  userUuid: '963bf895-1e51-4d8b-8d97-98cec687f40d',
  isConfirmed: true,
  sessionId: '3ebd28c1-7e13-4b5c-a2e1-8873ee776005',
  iat: now - 60,
  exp: now + 30 * 86_400,
}
const verbose = { tenantId: 'p9ny8bdj', name: 'Userfront', roles: ['admin'], permissions: [] }
const generations: [string, object, object][] = [
  [
    'of the first generation, without kid',
    { alg: 'RS256', typ: 'JWT' },
    { ...common, authorization: { p9ny8bdj: verbose } },
  ],
  [
    'of the second generation, with kid',
    { alg: 'RS256', typ: 'JWT', kid },
    { ...common, authorization: { p9ny8bdj: { roles: ['admin'] } } },
  ],
  [
    'of the third generation, with an issuer',
    { alg: 'RS256', typ: 'JWT', kid },
    {
      ...common,
      iss: 'userfront',
      aliasId: 'tenant-alias-id',
      authentication: { firstFactor: { channel: 'email', strategy: 'password' } },
      isEmailConfirmed: true,
      isPhoneNumberConfirmed: true,
      authorization: { p9ny8bdj: { roles: ['admin'] } },
    },
  ],
]
const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }
const pkcs1 = rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const spki = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const keyForms = [
  ['a JWK Set', { keys: [jwk] }],
  ['PKCS#1', pkcs1],
  ['SPKI', spki],
  ['base64 of PKCS#1', Buffer.from(pkcs1).toString('base64')],
  ['base64 of SPKI', Buffer.from(spki).toString('base64')],
] as const

describe.each(keyForms)('with the key as %s', (_, keys) => {
  const preset = userfront({ workspaceId: 'p9ny8bdj', mode: 'live', keys })
  const verifier = createVerifier({ ...preset, now: options.now })

  it.each(generations)('accepts a token %s', async (_name, header, claims) => {
    const token = await verifier.verify(mint(header, claims))
    expect(token).toMatchObject({
      userId: 36,
      subject: '36',
      tenantId: 'p9ny8bdj',
      mode: 'live',
      sessionId: common.sessionId,
    })
    expect(can(token, 'p9ny8bdj', 'admin')).toBe(true)
    expect(hasRole(token, 'admin')).toBe(true)
    expect(token.claims).toEqual(claims)
  })
})

describe('what the preset refuses', () => {
  const verifier = createVerifier({
    ...userfront({ workspaceId: 'p9ny8bdj', mode: 'live', keys: { keys: [jwk] } }),
    now: options.now,
  })
  const claims = { ...common, authorization: { p9ny8bdj: { roles: ['admin'] } } }
  const refused: [string, object, string][] = [
    ['a token of test mode', { mode: 'test' }, 'mode_mismatch'],
    ['a token without mode', { mode: undefined }, 'mode_mismatch'],
    ['a token of another workspace', { tenantId: 'demo1234' }, 'workspace_mismatch'],
    ['a refresh token', { type: 'refresh', authorization: undefined }, 'token_kind_unexpected'],
    ['an ID token', { authorization: undefined, email: 'a@example.com' }, 'token_kind_unexpected'],
    ['times in milliseconds', { iat: now * 1000, exp: (now + 60) * 1000 }, 'claim_invalid'],
  ]
  it.each(refused)('refuses %s', async (_, odd, code) => {
    expect(await outcomeOf(verifier, mint({ alg: 'RS256', kid }, { ...claims, ...odd }))).toBe(code)
  })
})

describe('the options of the preset', () => {
  it('derives the address of the keys from workspace and mode', () => {
    expect(userfront({ workspaceId: 'demo1234', mode: 'live' })).toEqual({
      keys: 'https://api.userfront.com/v0/tenants/demo1234/jwks',
      algorithms: ['RS256'],
      workspaceId: 'demo1234',
      mode: 'live',
    })
    expect(userfront({ workspaceId: 'demo1234', mode: 'test' }).keys).toBe(
      'https://api.userfront.com/v0/tenants/demo1234/jwks?test=true',
    )
  })

  const odd: [string, unknown][] = [
    ['nothing', undefined],
    ['no workspace', { mode: 'live' }],
    ['an undefined workspace', { workspaceId: undefined, mode: 'live' }],
    ['an empty workspace', { workspaceId: '', mode: 'live' }],
    ['a workspace that is a path', { workspaceId: '../x', mode: 'live' }],
    ['no mode', { workspaceId: 'demo1234' }],
    ['an undefined mode', { workspaceId: 'demo1234', mode: undefined }],
    ['an unknown mode', { workspaceId: 'demo1234', mode: 'prod' }],
    ['undefined keys', { workspaceId: 'demo1234', mode: 'live', keys: undefined }],
    ['an option it does not have', { workspaceId: 'demo1234', mode: 'live', issuer: 'userfront' }],
  ]
  it.each(odd)('refuses %s', (_, given) => {
    expect(() => userfront(given as never)).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', code: 'option_invalid' }),
    )
  })

  it('asks for what a missing environment variable leaves undefined', () => {
    expect(() => userfront({ workspaceId: undefined, mode: 'live' } as never)).toThrow(
      'Option "workspaceId" is present and undefined. Set it; is an environment variable missing?',
    )
  })
})

describe('an AccessToken', () => {
  it('has the subject of the sub claim before the user id', async () => {
    const verifier = createVerifier(options)
    const subjectOf = async (claims: object) =>
      (await verifier.verify(mint({ alg: 'RS256' }, { ...goodClaims, ...claims }))).subject
    expect(await subjectOf({ sub: 'user_7' })).toBe('user_7')
    expect(await subjectOf({ sub: 7, userId: 'u' })).toBe('u')
    expect(await subjectOf({ userId: undefined })).toBeUndefined()
  })
  it('has times, of which iat may be missing', async () => {
    const token = await createVerifier(options).verify(
      mint({ alg: 'RS256' }, { ...goodClaims, iat: undefined, mode: 7 }),
    )
    expect(token.issuedAt).toBeUndefined()
    expect(token.mode).toBeUndefined()
    expect(token.expiresAt).toEqual(new Date((now + 3600) * 1000))
    expect(token.expiresAt).not.toBe(token.expiresAt)
  })
})

/** Attacks on the claims of a correctly signed token: rows C1 to C15 of the catalogue. */
import { describe, expect, it } from 'vitest'
import { assertCan, can, createVerifier, explain, rolesIn, tenantsOf } from '../../src/index.ts'
import {
  claimsText,
  goodClaims,
  goodHeader,
  mint,
  now,
  options,
  otherRsa,
  withClaims,
} from '../support/mint.ts'
import { outcomeOf } from '../support/outcome.ts'

const verifier = createVerifier(options)
const exact = createVerifier({ ...options, clockTolerance: 0 })

async function expectCode(jwt: string, code: string, from = verifier): Promise<void> {
  expect(await outcomeOf(from, jwt)).toBe(code)
}

async function messageOf(jwt: string): Promise<string> {
  return verifier.verify(jwt).then(
    () => 'accepted',
    (error) => error.message,
  )
}

/** The good claims with raw JSON in place of one of them. */
function withRaw(claim: string, raw: string): string {
  const rest = JSON.stringify({ ...goodClaims, [claim]: undefined })
  return mint(goodHeader, `{"${claim}":${raw},${rest.slice(1)}`)
}

describe('C1: exp', () => {
  it('is required', () => expectCode(withClaims({ exp: undefined }), 'claim_missing'))

  it.each(['"1900000000"', 'null', '1e999', '-1e999', 'true', '[]', '{}', '"never"', '1e15'])(
    'refuses %s',
    async (raw) => {
      await expectCode(withRaw('exp', raw), 'claim_invalid')
    },
  )

  it.each([-1, 0, now - 3600])('has passed at %s', (exp) =>
    expectCode(withClaims({ exp }), 'token_expired'),
  )

  it('refuses the second of expiry itself, and accepts the one before', async () => {
    await expectCode(withClaims({ exp: now }), 'token_expired', exact)
    await expectCode(withClaims({ exp: now + 1 }), 'accepted', exact)
  })

  it('allows for the clock tolerance and no more', async () => {
    await expectCode(withClaims({ exp: now - 4 }), 'accepted')
    await expectCode(withClaims({ exp: now - 5 }), 'token_expired')
  })

  it('says that milliseconds are milliseconds', async () => {
    await expectCode(withClaims({ exp: (now + 3600) * 1000 }), 'claim_invalid')
    expect(await messageOf(withClaims({ exp: (now + 3600) * 1000 }))).toContain('milliseconds')
    expect(await messageOf(withClaims({ iat: now * 1000 }))).toContain('milliseconds')
    expect(await messageOf(withClaims({ nbf: now * 1000 }))).toContain('milliseconds')
  })
})

describe('C2: nbf', () => {
  it('refuses a token of the future', () =>
    expectCode(withClaims({ nbf: now + 60 }), 'token_inactive'))
  it('accepts the edge of the tolerance and refuses the second after it', async () => {
    await expectCode(withClaims({ nbf: now + 5 }), 'accepted')
    await expectCode(withClaims({ nbf: now + 6 }), 'token_inactive')
    await expectCode(withClaims({ nbf: now }), 'accepted', exact)
    await expectCode(withClaims({ nbf: now + 1 }), 'token_inactive', exact)
  })
  it.each(['"0"', 'null', '1e999', '[]', 'false'])('refuses %s', (raw) =>
    expectCode(withRaw('nbf', raw), 'claim_invalid'),
  )
})

describe('C3: iat and the age of a token', () => {
  const aged = createVerifier({ ...options, maxTokenAge: 100 })
  it('refuses a token that is issued tomorrow', async () => {
    await expectCode(withClaims({ iat: now + 86_400 }), 'claim_invalid')
    await expectCode(withClaims({ iat: now + 5 }), 'accepted')
    await expectCode(withClaims({ iat: now + 6 }), 'claim_invalid')
  })
  it('is not required', () => expectCode(withClaims({ iat: undefined }), 'accepted'))
  it('is required when an age is asked for', () =>
    expectCode(withClaims({ iat: undefined }), 'claim_missing', aged))
  it('refuses a token that is older than asked for', async () => {
    await expectCode(withClaims({ iat: now - 104 }), 'accepted', aged)
    await expectCode(withClaims({ iat: now - 105 }), 'token_expired', aged)
  })
  it('refuses every token at an age of 0', async () => {
    const never = createVerifier({ ...options, maxTokenAge: 0 })
    for (const iat of [now - 60, now, now + 5])
      await expectCode(withClaims({ iat }), 'token_expired', never)
  })
  it.each(['"0"', 'null', '1e999', '[]'])('refuses %s', (raw) =>
    expectCode(withRaw('iat', raw), 'claim_invalid'),
  )
})

describe('C4: iss', () => {
  const strict = createVerifier({ ...options, issuer: 'https://auth.example.com' })
  const several = createVerifier({ ...options, issuer: ['userfront', 'https://auth.example.com'] })
  it('accepts the one issuer, or one of several', async () => {
    await expectCode(withClaims({ iss: 'https://auth.example.com' }), 'accepted', strict)
    await expectCode(withClaims({ iss: 'userfront' }), 'accepted', several)
  })
  const odd = [
    undefined,
    null,
    7,
    '',
    'https://auth.example.com/',
    'HTTPS://auth.example.com',
    ' https://auth.example.com',
    'https://auth.example.com.evil.test',
    ['https://auth.example.com'],
    ['https://auth.example.com', 'https://evil.test'],
    {},
  ]
  it.each(odd)('refuses %j', (iss) => expectCode(withClaims({ iss }), 'issuer_mismatch', strict))
})

describe('C5: aud', () => {
  const strict = createVerifier({ ...options, audience: 'api' })
  it.each(['api', ['api'], ['other', 'api']])('accepts %j', (aud) =>
    expectCode(withClaims({ aud }), 'accepted', strict),
  )
  it.each([undefined, 'other', 'API', '', [], ['other'], 'api '])(
    'refuses %j as another audience',
    (aud) => expectCode(withClaims({ aud }), 'audience_mismatch', strict),
  )
  it.each([[['api']], ['api', 1], [null, 'api'], null, 7, { api: 1 }].map((aud) => [aud]))(
    'refuses %j as no audience',
    (aud) => expectCode(withClaims({ aud }), 'claim_invalid', strict),
  )
})

describe('C6: tokens of another kind with the same key', () => {
  it('refuses an ID token', () =>
    expectCode(
      withClaims({ authorization: undefined, email: 'a@example.com' }),
      'token_kind_unexpected',
    ))
  it('refuses a refresh token', () =>
    expectCode(withClaims({ authorization: undefined, type: 'refresh' }), 'token_kind_unexpected'))
  it('refuses any other type, with an authorization or without', async () => {
    for (const type of ['refresh', 'id', 'Access', '', null, 7, ['access']]) {
      await expectCode(withClaims({ type }), 'token_kind_unexpected')
    }
  })
  it('accepts the type access', () => expectCode(withClaims({ type: 'access' }), 'accepted'))
})

describe('C7: mode and workspace', () => {
  const live = createVerifier({ ...options, mode: 'live', workspaceId: 'demo1234' })
  it('accepts its own', () => expectCode(withClaims({}), 'accepted', live))
  it.each(['test', 'LIVE', '', undefined, null, ['live']])('refuses the mode %j', (mode) =>
    expectCode(withClaims({ mode }), 'mode_mismatch', live),
  )
  it.each(['p9ny8bdj', 'DEMO1234', '', undefined, null, ['demo1234']])(
    'refuses the workspace %j',
    (tenantId) => expectCode(withClaims({ tenantId }), 'workspace_mismatch', live),
  )
})

describe('C8: authorization', () => {
  it('is required: without it this is no access token', () =>
    expectCode(withClaims({ authorization: undefined }), 'token_kind_unexpected'))
  it.each([[[]], ['admin'], [null], [7], [true], [[{ roles: ['admin'] }]]])(
    'refuses %j',
    (authorization) => expectCode(withClaims({ authorization }), 'claim_invalid'),
  )
  it('may be empty, and then grants nothing', async () => {
    const token = await verifier.verify(withClaims({ authorization: {} }))
    expect(tenantsOf(token)).toEqual([])
    expect(explain(token, 'nz569yb7', 'admin').code).toBe('tenant_forbidden')
  })
})

describe('C9 and C10: roles that only look like the role', () => {
  const lists = [
    'admin',
    'administrator',
    { admin: true },
    { includes: 'admin' },
    {},
    null,
    7,
    true,
    undefined,
    [['admin']],
    [{ toString: 'admin' }],
    ['admin', 7],
    ['admin', null],
    { 0: 'admin', length: 1 },
  ]
  it.each(lists.map((roles) => [roles]))('denies roles %j, in that tenant only', async (roles) => {
    const authorization = { acme: { roles }, good: { roles: ['admin'] } }
    const token = await verifier.verify(withClaims({ authorization }))
    expect(explain(token, 'acme', 'admin')).toMatchObject({
      allowed: false,
      code: 'role_insufficient',
      held: [],
    })
    expect(can(token, 'acme', { any: ['a', 'admin', 'administrator'] })).toBe(false)
    expect(() => assertCan(token, 'acme', 'admin')).toThrow(
      expect.objectContaining({ status: 403 }),
    )
    expect(rolesIn(token, 'acme')).toEqual([])
    expect(can(token, 'good', 'admin')).toBe(true)
    expect(tenantsOf(token)).toEqual(['good'])
    expect(Object.keys(token.authorization)).toEqual(['good'])
  })

  it.each(['admin', null, 7, [], ['admin'], [['admin']]].map((entry) => [entry]))(
    'denies the entry %j',
    async (entry) => {
      const token = await verifier.verify(withClaims({ authorization: { acme: entry } }))
      expect(explain(token, 'acme', 'admin').code).toBe('tenant_forbidden')
    },
  )

  it.each([
    'Admin',
    'ADMIN',
    ' admin',
    'admin ',
    'admin\u200b',
    'аdmin',
    'adm\u0131n',
    'admin,owner',
    'admin owner',
    'ａdmin',
  ])('denies %j', async (role) => {
    const token = await verifier.verify(withClaims({ authorization: { acme: { roles: [role] } } }))
    expect(explain(token, 'acme', 'admin').code).toBe('role_insufficient')
    expect(can(token, 'acme', role)).toBe(true)
  })

  it('does not normalise Unicode', async () => {
    const token = await verifier.verify(
      withClaims({ authorization: { acme: { roles: ['caf\u00e9'] } } }),
    )
    expect(can(token, 'acme', 'caf\u00e9')).toBe(true)
    expect(can(token, 'acme', 'cafe\u0301')).toBe(false)
  })
})

describe('C11 and C12: names on the prototype', () => {
  const names = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
  ]
  it.each(names)('denies the tenant %s that the token does not name', async (name) => {
    const token = await verifier.verify(withClaims({}))
    expect(explain(token, name, 'admin').code).toBe('tenant_forbidden')
    expect(rolesIn(token, name)).toEqual([])
  })

  it('never accepts __proto__ as a tenant, even when the token names it', async () => {
    const jwt = withRaw(
      'authorization',
      '{"__proto__":{"roles":["admin"]},"acme":{"roles":["member"]}}',
    )
    const token = await verifier.verify(jwt)
    expect(explain(token, '__proto__', 'admin').code).toBe('tenant_forbidden')
    expect(can(token, 'acme', 'admin')).toBe(false)
    expect(can(token, 'other', 'admin')).toBe(false)
    expect(tenantsOf(token)).toEqual(['acme'])
    expect(Object.getPrototypeOf(token.authorization)).toBe(null)
  })

  it('accepts a tenant named constructor when the token names it', async () => {
    const token = await verifier.verify(
      withClaims({ authorization: { constructor: { roles: ['admin'] } } }),
    )
    expect(can(token, 'constructor', 'admin')).toBe(true)
  })

  it('is not moved by a polluted prototype', async () => {
    const polluted = Object.prototype as Record<string, unknown>
    try {
      Object.assign(polluted, {
        roles: ['admin'],
        acme: { roles: ['admin'] },
        admin: true,
        tenantId: 'acme',
        any: ['member'],
        authorization: { acme: { roles: ['admin'] } },
      })
      const token = await verifier.verify(withClaims({ authorization: { other: {} } }))
      expect(can(token, 'acme', 'admin')).toBe(false)
      expect(can(token, 'other', 'admin')).toBe(false)
      await expectCode(withClaims({ authorization: undefined }), 'token_kind_unexpected')
    } finally {
      for (const key of ['roles', 'acme', 'admin', 'tenantId', 'any', 'authorization'])
        delete polluted[key]
    }
  })

  it('keeps a claim named __proto__ as a claim', async () => {
    const token = await verifier.verify(
      mint(goodHeader, claimsText('"__proto__":{"roles":["admin"]}')),
    )
    expect(Object.keys(token.claims)).toContain('__proto__')
    expect('roles' in token.claims).toBe(false)
  })
})

describe('C13: a handler that writes into the token', () => {
  it('throws, and the next request is not affected', async () => {
    const jwt = withClaims({})
    const token = await verifier.verify(jwt)
    const roles = token.authorization['a5h281k8']?.roles as string[]
    const claims = token.claims as {
      authorization: { a5h281k8: { roles: string[] } }
      userId: number
    }
    expect(() => roles.push('admin')).toThrow(TypeError)
    expect(() => claims.authorization.a5h281k8.roles.push('admin')).toThrow(TypeError)
    expect(() => Object.assign(claims.authorization, { x: 1 })).toThrow(TypeError)
    expect(() => Object.assign(token, { userId: 2 })).toThrow(TypeError)
    expect(() => Object.assign(Object.getPrototypeOf(token), { authorization: {} })).toThrow(
      TypeError,
    )
    expect(() => (tenantsOf(token) as string[]).push('x')).toThrow(TypeError)
    expect(() => (rolesIn(token, 'a5h281k8') as string[]).push('x')).toThrow(TypeError)
    token.expiresAt.setFullYear(2999)
    const next = await verifier.verify(jwt)
    expect(next.claims).toEqual(token.claims)
    expect(can(next, 'a5h281k8', 'admin')).toBe(false)
    expect(next.expiresAt).toEqual(new Date((now + 3600) * 1000))
  })
})

describe('C14: a key that speaks for another issuer', () => {
  // One verifier has one issuer; several issuers in one verifier are not there yet.
  it('is no key of this verifier, whatever its token claims', async () => {
    const claims = { ...goodClaims, authorization: { b: { roles: ['admin'] } } }
    await expectCode(mint(goodHeader, claims, otherRsa.privateKey), 'signature_invalid')
  })
})

describe('C15: a token that is bound to a key of its sender', () => {
  it.each([{ jkt: 'x' }, { 'x5t#S256': 'x' }, {}, null, false])('refuses cnf %j', (cnf) =>
    expectCode(withClaims({ cnf }), 'sender_constraint_unmet'),
  )
})

describe('identifiers of the wrong type', () => {
  it.each([2 ** 53, 1.5, true, null, {}, ['1']].map((userId) => [userId]))(
    'refuses the userId %j',
    (userId) => expectCode(withClaims({ userId }), 'claim_invalid'),
  )
  it.each([7, null, {}, ['s']].map((id) => [id]))(
    'refuses the sessionId and the tenantId %j',
    async (id) => {
      await expectCode(withClaims({ sessionId: id }), 'claim_invalid')
      await expectCode(withClaims({ tenantId: id }), 'claim_invalid')
    },
  )
})

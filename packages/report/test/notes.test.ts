import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { noteMeanings } from '../src/index.ts'
import { at, compact, ids, notes, plain, textOf } from './support/tokens.ts'

const DAY = 86_400

describe('notes on a token', () => {
  it('are none when nothing is odd', () => {
    expect(notes(plain())).toEqual([])
    expect(
      notes(plain({ type: 'access', nbf: at(-60), mode: 'live', tenantId: 'demo1234' })),
    ).toEqual([])
  })

  it('have a meaning and an advice each, and the worst come first', () => {
    for (const { why, fix } of Object.values(noteMeanings)) {
      expect(why).toMatch(/\.$/)
      expect(fix).toMatch(/\.$/)
    }
    const levels = notes(plain({ exp: undefined, aud: undefined, mode: 'test' }))
    expect(levels.map(({ level }) => level)).toEqual(['problem', 'warning', 'info'])
  })

  it('quote names in ASCII, so that no name looks like another or moves a cursor', () => {
    const name = '\u001b[31m\u202eadmin\u200b'
    const map = { [name]: { roles: [name] }, acme: { roles: [] } }
    const all = [
      ...notes(plain({ authorization: map }), { knownRoles: ['admin'] }),
      ...notes(plain({ type: name })),
      ...notes(compact({ alg: name, kid: name }, {}), { keys: { keys: [{ kid: `${name}2` }] } }),
    ]
    expect(all.length).toBeGreaterThan(6)
    for (const { text } of all) expect(text).toMatch(/^[\x20-\x7e]+$/)
  })
})

describe('the kind of token', () => {
  it.each([
    ['a refresh token', { type: 'refresh', authorization: undefined }, 'kind_refresh'],
    ['a refresh token with a map', { type: 'refresh' }, 'kind_refresh'],
    ['an ID token', { email: 'a@example.com', authorization: undefined }, 'kind_id'],
    ['no map', { authorization: undefined }, 'kind_unknown'],
    ['a list for a map', { authorization: [] }, 'kind_unknown'],
    ['another type', { type: 'api_key' }, 'kind_unknown'],
    ['a key of the sender', { cnf: { jkt: 'x' } }, 'sender_constrained'],
    ['test mode', { mode: 'test' }, 'test_mode'],
    ['no audience', { aud: undefined }, 'no_audience'],
    ['an empty list of audiences', { aud: [] }, 'no_audience'],
  ])('%s', (_, claims, id) => {
    expect(ids(plain(claims))).toContain(id)
  })

  it('speaks of workspace and mode where they stand in for the audience', () => {
    expect(textOf(plain({ aud: undefined }), 'no_audience')).toContain('any server')
    const userfront = { aud: undefined, tenantId: 'demo1234', mode: 'live' }
    expect(textOf(plain(userfront), 'no_audience')).toContain('only its workspace and mode')
  })
})

describe('times', () => {
  it.each([
    ['no expiry', { exp: undefined }, 'no_expiry'],
    ['an expiry that has passed', { exp: at(0) }, 'expired'],
    ['a start in the future', { nbf: at(60) }, 'not_yet_valid'],
    ['an issue in the future', { iat: at(60), exp: at(600) }, 'issued_in_future'],
    ['no time of issue', { iat: undefined }, 'no_issued_at'],
    ['a time that is a text', { exp: '2026-11-20' }, 'time_invalid'],
    ['a life of days', { exp: at(7 * DAY) }, 'life_of_days'],
    ['a life of months', { exp: at(30 * DAY) }, 'life_of_months'],
    ['a life of months without iat', { iat: undefined, exp: at(90 * DAY) }, 'life_of_months'],
    ['milliseconds', { exp: at(240) * 1000 }, 'milliseconds'],
  ])('%s', (_, claims, id) => {
    expect(ids(plain(claims))).toContain(id)
  })

  it('allow for clocks that differ by seconds', () => {
    expect(ids(plain({ iat: at(5) }))).not.toContain('issued_in_future')
    expect(ids(plain({ iat: at(6) }))).toContain('issued_in_future')
  })

  it('say the numbers', () => {
    expect(textOf(plain({ iat: at(0), exp: at(90 * DAY) }), 'life_of_months')).toContain(
      'lives for 90 days (3 months)',
    )
    // The preview of Userfront's dashboard.
    const dashboard = plain({ iat: 1_731_453_311_469, exp: 1_734_045_311_469 })
    expect(textOf(dashboard, 'milliseconds')).toBe(
      'exp is in milliseconds: it means 2024-12-12 23:15:11Z, and reads as the year 56919.\n' +
        'iat is in milliseconds: it means 2024-11-12 23:15:11Z, and reads as the year 56837.',
    )
  })
})

describe('the size', () => {
  const ofBytes = (bytes: number): string => {
    const length = (fill: number): number => plain({ fill: 'x'.repeat(fill) }).length
    // Base64url makes four characters of three bytes, so the exact length is one of a few away.
    let fill = Math.floor(((bytes - length(0)) * 3) / 4) - 4
    while (length(fill + 1) <= bytes) fill += 1
    return plain({ fill: 'x'.repeat(fill) })
  }
  const sizes = (jwt: string): readonly string[] =>
    ids(jwt).filter((id) => id.startsWith('too_large') || id.startsWith('near'))

  it('has no note while it fits everywhere', () => {
    expect(sizes(ofBytes(3700))).toEqual([])
    expect(sizes(ofBytes(3900))).toEqual(['near_cookie_limit'])
  })

  it('counts the name of the cookie and of the header', () => {
    const cookie = 'access_token='.length
    expect(sizes(ofBytes(4096 - cookie))).toEqual(['near_cookie_limit'])
    expect(sizes(ofBytes(4096))).toEqual(['too_large_for_cookie'])
    expect(sizes(ofBytes(8192 - 22))).toEqual(['too_large_for_cookie'])
    expect(sizes(ofBytes(8192))).toEqual(['too_large_for_header', 'too_large_for_cookie'])
    expect(sizes(ofBytes(8200))).toEqual([
      'too_large_for_verifier',
      'too_large_for_header',
      'too_large_for_cookie',
    ])
  })

  it('says the numbers, and how much of it the tenants are', () => {
    const tenants = Array.from({ length: 200 }, (_, index) => [
      `tenant${index}`,
      { roles: ['admin'] },
    ])
    const jwt = plain({ authorization: Object.fromEntries(tenants), tenantId: 'demo1234' })
    const text = textOf(jwt, 'too_large_for_cookie')
    expect(text).toContain(`${jwt.length + 'access.demo1234='.length} bytes`)
    expect(text).toContain('4096 (4 KB)')
    expect(text).toMatch(/The map of 200 tenants is \d{4} of them\.$/)
    expect(textOf(jwt, 'too_large_for_header')).toContain('8192 (8 KB)')
    expect(textOf(jwt, 'too_large_for_header')).toContain(`${jwt.length + 22} bytes`)
  })
})

describe('tenants and roles', () => {
  it.each([
    ['no tenant', {}, 'no_tenants'],
    ['an empty list of roles', { a: { roles: [] } }, 'roles_empty'],
    ['a text for a list', { a: { roles: 'superadmin' } }, 'roles_unreadable'],
    ['a list with a number', { a: { roles: ['admin', 1] } }, 'roles_unreadable'],
    ['no roles at all', { a: {} }, 'roles_unreadable'],
    ['an entry that is no object', { a: ['admin'] }, 'tenant_ignored'],
    ['an id that no route takes', { 'a b': { roles: ['admin'] } }, 'tenant_odd'],
    ['ids that differ in case', { acme: { roles: ['x'] }, Acme: { roles: ['x'] } }, 'tenant_alike'],
    ['an invisible character', { 'a\u200b': { roles: ['admin'] } }, 'name_hidden'],
    ['an invisible character in a role', { a: { roles: ['admin\u00a0'] } }, 'name_hidden'],
    ['a slip in a role', { a: { roles: ['amdin'] } }, 'role_typo'],
    ['another case', { a: { roles: ['Admin'] } }, 'role_typo'],
    ['a space', { a: { roles: ['admin '] } }, 'role_typo'],
    [
      'a slip of a usual role',
      { a: { roles: ['biling'] }, b: { roles: ['billing'] }, c: { roles: ['billing'] } },
      'role_typo',
    ],
  ])('%s', (_, authorization, id) => {
    expect(ids(plain({ authorization }))).toContain(id)
  })

  it('knows __proto__ for no tenant', () => {
    const jwt = compact(
      { alg: 'RS256', kid: 'k' },
      '{"authorization":{"__proto__":{"roles":["admin"]}}}',
    )
    expect(ids(jwt)).toContain('tenant_ignored')
  })

  it('says which tenants and what was meant', () => {
    const five = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, { roles: [] }]))
    expect(textOf(plain({ authorization: { a: { roles: [] } } }), 'roles_empty')).toBe(
      '"a" grants nothing: the list of roles is empty.',
    )
    expect(textOf(plain({ authorization: five }), 'roles_empty')).toContain(
      '"a", "b", "c", and 2 more grant nothing',
    )
    expect(textOf(plain({ authorization: { a: { roles: ['amdin'] } } }), 'role_typo')).toBe(
      'Role "amdin" is not "admin". Is it meant to be?',
    )
  })

  it('leaves roles alone that are a choice', () => {
    const roles = ['custom_role-name 33', 'billing', 'reviewer', 'auditor', 'members:read', 'dev']
    expect(notes(plain({ authorization: { a: { roles } } }))).toEqual([])
  })

  it('compares with the roles of the application when it has them', () => {
    const jwt = plain({ authorization: { a: { roles: ['admin', 'billng', 'owner'] } } })
    const knownRoles = ['admin', 'billing']
    expect(textOf(jwt, 'role_typo', { knownRoles })).toContain('"billng" is not "billing"')
    expect(textOf(jwt, 'role_unlisted', { knownRoles })).toBe('Not among the known roles: "owner".')
  })
})

describe('the algorithm', () => {
  const claims = {
    sub: 'x',
    aud: 'api',
    authorization: { a: { roles: ['admin'] } },
    iat: at(-1),
    exp: at(9),
  }
  it.each([
    ['none', { alg: 'none', kid: 'k' }, 'alg_none'],
    ['None', { alg: 'None', kid: 'k' }, 'alg_none'],
    ['an unknown one', { alg: 'RS1', kid: 'k' }, 'alg_unknown'],
    ['no text', { alg: 5, kid: 'k' }, 'alg_unknown'],
    ['nothing', { kid: 'k' }, 'alg_unknown'],
    ['a secret', { alg: 'HS256', kid: 'k' }, 'alg_secret'],
    ['not the default', { alg: 'ES256', kid: 'k' }, 'alg_not_default'],
    ['crit', { alg: 'RS256', kid: 'k', crit: ['x'] }, 'crit_present'],
    ['b64', { alg: 'RS256', kid: 'k', b64: false }, 'crit_present'],
    ['a key in the header', { alg: 'RS256', kid: 'k', jwk: {} }, 'key_in_header'],
    ['an address in the header', { alg: 'RS256', kid: 'k', jku: 'https://x' }, 'key_in_header'],
    ['no kid', { alg: 'RS256' }, 'kid_missing'],
    ['an empty kid', { alg: 'RS256', kid: '' }, 'kid_invalid'],
    ['a kid without end', { alg: 'RS256', kid: 'k'.repeat(257) }, 'kid_invalid'],
  ])('%s', (_, header, id) => {
    expect(ids(compact(header, claims))).toEqual([id])
  })
})

describe('the key', () => {
  const jwkOf = (bits: number): Record<string, unknown> => ({
    ...generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }),
  })
  const good = jwkOf(2048)

  it('has no note when it is good', () => {
    const keys = {
      keys: [
        { ...good, kid: 'k1', alg: 'RS256' },
        { ...good, kid: 'k2', use: 'enc' },
      ],
    }
    expect(ids(plain(), { keys })).toEqual([])
    expect(ids(plain(), { keys: { ...good, kid: 'k1' } })).toEqual([])
    expect(ids(plain(), { keys: good })).toEqual([])
    for (const keys of ['text', 5, null, {}, { keys: 'x' }, { keys: [null, 5] }]) {
      expect(() => ids(plain(), { keys })).not.toThrow()
    }
  })

  it('is unknown when no name of the set is that of the token', () => {
    const keys = {
      keys: [
        { ...good, kid: 'k2' },
        { ...good, kid: 'k3' },
      ],
    }
    expect(textOf(plain(), 'kid_unknown', { keys })).toBe(
      'No key is called "k1". The set has "k2", "k3".',
    )
  })

  it('is weak, private or broken in the words of core', () => {
    const text = (key: unknown): string => textOf(plain(), 'key_weak', { keys: { keys: [key] } })
    expect(text({ ...jwkOf(1024), kid: 'k1' })).toBe(
      'Key "k1" cannot be used: its modulus has 1024 bits; at least 2048 are needed.',
    )
    expect(text({ ...good, kid: 'k1', d: 'AQAB' })).toContain('it is a private key')
    expect(text({ ...good, kid: 'k1', e: 'AQ' })).toContain('its exponent')
    expect(text({ kty: 'oct', k: 'AAAA', kid: 'k1' })).toContain('a secret')
    expect(text({ kty: 'RSA', kid: 'k1' })).toContain('missing')
  })

  it('is for something else', () => {
    const text = (key: unknown): string =>
      textOf(plain(), 'key_unusable', { keys: { keys: [key] } })
    expect(text({ ...good, kid: 'k1', use: 'enc' })).toContain('its use is not "sig"')
    expect(text({ ...good, kid: 'k1', alg: 'PS256' })).toBe(
      'Key "k1" is for PS256, and the token says RS256.',
    )
  })

  it('is not the only one that counts: an unsafe one beside it has a note', () => {
    const keys = {
      keys: [
        { ...good, kid: 'k1' },
        { ...good, kid: 'k2', d: 'AQAB' },
      ],
    }
    expect(textOf(plain(), 'key_set_unsafe', { keys })).toBe(
      'Key "k2" of the set is unsafe: it is a private key: only its public half belongs here.',
    )
  })
})

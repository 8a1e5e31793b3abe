import { describe, expect, it } from 'vitest'
import { createVerifier, explain, type VerifierOptions } from '../../src/index.ts'
import { options, rsa, withClaims, withHeader } from '../support/mint.ts'
import { outcomeOf } from '../support/outcome.ts'

const keys = rsa.publicKey
const remote = 'https://auth.example.com/jwks.json'

function messageOf(odd: unknown): string {
  try {
    createVerifier(odd as VerifierOptions)
  } catch (error) {
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'option_invalid', status: 500 })
    return (error as Error).message
  }
  return 'accepted'
}

describe('options that are refused, each by its name', () => {
  const odd: [string, object][] = [
    ['algorithms', { keys, algorithms: [] }],
    ['algorithms', { keys, algorithms: ['none'] }],
    ['algorithms', { keys, algorithms: ['rs256'] }],
    ['algorithms', { keys, algorithms: 'RS256' }],
    ['algorithms', { keys, algorithms: undefined }],
    ['algorithms', { keys, algorithms: ['RS256', 'HS256'] }],
    ['algorithms', { keys: { secret: new Uint8Array(64) } }],
    ['algorithms', { keys: { secret: new Uint8Array(64) }, algorithms: ['RS256'] }],
    ['types', { keys, types: [] }],
    ['types', { keys, types: [''] }],
    ['types', { keys, types: undefined }],
    ['issuer', { keys, issuer: undefined }],
    ['issuer', { keys, issuer: '' }],
    ['issuer', { keys, issuer: '  ' }],
    ['issuer', { keys, issuer: [] }],
    ['issuer', { keys, issuer: [''] }],
    ['issuer', { keys, issuer: /x/ }],
    ['audience', { keys, audience: undefined }],
    ['audience', { keys, audience: '' }],
    ['mode', { keys, mode: undefined }],
    ['mode', { keys, mode: '' }],
    ['mode', { keys, mode: 'prod' }],
    ['workspaceId', { keys, workspaceId: undefined }],
    ['workspaceId', { keys, workspaceId: ' ' }],
    ['clockTolerance', { keys, clockTolerance: 61 }],
    ['clockTolerance', { keys, clockTolerance: -1 }],
    ['clockTolerance', { keys, clockTolerance: Number.NaN }],
    ['maxTokenAge', { keys, maxTokenAge: undefined }],
    ['maxTokenAge', { keys, maxTokenAge: Number.NaN }],
    ['maxTokenAge', { keys, maxTokenAge: Number.POSITIVE_INFINITY }],
    ['maxTokenAge', { keys, maxTokenAge: '60' }],
    ['maxTokenBytes', { keys, maxTokenBytes: 0 }],
    ['maxTokenBytes', { keys, maxTokenBytes: 1.5 }],
    ['roles', { keys, roles: ['admin'] }],
    ['roles', { keys, roles: { admin: {} } }],
    ['roles', { keys, roles: null }],
    ['ancestorsOf', { keys, ancestorsOf: [] }],
    ['authorizationOf', { keys, authorizationOf: 'roles' }],
    ['cache', { keys, cache: true }],
    ['cache', { keys, cache: { max: 0 } }],
    ['now', { keys, now: 7 }],
    ['jwks', { keys, jwks: {} }],
    ['jwks.ttl', { keys: remote, jwks: { ttl: 0 } }],
    ['jwks.cooldown', { keys: remote, jwks: { cooldown: -1 } }],
    ['jwks.timeout', { keys: remote, jwks: { timeout: 0 } }],
    ['jwks.staleFor', { keys: remote, jwks: { staleFor: '1d' } }],
    ['jwks.maxBytes', { keys: remote, jwks: { maxBytes: -1 } }],
    ['jwks.fetch', { keys: remote, jwks: { fetch: {} } }],
    ['keys', {}],
    ['keys', { keys: undefined }],
    ['keys', { keys: null }],
  ]
  it.each(odd)('%s: %o', (name, given) => {
    expect(messageOf(given)).toContain(`"${name}`)
  })

  it.each([[undefined], [null], [7], ['x'], [[]]])('no options: %j', (given) => {
    expect(messageOf(given)).toMatch(/must be an object|does not exist|"keys"/)
  })

  it.each([
    ['isuer', 'issuer'],
    ['algorithm', 'algorithms'],
    ['clock_tolerance', 'clockTolerance'],
    ['workspaceID', 'workspaceId'],
  ])('an unknown %s, with a suggestion', (typed, meant) => {
    expect(messageOf({ keys, [typed]: 'x' })).toBe(
      `Option "${typed}" does not exist. Did you mean "${meant}"?`,
    )
  })

  it('an unknown one that is like no other, with the list of all', () => {
    expect(messageOf({ keys, ignoreExpiration: true })).toMatch(
      /"ignoreExpiration" does not exist\. Known: keys, algorithms/,
    )
    expect(messageOf({ keys: remote, jwks: { cooldow: 1 } })).toContain(
      '"jwks.cooldow" does not exist. Did you mean "cooldown"?',
    )
    expect(messageOf({ keys, cache: { size: 1 } })).toBe(
      'Option "cache.size" does not exist. Known: max.',
    )
  })
})

describe('options that turn a check off in so many words', () => {
  it('takes null for unchecked', async () => {
    const open = createVerifier({
      ...options,
      issuer: null,
      audience: null,
      mode: null,
      workspaceId: null,
    })
    expect(await outcomeOf(open, withClaims({ iss: 'anybody', mode: 'x' }))).toBe('accepted')
    const typed = createVerifier({ ...options, types: [null] })
    expect(await outcomeOf(typed, withHeader({ typ: undefined }))).toBe('accepted')
    expect(await outcomeOf(typed, withHeader({ typ: 'JWT' }))).toBe('typ_unexpected')
  })
})

describe('options that change after they were given', () => {
  it('does not follow them', async () => {
    const issuer = ['good']
    const algorithms: 'RS256'[] = ['RS256']
    const verifier = createVerifier({ ...options, issuer, algorithms })
    issuer.push('evil')
    algorithms.length = 0
    expect(await outcomeOf(verifier, withClaims({ iss: 'evil' }))).toBe('issuer_mismatch')
    expect(await outcomeOf(verifier, withClaims({ iss: 'good' }))).toBe('accepted')
  })

  it('reads own members only', async () => {
    const polluted = Object.prototype as Record<string, unknown>
    try {
      polluted['maxTokenAge'] = 0
      expect(await outcomeOf(createVerifier(options), withClaims({}))).toBe('accepted')
    } finally {
      delete polluted['maxTokenAge']
    }
  })
})

describe('authorizationOf', () => {
  const from = (authorizationOf: (claims: never) => unknown) =>
    createVerifier({ ...options, authorizationOf: authorizationOf as () => unknown })

  it('finds the map in the claims of another provider', async () => {
    const verifier = from((claims: { tenants: unknown }) => claims.tenants)
    const token = await verifier.verify(
      withClaims({ authorization: undefined, tenants: { acme: { roles: ['admin'] } } }),
    )
    expect(token.authorization['acme']?.roles).toEqual(['admin'])
  })

  it('gives nothing for an entry that is not well formed', async () => {
    const map = { acme: { roles: 'admin' }, globex: { roles: ['admin'] }, initech: 'admin' }
    const token = await from(() => map).verify(withClaims({}))
    expect(explain(token, 'acme', 'admin').code).toBe('role_insufficient')
    expect(explain(token, 'initech', 'admin').code).toBe('tenant_forbidden')
    expect(explain(token, 'globex', 'admin').code).toBe('granted')
    expect(token.authorization).toEqual({ globex: { roles: ['admin'] } })
  })

  it('is not followed when what it returned changes', async () => {
    const map: Record<string, { roles: string[] }> = { acme: { roles: ['member'] } }
    const token = await from(() => map).verify(withClaims({}))
    map['acme']?.roles.push('admin')
    map['other'] = { roles: ['admin'] }
    expect(token.authorization).toEqual({ acme: { roles: ['member'] } })
  })

  it.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('SECRET')
      },
      'claim_invalid',
    ],
    ['returns nothing', () => undefined, 'token_kind_unexpected'],
    ['returns null', () => null, 'claim_invalid'],
    ['returns a list', () => [], 'claim_invalid'],
    ['returns a promise', async () => ({}), 'option_invalid'],
    [
      'returns what throws when it is read',
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('SECRET')
            },
          },
        ),
      'claim_invalid',
    ],
  ])('refuses the token when it %s', async (_, map, code) => {
    expect(await outcomeOf(from(map), withClaims({}))).toBe(code)
  })
})

describe('now', () => {
  it('refuses every token when the clock is broken', async () => {
    const broken = createVerifier({ ...options, now: () => new Date(Number.NaN) })
    expect(await outcomeOf(broken, withClaims({}))).not.toBe('accepted')
  })
})

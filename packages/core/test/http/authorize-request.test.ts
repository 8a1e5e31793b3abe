/** What adapters call, without a framework. The frameworks' own suites are over real servers. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it, vi } from 'vitest'
import {
  authorizeRequest,
  bearer,
  cookie,
  createRule,
  type Demand,
  placeAuth,
  type RequestAuth,
  readAuth,
  readGuardOptions,
  toRefusal,
} from '../../src/http/index.ts'
import {
  AccessError,
  ConfigurationError,
  ConflictError,
  createVerifier,
  RequestError,
  TenantContextError,
  TokenError,
  UnavailableError,
} from '../../src/index.ts'
import { goodClaims, now, options, withClaims } from '../support/mint.ts'

const verifier = createVerifier({
  ...options,
  ancestorsOf: (tenantId) => (tenantId === 'leaf' ? ['nz569yb7'] : []),
})
const jwt = withClaims({})

/** Stands for a caller: only which one it is counts here. */
function createdAuth(): RequestAuth {
  return Object.freeze(Object.create(null))
}

interface FakeRequest {
  readonly headers: Record<string, string | string[]>
  readonly params: Record<string, unknown>
}

interface RoutedMessage {
  readonly headers: Record<string, string>
  readonly params?: object
  readonly query?: object
  readonly body?: object
}

async function ask(
  demand: Demand,
  tenantId: string,
  headers: FakeRequest['headers'] = { authorization: `Bearer ${jwt}` },
) {
  const settings = readGuardOptions<FakeRequest>(
    { verifier, credentials: [bearer(), cookie('access.demo1234')] },
    () => false,
  )
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name, one]),
  )
  return await authorizeRequest(
    settings,
    createRule(settings, demand),
    { headers, params: { tenantId } },
    rawHeaders,
  )
}

describe('a membership', () => {
  it('that is held in an ancestor lets in, with the roles of the tenant itself', async () => {
    expect(await ask({ kind: 'member' }, 'leaf')).toMatchObject({ tenantId: 'leaf', roles: [] })
    expect(await ask({ kind: 'member' }, 'a5h281k8')).toMatchObject({ roles: ['member'] })
  })
  it('that is held nowhere does not', async () => {
    await expect(ask({ kind: 'member' }, 'other')).rejects.toMatchObject({
      code: 'tenant_forbidden',
    })
  })
})

describe('the decision channel', () => {
  it('tells of guards too, with a requirement where they ask for one', async () => {
    const events: unknown[] = []
    const listener = (event: unknown) => events.push(event)
    subscribe('tenantry:decision', listener)
    try {
      await ask({ kind: 'member' }, 'a5h281k8')
      await ask({ kind: 'requirement', requirement: 'member' }, 'a5h281k8')
    } finally {
      unsubscribe('tenantry:decision', listener)
    }
    expect(events).toMatchObject([
      { allowed: true, tenantId: 'a5h281k8', requirement: undefined },
      { allowed: true, tenantId: 'a5h281k8', requirement: 'member' },
    ])
  })
})

describe('the caller', () => {
  it('can be asked in the tenant that was checked', async () => {
    const auth = await ask({ kind: 'requirement', requirement: 'admin' }, 'nz569yb7')
    expect(auth?.can('admin')).toBe(true)
    expect(auth?.can('owner')).toBe(false)
    expect(Object.isFrozen(auth)).toBe(true)
  })
  it('cannot be asked where no tenant was checked', async () => {
    const auth = await ask({ kind: 'anyone' }, 'nz569yb7')
    expect(auth?.tenantId).toBeUndefined()
    expect(() => auth?.can('admin')).toThrow(expect.objectContaining({ code: 'tenant_unresolved' }))
  })
})

describe('the name of a cookie', () => {
  it.each([undefined, null, 42, '', ' ', 'a b', 'a=b', 'a;b', 'a,b', 'a"b', 'a\n', 'é'])(
    'is not %j',
    (name) => {
      expect(() => cookie(name as string)).toThrow(
        expect.objectContaining({
          code: 'option_invalid',
          message: expect.stringContaining("cookie('access.demo1234')"),
        }),
      )
    },
  )
  it.each(['access.demo1234', '__Host-token', "!#$%&'*+-.^_`|~"])('may be %s', (name) => {
    expect(cookie(name).read({ headers: { cookie: `${name}=x` }, rawHeaders: [] })).toBe('x')
  })
})

describe('credentials', () => {
  const refused: [string, FakeRequest['headers'], string][] = [
    [
      'a list of headers',
      { authorization: [`Bearer ${jwt}`, `Bearer ${jwt}`] },
      'request_malformed',
    ],
    ['a scheme alone', { authorization: 'Bearer' }, 'request_malformed'],
    ['a tab', { authorization: `Bearer\t${jwt}` }, 'request_malformed'],
    ['another scheme', { authorization: 'Basic eA==' }, 'credentials_missing'],
    [
      'a cookie of another name',
      { cookie: `a=b; access.demo=${jwt}; flag` },
      'credentials_missing',
    ],
    [
      'a cookie behind a blank that is no space',
      { cookie: `\u00a0access.demo1234=${jwt}` },
      'credentials_missing',
    ],
    ['an empty cookie', { cookie: 'access.demo1234=' }, 'credentials_missing'],
    [
      'the same cookie twice',
      { cookie: [`access.demo1234=${jwt}`, `access.demo1234=${jwt}`] },
      'credentials_multiple',
    ],
    [
      'two tokens',
      { authorization: `Bearer ${jwt}`, cookie: 'access.demo1234=other' },
      'credentials_multiple',
    ],
  ]
  it.each(refused)('are refused: %s', async (_, headers, code) => {
    await expect(ask({ kind: 'anyone' }, 'x', headers)).rejects.toMatchObject({ code })
  })
  it.each<[string, FakeRequest['headers']]>([
    ['a cookie', { cookie: `a=b; access.demo1234=${jwt}` }],
    ['a cookie in quotes', { cookie: `access.demo1234="${jwt}"` }],
    ['a cookie among blanks', { cookie: `\t a b = c d;\t access.demo1234 \t=\t ${jwt} \t;  ` }],
    [
      'the same token in two places',
      { authorization: `bearer  ${jwt}`, cookie: `access.demo1234=${jwt}` },
    ],
  ])('are taken from %s', async (_, headers) => {
    expect(await ask({ kind: 'anyone' }, 'x', headers)).toMatchObject({ userId: 1 })
  })
})

describe('the tenant of the route', () => {
  const settings = readGuardOptions<RoutedMessage>({ verifier }, () => false)
  const rule = createRule(settings, { kind: 'member' })
  const headers = { authorization: `Bearer ${jwt}` }
  const inherited: object = Object.create({ tenantId: 'nz569yb7' })
  const enter = async (request: Omit<RoutedMessage, 'headers'>) =>
    await authorizeRequest(settings, rule, { headers, ...request }, [])

  it('is what was sent, and nothing that a prototype holds', async () => {
    await expect(enter({ params: inherited })).rejects.toMatchObject({ code: 'tenant_unresolved' })
    const params = { tenantId: 'a5h281k8' }
    const auth = await enter({ params, query: inherited, body: inherited })
    expect(auth?.tenantId).toBe('a5h281k8')
  })

  it.each<[unknown]>([[['nz569yb7']], [{ toString: () => 'nz569yb7' }], [new String('nz569yb7')]])(
    'is a string: %j is none',
    async (tenantId) => {
      await expect(enter({ params: { tenantId } })).rejects.toMatchObject({
        code: 'tenant_invalid',
      })
    },
  )
})

describe('blanks in cookies', () => {
  it.each([
    ['inside of a name', (blanks: string) => `a${blanks}b=1`],
    ['inside of a value', (blanks: string) => `access.demo1234=a${blanks}b`],
    ['around them', (blanks: string) => `${blanks}a${blanks}=${blanks}b${blanks}`],
    ['alone', (blanks: string) => `${blanks}=${blanks}`],
  ])('%s cost work in proportion to their number, without a token', (_, write) => {
    const header = write(' \t'.repeat(8000))
    const looks = vi.spyOn(String.prototype, 'charCodeAt')
    try {
      cookie('access.demo1234').read({ headers: { cookie: header }, rawHeaders: [] })
      expect(looks.mock.calls.length).toBeLessThan(header.length + 100)
    } finally {
      looks.mockRestore()
    }
  })
})

describe('guards of one request', () => {
  const other = createVerifier(options)
  const request = (tenantId: string, cookieJwt?: string) => ({
    headers:
      cookieJwt === undefined ? { authorization: `Bearer ${jwt}` } : { cookie: `sid=${cookieJwt}` },
    params: { tenantId, other: 'a5h281k8' },
  })
  const run = async (
    settings: ReturnType<typeof readGuardOptions<FakeRequest>>,
    demand: Demand,
    asked: FakeRequest,
    rule = {},
  ) => await authorizeRequest(settings, createRule(settings, demand, rule), asked, [])

  it('read the credentials for themselves when their options differ', async () => {
    const both = readGuardOptions<FakeRequest>(
      { verifier, credentials: [bearer(), cookie('sid')] },
      () => false,
    )
    const bearerOnly = readGuardOptions<FakeRequest>({ verifier }, () => false)
    const asked = request('nz569yb7', jwt)
    expect(await run(both, { kind: 'optional' }, asked)).toMatchObject({ userId: 1 })
    await expect(run(bearerOnly, { kind: 'member' }, asked)).rejects.toMatchObject({
      code: 'credentials_missing',
    })
    expect(await run(bearerOnly, { kind: 'optional' }, asked)).toMatchObject({ userId: 1 })
  })

  it('never let one request into two tenants, whoever verifies it and whether they wait or not', async () => {
    const one = readGuardOptions<FakeRequest>({ verifier }, () => false)
    const two = readGuardOptions<FakeRequest>({ verifier: other }, () => false)
    const waiting = { ...verifier, verify: async (token: string) => await verifier.verify(token) }
    const three = readGuardOptions<FakeRequest>({ verifier: waiting }, () => false)
    for (const [first, second] of [
      [one, two],
      [three, two],
      [one, three],
    ] as const) {
      const asked = request('nz569yb7')
      const answers = await Promise.allSettled([
        run(first, { kind: 'member' }, asked),
        run(second, { kind: 'member' }, asked, { tenantParam: 'other' }),
      ])
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(answers).toContainEqual(
        expect.objectContaining({ reason: expect.objectContaining({ code: 'tenant_conflict' }) }),
      )
    }
  })

  it('answer at once with a verifier of this package, and in their own time with another', async () => {
    const at = (settings: ReturnType<typeof readGuardOptions<FakeRequest>>) =>
      authorizeRequest(settings, createRule(settings, { kind: 'member' }), request('nz569yb7'), [])
    const replaced = createVerifier(options)
    replaced.verify = async () => await verifier.verify(jwt)
    expect(at(readGuardOptions({ verifier }, () => false))).not.toBeInstanceOf(Promise)
    for (const own of [{ ...verifier, verify: replaced.verify }, replaced]) {
      const answer = at(readGuardOptions({ verifier: own }, () => false))
      expect(answer).toBeInstanceOf(Promise)
      expect(await answer).toMatchObject({ tenantId: 'nz569yb7' })
    }
  })

  it('take a token that is remembered from where they were told to look, and from nowhere else', async () => {
    await verifier.verify(jwt)
    const usual = readGuardOptions<FakeRequest>({ verifier }, () => false)
    expect(await run(usual, { kind: 'member' }, request('nz569yb7'))).toMatchObject({ userId: 1 })
    const member = createRule(usual, { kind: 'member' })
    const twice = ['Authorization', `Bearer ${jwt}`, 'authorization', 'Bearer other']
    const asked = () => authorizeRequest(usual, member, request('nz569yb7'), twice)
    expect(asked).toThrow(expect.objectContaining({ code: 'request_malformed' }))
    const replaced = Object.assign(bearer(), { read: () => undefined })
    const settings = readGuardOptions<FakeRequest>(
      { verifier, credentials: [replaced] },
      () => false,
    )
    await expect(run(settings, { kind: 'member' }, request('nz569yb7'))).rejects.toMatchObject({
      code: 'credentials_missing',
    })
  })

  it('say what is wrong with a header first, even when it begins with a token that is remembered', async () => {
    await verifier.verify(jwt)
    const usual = readGuardOptions<FakeRequest>({ verifier }, () => false)
    for (const rest of [' ', ' x', ',', '\u00e9', '.x y']) {
      const asked = { ...request('nz569yb7'), headers: { authorization: `Bearer ${jwt}${rest}` } }
      await expect(run(usual, { kind: 'member' }, asked)).rejects.toMatchObject({
        code: 'request_malformed',
      })
    }
    const spaced = { ...request('nz569yb7'), headers: { authorization: `bearer   ${jwt}` } }
    expect(await run(usual, { kind: 'member' }, spaced)).toMatchObject({ userId: 1 })
  })

  it('take a copy of a source for what it copies', async () => {
    const copied = { ...bearer(), name: 'ours' }
    const settings = readGuardOptions<FakeRequest>({ verifier, credentials: [copied] }, () => false)
    for (const token of [jwt, withClaims({ userId: 2 })]) {
      const asked = { ...request('nz569yb7'), headers: { authorization: `Bearer ${token}` } }
      expect(await run(settings, { kind: 'member' }, asked)).toBeDefined()
    }
  })

  it('ask a verifier by way of its `verify`, also when that was replaced for all of them', async () => {
    const prototype: Pick<typeof verifier, 'verify'> = Object.getPrototypeOf(verifier)
    const { verify } = prototype
    const usual = readGuardOptions<FakeRequest>({ verifier }, () => false)
    await verifier.verify(jwt)
    try {
      prototype.verify = async () => {
        throw new TokenError('token_revoked')
      }
      await expect(run(usual, { kind: 'member' }, request('nz569yb7'))).rejects.toMatchObject({
        code: 'token_revoked',
      })
    } finally {
      prototype.verify = verify
    }
    expect(await run(usual, { kind: 'member' }, request('nz569yb7'))).toMatchObject({ userId: 1 })
  })

  it('tell once of each token, remembered or not, and refuse one that has run out since', async () => {
    let time = now
    const timed = createVerifier({ ...options, now: () => new Date(time * 1000) })
    const usual = readGuardOptions<FakeRequest>({ verifier: timed }, () => false)
    const events: unknown[] = []
    const listener = (event: unknown) => events.push(event)
    subscribe('tenantry:verify', listener)
    try {
      await run(usual, { kind: 'member' }, request('nz569yb7'))
      await run(usual, { kind: 'member' }, request('nz569yb7'))
      time = now + 7200
      for (const kind of ['member', 'optional'] as const) {
        await expect(run(usual, { kind }, request('nz569yb7'))).rejects.toMatchObject({
          code: 'token_expired',
        })
      }
    } finally {
      unsubscribe('tenantry:verify', listener)
    }
    const nobody = { userId: undefined, sessionId: undefined }
    const { sessionId } = goodClaims
    expect(events).toEqual([
      { code: 'verified', cached: false, userId: 1, sessionId },
      // Not so where this runs with a cache that remembers nothing.
      { code: 'verified', cached: expect.any(Boolean), userId: 1, sessionId },
      { code: 'token_expired', cached: false, ...nobody },
      { code: 'token_expired', cached: false, ...nobody },
    ])
    timed.close()
    await expect(run(usual, { kind: 'member' }, request('nz569yb7'))).rejects.toMatchObject({
      code: 'verifier_closed',
    })
  })

  it('know a request by itself, and neither its copies nor what inherits from it', async () => {
    const usual = readGuardOptions<FakeRequest>({ verifier }, () => false)
    const asked = request('nz569yb7')
    await run(usual, { kind: 'member' }, asked)
    const fixes = { guarded: 'a', optional: 'b' }
    expect(readAuth(asked, fixes)).toMatchObject({ tenantId: 'nz569yb7' })
    for (const other of [{ ...asked }, Object.create(asked), structuredClone(asked)]) {
      expect(() => readAuth(other, fixes)).toThrow('No guard has seen this request')
    }
    const frozen = Object.freeze(request('nz569yb7'))
    await run(usual, { kind: 'member' }, frozen)
    expect(readAuth(frozen, fixes)).toMatchObject({ tenantId: 'nz569yb7' })
    expect(Reflect.ownKeys(frozen)).toEqual(['headers', 'params'])
  })

  it('do not wait for a tenant, and leave no rejection behind', async () => {
    const settings = readGuardOptions<FakeRequest>(
      // @ts-expect-error: a promise does not compile; JavaScript may give one all the same
      { verifier, getTenantId: async () => Promise.reject(new Error('late')) },
      () => false,
    )
    await expect(run(settings, { kind: 'member' }, request('x'))).rejects.toMatchObject({
      code: 'option_invalid',
    })
  })
})

describe('the caller on a request', () => {
  const unsettable = expect.objectContaining({ code: 'option_invalid' })
  const boom = new Error('boom')

  it.each([
    ['a frozen request', Object.freeze({}), unsettable],
    [
      'a request without a prototype that is frozen',
      Object.freeze(Object.create(null)),
      unsettable,
    ],
    [
      'a getter without a setter',
      {
        get auth() {
          return 1
        },
      },
      unsettable,
    ],
    [
      'an inherited one',
      Object.create({
        get auth() {
          return 1
        },
      }),
      unsettable,
    ],
    ['a setter that keeps nothing', { set auth(_: unknown) {} }, unsettable],
    [
      'a setter that throws',
      {
        set auth(_: unknown) {
          throw boom
        },
      },
      boom,
    ],
    [
      'an inherited one that throws',
      Object.create({
        set auth(_: unknown) {
          throw boom
        },
      }),
      boom,
    ],
  ])('is not put past %s', (_, target: object, error) => {
    let thrown: unknown
    try {
      placeAuth(target, 'auth', createdAuth())
    } catch (caught) {
      thrown = caught
    }
    expect(thrown).toEqual(error)
  })

  it('is where the option says', () => {
    const target = {}
    const auth = createdAuth()
    placeAuth(target, 'auth', auth)
    expect(Reflect.get(target, 'auth')).toBe(auth)
  })
})

it('a refusal is a legal header, whatever the message of another verifier', () => {
  const policy = { realm: 'api', forbiddenStatus: 403, hideTenants: false } as const
  const { headers } = toRefusal(new TokenError('claim_invalid', 'x", evil="y\r\n\u043a'), policy)
  expect(headers['www-authenticate']).toBe(
    'Bearer realm="api", error="invalid_token", error_description="x?, evil=?y???"',
  )
})

it('an error without a token to blame gets a challenge that blames none', () => {
  const policy = { realm: 'api', forbiddenStatus: 403, hideTenants: false } as const
  const refusal = toRefusal(new TenantContextError('tenant_context_missing'), policy)
  expect(refusal.status).toBe(401)
  expect(refusal.headers['www-authenticate']).toBe('Bearer realm="api"')
})

it.each([
  [new RequestError('reference_unknown'), 'Bad Request'],
  [new TenantContextError('tenant_context_missing'), 'Unauthorized'],
  [new AccessError('tenant_mismatch'), 'Forbidden'],
  [new ConflictError('duplicate_key'), 'Conflict'],
  [new ConfigurationError('call_refused', 'x'), 'Internal Server Error'],
  [new UnavailableError('keys_unavailable', { retryAfter: 1 }), 'Service Unavailable'],
])('%s has the title of its status', (error, title) => {
  const policy = { realm: 'api', forbiddenStatus: 403, hideTenants: false } as const
  const { status, body } = toRefusal(error, policy)
  expect(JSON.parse(body)).toMatchObject({ title, status, code: error.code })
})

it('a conflict has its title, and says nothing about what was there', () => {
  const policy = { realm: 'api', forbiddenStatus: 403, hideTenants: false } as const
  const refusal = toRefusal(new ConflictError('duplicate_key', { fields: ['email'] }), policy)
  expect(JSON.parse(refusal.body)).toEqual({
    type: 'urn:tenantry:error:duplicate_key',
    title: 'Conflict',
    status: 409,
    detail: 'A value that must be unique is taken.',
    code: 'duplicate_key',
  })
})

/** What adapters call, without a framework. The frameworks' own suites are over real servers. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import {
  authorizeRequest,
  bearer,
  cookie,
  createRule,
  type Demand,
  readGuardOptions,
} from '../../src/http/index.ts'
import { createVerifier } from '../../src/index.ts'
import { options, withClaims } from '../support/mint.ts'

const verifier = createVerifier({
  ...options,
  ancestorsOf: (tenantId) => (tenantId === 'leaf' ? ['nz569yb7'] : []),
})
const jwt = withClaims({})

interface FakeRequest {
  readonly headers: Record<string, string | string[]>
  readonly params: Record<string, unknown>
}

async function ask(
  demand: Demand,
  tenantId: string,
  headers: FakeRequest['headers'] = { authorization: `Bearer ${jwt}` },
) {
  const settings = readGuardOptions<FakeRequest>(
    { verifier, credentials: [bearer(), cookie('access.demo1234')] },
    [],
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
    [
      'the same token in two places',
      { authorization: `bearer  ${jwt}`, cookie: `access.demo1234=${jwt}` },
    ],
  ])('are taken from %s', async (_, headers) => {
    expect(await ask({ kind: 'anyone' }, 'x', headers)).toMatchObject({ userId: 1 })
  })
})

import { createVerifier, decodeToken } from '@tenantry/core'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, it } from 'vitest'
import { answerQuestion, matrixOf, unverifiedHoldings, verifiedHoldings } from '../src/index.ts'
import { compact, decoded } from './support/tokens.ts'

const authorization = {
  acme: { roles: ['admin', 'member'] },
  globex: { roles: ['editor', 'member'] },
  initech: { roles: [] },
  odd: { roles: 'admin' },
  none: null,
}

describe('the matrix', () => {
  it('has the tenants in the order of the token, and the roles in that of the alphabet', () => {
    const matrix = matrixOf(decoded({ authorization }))
    expect(matrix).toEqual({
      roles: ['admin', 'editor', 'member'],
      rows: [
        { tenant: 'acme', roles: ['admin', 'member'], state: 'roles' },
        { tenant: 'globex', roles: ['editor', 'member'], state: 'roles' },
        { tenant: 'initech', roles: [], state: 'empty' },
        { tenant: 'odd', roles: [], state: 'unreadable' },
        { tenant: 'none', roles: [], state: 'ignored' },
      ],
      folded: 0,
      isWide: false,
      totalTenants: 5,
      totalRoles: 3,
    })
  })

  it('is narrowed to tenants and to roles', () => {
    const tenants = (options: Parameters<typeof matrixOf>[1]): readonly string[] =>
      matrixOf(decoded({ authorization }), options).rows.map(({ tenant }) => tenant)
    expect(tenants({ tenants: ['globex', 'x'] })).toEqual(['globex'])
    expect(tenants({ roles: ['member'] })).toEqual(['acme', 'globex'])
    expect(tenants({ roles: ['admin'], tenants: ['globex'] })).toEqual([])
    expect(matrixOf(decoded({ authorization }), { roles: ['admin'] }).roles).toEqual(['admin'])
  })

  it('folds the thirteenth tenant, and is wide with the ninth role', () => {
    const many = (tenants: number, roles: number) =>
      decoded({
        authorization: Object.fromEntries(
          Array.from({ length: tenants }, (_, tenant) => [
            `t${tenant}`,
            { roles: Array.from({ length: roles }, (_, role) => `r${role}`) },
          ]),
        ),
      })
    expect(matrixOf(many(12, 8))).toMatchObject({ folded: 0, isWide: false })
    expect(matrixOf(many(13, 9))).toMatchObject({ folded: 3, isWide: true, totalTenants: 13 })
    expect(matrixOf(many(13, 9)).rows).toHaveLength(10)
    expect(matrixOf(many(13, 9), { all: true }).rows).toHaveLength(13)
    expect(matrixOf(many(2000, 2), { tenants: ['t1999'] }).rows).toHaveLength(1)
  })

  it('has no row for what is no map', () => {
    for (const map of [undefined, null, [], 'x', 5]) {
      expect(matrixOf(decoded({ authorization: map })).rows).toEqual([])
    }
    const proto = compact({ alg: 'none' }, '{"authorization":{"__proto__":{"roles":["admin"]}}}')
    expect(matrixOf(decodeToken(proto)).rows).toEqual([
      { tenant: '__proto__', roles: [], state: 'ignored' },
    ])
  })
})

describe('holdings', () => {
  it('are the same of a token that is verified and of one that is only read', async () => {
    const issuer = createTestIssuer()
    const jwt = await issuer.token({ authorization })
    const verified = verifiedHoldings(await createVerifier({ keys: issuer.keys }).verify(jwt))
    const read = unverifiedHoldings(decodeToken(jwt))
    expect([verified.isVerified, read.isVerified]).toEqual([true, false])
    for (const tenant of [...Object.keys(authorization), 'x', '__proto__', 'toString']) {
      expect(read.rolesIn(tenant)).toEqual(verified.rolesIn(tenant))
      for (const role of ['admin', 'member', 'x']) {
        expect(read.decide(tenant, role)).toEqual(verified.decide(tenant, role))
      }
    }
  })
})

describe('the answer to a question', () => {
  const holdings = unverifiedHoldings(decoded({ authorization }))
  const ask = (tenantId: string, ...roles: string[]) =>
    answerQuestion(holdings, { tenantId, roles })

  it('is the decision of core, and where else it would be yes', () => {
    expect(ask('acme', 'admin')).toMatchObject({
      decision: { allowed: true, message: 'The token grants "admin" in tenant "acme".' },
      heldElsewhere: [],
      hints: [],
    })
    expect(ask('globex', 'admin')).toMatchObject({
      decision: { allowed: false, code: 'role_insufficient', held: ['editor', 'member'] },
      heldElsewhere: ['acme'],
      hints: [],
    })
  })

  it('asks for any of several roles, or for all', () => {
    expect(ask('acme', 'owner', 'admin').decision.allowed).toBe(true)
    const all = answerQuestion(holdings, { tenantId: 'acme', roles: ['owner', 'admin'], all: true })
    expect(all.decision.allowed).toBe(false)
  })

  it.each([
    ['another case', ['Acme', 'admin'], 'did you mean "acme"? tenant ids are case-sensitive'],
    ['a slip in the tenant', ['acmee', 'admin'], 'did you mean "acme"?'],
    ['a slip in the role', ['acme', 'amdin'], 'did you mean "admin"?'],
    [
      'another case of the role',
      ['acme', 'ADMIN'],
      'did you mean "admin"? role names are case-sensitive',
    ],
    ['spaces', ['acme', ' admin'], 'did you mean "admin"?'],
    [
      'both swapped',
      ['admin', 'acme'],
      'did you mean tenant "acme" and role "admin"? the tenant comes first',
    ],
  ])('guesses what was meant: %s', (_, [tenant = '', role = ''], hint) => {
    expect(ask(tenant, role).hints).toEqual([hint])
  })

  it('guesses nothing far-fetched', () => {
    expect(ask('umbrella', 'admin').hints).toEqual([])
    expect(ask('acme', 'owner').hints).toEqual([])
    expect(ask('x'.repeat(100_000), 'admin').hints).toEqual([])
  })
})

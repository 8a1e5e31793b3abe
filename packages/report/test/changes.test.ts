import { decodeToken } from '@tenantry/core'
import { describe, expect, it } from 'vitest'
import { compareTokens } from '../src/index.ts'
import { at, compact, decoded } from './support/tokens.ts'

describe('two tokens', () => {
  it('have no difference where the order is another one', () => {
    const one = decoded({
      authorization: { a: { roles: ['x', 'y'] }, b: { roles: [] } },
      l: { p: 1, q: [2] },
    })
    const other = decoded({
      l: { q: [2], p: 1 },
      authorization: { b: { roles: [] }, a: { roles: ['y', 'x', 'x'] } },
    })
    expect(compareTokens(one, other).count).toBe(0)
  })

  it('differ in claims', () => {
    const { claims, count } = compareTokens(
      decoded({ exp: at(1), old: null, same: [1] }),
      decoded({ exp: at(2), new: false, same: [1] }),
    )
    expect(count).toBe(3)
    expect(claims).toEqual([
      { name: 'exp', change: 'changed', before: at(1), after: at(2) },
      { name: 'old', change: 'removed', before: null, after: undefined },
      { name: 'new', change: 'added', before: undefined, after: false },
    ])
  })

  it('differ in the header', () => {
    const one = decodeToken(compact({ alg: 'RS256', kid: 'k1' }, {}))
    const other = decodeToken(compact({ alg: 'RS256', kid: 'k2' }, {}))
    expect(compareTokens(one, other).header).toEqual([
      { name: 'kid', change: 'changed', before: 'k1', after: 'k2' },
    ])
  })

  it('differ in tenants and roles', () => {
    const { tenants, claims } = compareTokens(
      decoded({
        authorization: { a: { roles: ['x', 'y'] }, b: { roles: ['x'] }, c: { roles: [] } },
      }),
      decoded({
        authorization: { a: { roles: ['y', 'z'] }, d: { roles: ['x'] }, c: { roles: 'x' } },
      }),
    )
    expect(claims).toEqual([])
    expect(tenants).toMatchObject([
      { tenant: 'a', change: 'changed', added: ['z'], removed: ['x'] },
      {
        tenant: 'b',
        change: 'removed',
        added: [],
        removed: ['x'],
        before: 'roles',
        after: undefined,
      },
      { tenant: 'c', change: 'changed', before: 'empty', after: 'unreadable' },
      { tenant: 'd', change: 'added', added: ['x'], before: undefined, after: 'roles' },
    ])
  })

  it('differ in whatever else an entry says', () => {
    const entries = [
      [
        { roles: ['x'], name: 'A' },
        { roles: ['x'], name: 'B' },
      ],
      [{ roles: 'a' }, { roles: 'b' }],
      [null, 5],
      [
        { roles: ['x'], permissions: [] },
        { roles: ['x'], permissions: ['p'] },
      ],
    ]
    for (const [before, after] of entries) {
      const changes = compareTokens(
        decoded({ authorization: { a: before } }),
        decoded({ authorization: { a: after } }),
      )
      expect(changes.tenants).toHaveLength(1)
      expect(changes.tenants[0]?.members).toHaveLength(1)
      expect(
        compareTokens(
          decoded({ authorization: { a: after } }),
          decoded({ authorization: { a: after } }),
        ).count,
      ).toBe(0)
    }
  })

  it('differ when one of them has no map', () => {
    const { claims, tenants } = compareTokens(decoded(), decoded({ authorization: undefined }))
    expect(claims.map(({ name, change }) => [name, change])).toEqual([['authorization', 'removed']])
    expect(tenants).toMatchObject([{ tenant: 'acme', change: 'removed' }])
  })

  it('cannot be confused by names on Object.prototype', () => {
    const odd = decodeToken(
      compact({ alg: 'none' }, '{"constructor":1,"toString":2,"__proto__":3}'),
    )
    const { claims } = compareTokens(decodeToken(compact({ alg: 'none' }, {})), odd)
    expect(claims.map(({ name }) => name)).toEqual(['constructor', 'toString', '__proto__'])
  })
})

import { describe, expect, it } from 'vitest'
import { can, createVerifier, defineRoles, explain, rolesIn } from '../../src/index.ts'
import { options, withClaims } from '../support/mint.ts'

const roles = defineRoles({
  viewer: { permissions: ['widgets:read'] },
  editor: { inherits: ['viewer'], permissions: ['widgets:write'] },
  billing: { permissions: ['invoices:read'] },
  owner: { inherits: ['editor', 'billing'] },
})
const verifier = createVerifier({ ...options, roles })

const tokenWith = (held: object) =>
  verifier.verify(
    withClaims({
      authorization: {
        acme: { roles: ['editor'] },
        globex: { roles: ['owner', 'guest'] },
        ...held,
      },
    }),
  )

describe('defineRoles', () => {
  it('knows its roles, what they contain and what they may do', () => {
    expect(roles.roles).toEqual(['viewer', 'editor', 'billing', 'owner'])
    expect(roles.permissions).toEqual(['widgets:read', 'widgets:write', 'invoices:read'])
    expect(roles.impliedBy('owner')).toEqual(['owner', 'editor', 'billing', 'viewer'])
    expect(roles.permissionsOf('owner')).toEqual(['widgets:write', 'invoices:read', 'widgets:read'])
    expect(roles.has('viewer')).toBe(true)
    expect(roles.has('toString')).toBe(false)
    expect(roles.impliedBy('nobody')).toEqual([])
    expect(roles.permissionsOf('constructor')).toEqual([])
    expect(Object.isFrozen(roles) && Object.isFrozen(roles.impliedBy('owner'))).toBe(true)
  })

  it('does not follow a change of what it was given', () => {
    const permissions = ['a']
    const model = defineRoles({ one: { permissions } })
    permissions.push('b')
    expect(model.permissionsOf('one')).toEqual(['a'])
  })

  it('refuses a role that inherits itself, directly or round a corner', () => {
    const cycles = [
      { a: { inherits: ['a'] } },
      { a: { inherits: ['b'] }, b: { inherits: ['a'] } },
      {
        a: { inherits: ['b'] },
        b: { inherits: ['c'] },
        c: { inherits: ['d'] },
        d: { inherits: ['b'] },
      },
    ]
    for (const cycle of cycles) {
      expect(() => defineRoles(cycle as never)).toThrow(
        expect.objectContaining({ code: 'role_cycle' }),
      )
    }
  })

  it('accepts a role that is inherited on two ways', () => {
    const model = defineRoles({
      a: {},
      b: { inherits: ['a'] },
      c: { inherits: ['a'] },
      d: { inherits: ['b', 'c'] },
    })
    expect(model.impliedBy('d')).toEqual(['d', 'b', 'c', 'a'])
  })

  it('refuses to inherit what is not defined', () => {
    for (const name of ['b', 'toString', '__proto__']) {
      expect(() => defineRoles({ a: { inherits: [name] } } as never)).toThrow(
        expect.objectContaining({ code: 'role_unknown' }),
      )
    }
  })

  const odd: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a list', ['admin']],
    ['a string', 'admin'],
    ['no role', {}],
    ['an empty name', { '': {} }],
    ['a role that is no object', { a: true }],
    ['a role that is null', { a: null }],
    ['a role that is a list', { a: ['x'] }],
    ['an unknown key', { a: { inherit: ['b'] } }],
    ['permissions that are a string', { a: { permissions: 'x' } }],
    ['an odd permission', { a: { permissions: [7] } }],
    ['an empty permission', { a: { permissions: [''] } }],
    ['inherits that is undefined', { a: { inherits: undefined } }],
  ]
  it.each(odd)('refuses %s', (_, definitions) => {
    expect(() => defineRoles(definitions as never)).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', code: 'option_invalid' }),
    )
  })
})

describe('a verifier with a role model', () => {
  it('counts inherited roles, and says by way of which', async () => {
    const token = await tokenWith({})
    expect(can(token, 'acme', 'viewer')).toBe(true)
    expect(can(token, 'acme', 'owner')).toBe(false)
    expect(explain(token, 'globex', 'viewer')).toMatchObject({
      held: ['owner', 'guest'],
      grantedBy: { tenantId: 'globex', role: 'owner' },
      message: 'The token grants "viewer" in tenant "globex", by way of "owner".',
    })
    expect(rolesIn(token, 'acme')).toEqual(['editor'])
  })

  it('does not count them for exactly', async () => {
    const token = await tokenWith({ both: { roles: ['owner', 'viewer'] } })
    expect(can(token, 'acme', { exactly: 'editor' })).toBe(true)
    expect(can(token, 'acme', { exactly: 'viewer' })).toBe(false)
    expect(can(token, 'both', { exactly: 'viewer' })).toBe(true)
  })

  it('answers for permissions, of roles and of the token itself', async () => {
    const token = await tokenWith({
      direct: { roles: [], permissions: ['widgets:write', 'extra'] },
      malformed: { roles: [], permissions: ['widgets:write', 7] },
      text: { roles: [], permissions: 'widgets:write' },
    })
    expect(can(token, 'acme', { permission: 'widgets:read' })).toBe(true)
    expect(can(token, 'acme', { permission: 'invoices:read' })).toBe(false)
    expect(explain(token, 'globex', { permission: 'invoices:read' }).message).toBe(
      'The token grants the permission "invoices:read" in tenant "globex", by way of "owner".',
    )
    expect(explain(token, 'direct', { permission: 'widgets:write' })).toMatchObject({
      allowed: true,
      grantedBy: { tenantId: 'direct' },
      message: 'The token grants the permission "widgets:write" in tenant "direct".',
    })
    expect(can(token, 'malformed', { permission: 'widgets:write' })).toBe(false)
    expect(can(token, 'text', { permission: 'widgets:write' })).toBe(false)
    expect(token.authorization['direct']).toEqual({
      roles: [],
      permissions: ['widgets:write', 'extra'],
    })
  })

  it('refuses to be asked for a role that it does not define', async () => {
    const token = await tokenWith({})
    const unknown = expect.objectContaining({ name: 'ConfigurationError', code: 'role_unknown' })
    for (const requirement of [
      'guest',
      'Viewer',
      { exactly: 'guest' },
      { any: ['viewer', 'guest'] },
    ]) {
      expect(() => can(token, 'globex', requirement as never)).toThrow(unknown)
    }
  })

  it('gives a role outside of the model no standing', async () => {
    const token = await tokenWith({ odd: { roles: ['toString', 'guest', '__proto__'] } })
    expect(can(token, 'odd', { any: ['viewer', 'editor', 'owner'] })).toBe(false)
  })
})

describe('ancestorsOf', () => {
  const parents: Record<string, string[]> = {
    leaf: ['branch', 'acme'],
    lost: ['nowhere'],
    self: ['self'],
    proto: ['__proto__'],
  }
  const cascading = createVerifier({
    ...options,
    roles,
    ancestorsOf: (tenantId) => {
      const found = parents[tenantId]
      if (found === undefined) throw new Error(`no such tenant: ${tenantId}`)
      return found
    },
  })
  const authorization = {
    acme: { roles: ['editor'] },
    leaf: { roles: ['billing'] },
    broken: { roles: 'owner' },
  }
  const verify = () => cascading.verify(withClaims({ authorization }))

  it('counts a role that is held in an ancestor, and says where', async () => {
    const token = await verify()
    expect(explain(token, 'leaf', 'viewer')).toMatchObject({
      allowed: true,
      held: ['billing'],
      grantedBy: { tenantId: 'acme', role: 'editor' },
      message:
        'The token grants "viewer" in tenant "leaf", by way of "editor", held in its ancestor "acme".',
    })
    expect(can(token, 'leaf', { all: ['viewer', 'billing'] })).toBe(true)
    expect(can(token, 'leaf', { permission: 'widgets:write' })).toBe(true)
    expect(can(token, 'leaf', { exactly: 'editor' })).toBe(true)
    expect(explain(token, 'leaf', 'owner').code).toBe('role_insufficient')
  })

  it('never counts a role of a descendant or a sibling', async () => {
    const token = await verify()
    expect(can(token, 'acme', 'billing')).toBe(false)
    expect(explain(token, 'lost', 'viewer').code).toBe('tenant_forbidden')
    expect(explain(token, 'self', 'viewer').code).toBe('tenant_forbidden')
    expect(explain(token, 'proto', 'viewer').code).toBe('tenant_forbidden')
  })

  it('takes a tenant that it throws for as one without ancestors', async () => {
    const token = await verify()
    expect(can(token, 'acme', 'editor')).toBe(true)
    expect(explain(token, 'acme', 'owner').code).toBe('role_insufficient')
    expect(explain(token, 'broken', 'viewer').code).toBe('role_insufficient')
    expect(explain(token, '../../etc', 'viewer').code).toBe('tenant_forbidden')
  })

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['a string', () => 'nz569yb7'],
    ['a number in a list', () => ['nz569yb7', 7]],
    ['an object', () => ({})],
    ['a function, as of an object asked for "constructor"', () => Object],
    ['a hole in a list', () => Object.assign(['nz569yb7'], { length: 2 })],
    ['a list that says that all is well', () => lyingList()],
    ['a proxy that was revoked', () => revoked()],
  ])('takes %s as no ancestors', async (_, answer) => {
    const odd = createVerifier({ ...options, ancestorsOf: answer as () => string[] })
    const authorization = { nz569yb7: { roles: ['admin'] }, undefined: { roles: ['admin'] } }
    const token = await odd.verify(withClaims({ authorization }))
    expect(explain(token, 'leaf', 'admin').code).toBe('tenant_forbidden')
    expect(can(token, 'nz569yb7', 'admin')).toBe(true)
  })

  it('refuses a promise, and leaves no rejection behind', async () => {
    for (const answer of [
      async () => ['nz569yb7'],
      async () => Promise.reject(new Error('late')),
    ]) {
      const odd = createVerifier({ ...options, ancestorsOf: answer as never })
      const token = await odd.verify(withClaims({}))
      expect(() => can(token, 'leaf', 'admin')).toThrow(/not with a promise/)
    }
  })

  it('is not asked when the tenant itself answers', async () => {
    let asked = 0
    const counting = createVerifier({
      ...options,
      ancestorsOf: () => {
        asked++
        return []
      },
    })
    const token = await counting.verify(withClaims({}))
    expect(can(token, 'nz569yb7', 'admin')).toBe(true)
    expect(asked).toBe(0)
  })
})

/** A list whose own methods answer what its author likes. */
function lyingList(): unknown {
  return Object.assign([7, 'nz569yb7'], { every: () => true })
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  return proxy
}

/** Several guards on one request: with other verifiers, other credentials, and time between them. */
import { createVerifier, defineRoles } from '@tenantry/core'
import { bearer, cookie } from '@tenantry/express'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, test } from 'vitest'
import { issuer, tokenOf, verifier } from './support/callers.ts'
import { expectLegalRefusal } from './support/challenge.ts'
import { fourOfThem, type OneRoute, type Step } from './support/one-route.ts'
import { type Answer, send } from './support/raw-request.ts'

// Issuer X has given user 1 every role; ours is Y, whose user 666 is a viewer.
const x = createTestIssuer({ algorithm: 'ES256' })
const verifierOfX = createVerifier({ keys: x.keys, algorithms: ['ES256'] })
const ofX = await x.token({ userId: 1, authorization: { acme: { roles: ['admin'] } } })
const ofY = await tokenOf({ acme: ['viewer'] }, { userId: 666 })

/** The same issuer, read with a role model. */
const withModel = createVerifier({
  keys: issuer.keys,
  algorithms: ['ES256'],
  roles: defineRoles({ viewer: {}, admin: { inherits: ['viewer'] } }),
})
/** The same issuer; what the token grants is in another claim. */
const elsewhere = createVerifier({
  keys: issuer.keys,
  algorithms: ['ES256'],
  authorizationOf: () => ({ globex: { roles: ['owner'] } }),
})

const inCookie = `Cookie: x=${ofX}`
const asBearer = `Authorization: Bearer ${ofY}`

async function ask(port: number, ...headers: readonly string[]): Promise<Answer> {
  return await send(port, ['GET /t/acme HTTP/1.1', ...headers])
}

function caller(answer: Answer): unknown {
  expect(answer.status, answer.wire).toBe(200)
  return JSON.parse(answer.body)
}

describe.each(fourOfThem)('$name: a guard for each of two credentials', (framework) => {
  async function both() {
    const gx = await framework.guards({ verifier: verifierOfX, credentials: [cookie('x')] })
    return { gx, gy: await framework.guards({ verifier }) }
  }
  type Pair = Awaited<ReturnType<typeof both>>
  const pairs: readonly (readonly [string, (pair: Pair) => readonly Step[]])[] = [
    ['optionalAuth, requireAuth', ({ gx, gy }) => [gx.optionalAuth(), gy.requireAuth()]],
    ['optionalAuth, requireTenant', ({ gx, gy }) => [gx.optionalAuth(), gy.requireTenant()]],
    ['requireTenant, requireTenant', ({ gx, gy }) => [gx.requireTenant(), gy.requireTenant()]],
    ['requireTenant, requireAuth', ({ gx, gy }) => [gx.requireTenant(), gy.requireAuth()]],
    ['requireAuth, optionalAuth', ({ gx, gy }) => [gx.requireAuth(), gy.optionalAuth()]],
  ]

  test.each(pairs)('%s: two callers are refused', async (_, steps) => {
    const refused = await ask(await framework.serve(...steps(await both())), asBearer, inCookie)
    expect([refused.status, refused.code]).toEqual([400, 'credentials_multiple'])
    expectLegalRefusal(refused, ofX)
    expectLegalRefusal(refused, ofY)
  })

  test('one of them alone is seen', async () => {
    const { gx, gy } = await both()
    const optional = await framework.serve(gx.optionalAuth(), gy.optionalAuth())
    const forX = { user: 1, auth: 1, context: 1 }
    const forY = { user: 666, auth: 666, context: 666 }
    expect(caller(await ask(optional, inCookie))).toMatchObject(forX)
    expect(caller(await ask(optional, asBearer))).toMatchObject(forY)
    expect(caller(await ask(optional))).toMatchObject({ user: null, auth: null, context: null })
    const required = await framework.serve(gx.optionalAuth(), gy.requireTenant())
    expect(caller(await ask(required, asBearer))).toMatchObject({ ...forY, roles: ['viewer'] })
    expect((await ask(required, inCookie)).status).toBe(401)
  })

  test('a guard that found nobody puts nobody of another guard where it puts its own', async () => {
    const { gy } = await both()
    const gx = await framework.guards({
      verifier: verifierOfX,
      credentials: [cookie('x')],
      requestProperty: 'other',
    })
    const port = await framework.serve(gy.requireAuth(), gx.optionalAuth())
    expect(caller(await ask(port, asBearer))).toMatchObject({ user: 666, auth: 666, other: null })
  })
})

describe.each(fourOfThem)('$name: one token, two verifiers', (framework) => {
  const admin = tokenOf({ acme: ['admin'], globex: [] })

  async function serve(
    first: Parameters<OneRoute['guards']>[0]['verifier'],
    second: typeof first,
    steps: (one: Guards, two: Guards) => readonly Step[],
  ): Promise<Answer> {
    const one = await framework.guards({ verifier: first })
    const two = await framework.guards({ verifier: second, credentials: [bearer(), cookie('x')] })
    const port = await framework.serve(...steps(one, two))
    return await ask(port, `Authorization: Bearer ${await admin}`)
  }
  type Guards = Awaited<ReturnType<OneRoute['guards']>>

  test('a handler sees the token and the roles of the last guard', async () => {
    const seen = await serve(verifier, withModel, (one, two) => [
      one.requireTenant(),
      two.requireRole('viewer'),
    ])
    expect(caller(seen)).toMatchObject({ user: 7, tenant: 'acme', roles: ['admin'], context: 7 })
  })

  test('the tenant that was checked stays checked, with what the last verifier knows of it', async () => {
    const seen = await serve(verifier, withModel, (one, two) => [
      one.requireTenant(),
      two.requireAuth(),
    ])
    expect(caller(seen)).toMatchObject({ tenant: 'acme', roles: ['admin'] })
  })

  test.each(['requireAuth', 'requireTenant'] as const)(
    'who is no member there for the last one does not pass its %s',
    async (name) => {
      const refused = await serve(verifier, elsewhere, (one, two) => [
        one.requireTenant(),
        two[name](),
      ])
      expect([refused.status, refused.code]).toEqual([403, 'tenant_forbidden'])
    },
  )
})

describe.each(fourOfThem)('$name: time that passes between two guards', (framework) => {
  async function later(seconds: number, maxTokenAge: number | undefined): Promise<Answer> {
    let now = Date.now()
    const slow = createVerifier({
      keys: issuer.keys,
      algorithms: ['ES256'],
      now: () => new Date(now),
      ...(maxTokenAge === undefined ? {} : { maxTokenAge }),
    })
    const { requireAuth, requireTenant } = await framework.guards({ verifier: slow })
    const wait = framework.step(() => {
      now += seconds * 1000
    })
    const token = await issuer.token({ authorization: { acme: { roles: [] } } }, { expiresIn: 600 })
    const port = await framework.serve(requireAuth(), wait, requireTenant())
    return await ask(port, `Authorization: Bearer ${token}`)
  }

  test('a token that has run out meanwhile is refused', async () => {
    expect(await later(700, undefined)).toMatchObject({ status: 401, code: 'token_expired' })
    expect(await later(500, undefined)).toMatchObject({ status: 200 })
  })

  test('and one that has become too old', async () => {
    expect(await later(500, 300)).toMatchObject({ status: 401, code: 'token_expired' })
    expect(await later(200, 300)).toMatchObject({ status: 200 })
  })
})

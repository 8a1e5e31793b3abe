/** A token that a verifier remembers is the same object for every request: none changes it for the next. */
import { createVerifier, type Verifier } from '@tenantry/core'
import { currentAuth } from '@tenantry/core/context'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, test } from 'vitest'
import { issuer, tokenOf } from './support/callers.ts'
import { fourOfThem } from './support/one-route.ts'

const caches = [
  ['remembers nothing', false],
  ['remembers one token', { max: 1 }],
  ['remembers tokens', { max: 100 }],
] as const

async function get(port: number, tenant: string, jwt: string) {
  const headers = { authorization: `Bearer ${jwt}` }
  const answer = await fetch(`http://127.0.0.1:${port}/t/${tenant}`, { headers })
  return { status: answer.status, body: await answer.text() }
}

/** Tries to change everything that can be reached from a value. */
function vandalize(value: unknown, seen: Set<unknown> = new Set()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  // What all objects and lists share is not the caller's.
  if (value === Object.prototype || value === Array.prototype) return
  seen.add(value)
  const shared: unknown = Object.getPrototypeOf(value)
  for (const key of [...Reflect.ownKeys(value), ...Reflect.ownKeys(Object(shared))]) {
    vandalize(Reflect.get(value, key), seen)
  }
  Reflect.set(Object(shared), 'can', () => true)
  for (const key of Reflect.ownKeys(value))
    Reflect.set(value, key, key === 'length' ? 0 : ['admin'])
  Reflect.set(value, 'evil', { roles: ['admin'] })
  Reflect.set(value, 'can', () => true)
  Reflect.setPrototypeOf(value, { tenantId: 'evil', roles: ['admin'] })
}

describe.each(fourOfThem)('$name', (framework) => {
  describe.each(caches)('with a verifier that %s', (_, cache) => {
    const verifier = createVerifier({ keys: issuer.keys, algorithms: ['ES256'], cache })

    test('what a handler does to the caller is nothing to the next request', async () => {
      const guards = await framework.guards({ verifier })
      const vandal = framework.step((request) => {
        vandalize(Reflect.get(request, 'auth'))
        vandalize(currentAuth())
      })
      const port = await framework.serve(guards.requireTenant(), vandal)
      const admins = await framework.serve(guards.requireRole('admin'))
      const member = await tokenOf({ acme: ['viewer'] })
      for (let round = 0; round < 3; round++) {
        expect(JSON.parse((await get(port, 'acme', member)).body)).toMatchObject({
          user: 7,
          tenant: 'acme',
          roles: ['viewer'],
          context: 7,
        })
        expect((await get(port, 'evil', member)).status).toBe(403)
        expect((await get(admins, 'acme', member)).status).toBe(403)
      }
    })

    test('tokens that differ in one character at the end are different tokens', async () => {
      const guards = await framework.guards({ verifier })
      const port = await framework.serve(guards.requireTenant())
      const good = await tokenOf({ acme: ['viewer'] })
      const [last = ''] = good.slice(-2)
      const near = `${good.slice(0, -2)}${last === 'A' ? 'B' : 'A'}${good.slice(-1)}`
      for (const jwt of [good, near, good, near]) {
        expect((await get(port, 'acme', jwt)).status).toBe(jwt === good ? 200 : 401)
      }
    })
  })

  test('a key that is gone takes its remembered tokens along', async () => {
    const own = createTestIssuer({ algorithm: 'ES256' })
    const server = await own.listen()
    const jwks = { ttl: 0.05, cooldown: 0.01 }
    const verifier: Verifier = createVerifier({ keys: server.url, algorithms: ['ES256'], jwks })
    try {
      const guards = await framework.guards({ verifier })
      const port = await framework.serve(guards.requireTenant())
      const claims = { userId: 7, authorization: { acme: { roles: [] } } }
      const old = await own.token(claims)
      for (let round = 0; round < 3; round++)
        expect((await get(port, 'acme', old)).status).toBe(200)
      await own.rotate()
      const fresh = await own.token(claims)
      // The new key is looked for as soon as the cooldown is over; the set that has it lacks the old one.
      await expect.poll(async () => (await get(port, 'acme', fresh)).status).toBe(200)
      expect((await get(port, 'acme', old)).status).toBe(401)
    } finally {
      verifier.close()
      await server.close()
    }
  })
})

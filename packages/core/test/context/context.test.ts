import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { currentAuth, currentTenantId, runWithAuth, withTenant } from '../../src/context/index.ts'

const missing = expect.objectContaining({ code: 'tenant_context_missing', status: 401 })

describe('outside of any tenant', () => {
  it('there is none, and no default', () => {
    expect(currentAuth()).toBeUndefined()
    expect(() => currentTenantId()).toThrow(missing)
  })
})

describe('runWithAuth', () => {
  it('is current in what it runs, and in nothing else', async () => {
    const auth = { tenantId: 'acme' }
    const seen = await runWithAuth(auth, async () => {
      await delay(1)
      return [currentAuth(), currentTenantId()]
    })
    expect(seen).toEqual([auth, 'acme'])
    expect(currentAuth()).toBeUndefined()
  })

  it('awaits inside what only starts when it is awaited', async () => {
    const lazy: PromiseLike<string> = {
      // biome-ignore lint/suspicious/noThenProperty: a query of an ORM is such an object
      then: (resolve, reject) => Promise.resolve(currentTenantId()).then(resolve, reject),
    }
    expect(await runWithAuth({ tenantId: 'acme' }, () => lazy)).toBe('acme')
  })

  it('keeps a hundred of them apart, and gives errors back', async () => {
    const tenants = Array.from({ length: 100 }, (_, index) => `tenant-${index}`)
    const seen = await Promise.all(
      tenants.map((tenantId) =>
        runWithAuth({ tenantId }, async () => {
          await delay(Math.random() * 5)
          return currentTenantId()
        }),
      ),
    )
    expect(seen).toEqual(tenants)
    await expect(
      runWithAuth({ tenantId: 'acme' }, () => Promise.reject(new Error('x'))),
    ).rejects.toThrow('x')
  })

  it('has no tenant behind a guard that asked for none', async () => {
    await runWithAuth({ tenantId: undefined }, () => {
      expect(() => currentTenantId()).toThrow(missing)
    })
  })
})

describe('what is no work for a tenant', () => {
  const invalid = { code: 'option_invalid' }

  it.each([undefined, null, 1, 'acme'])(
    'is not run: %j in the place of a function',
    async (run) => {
      await expect(withTenant('acme', run as never)).rejects.toMatchObject(invalid)
      await expect(runWithAuth({ tenantId: 'acme' }, run as never)).rejects.toMatchObject({
        ...invalid,
        message: 'There is no function to run: runWithAuth(auth, async () => ...).',
      })
    },
  )

  const odd = [undefined, null, 'acme', {}, Object.create({ tenantId: 'acme' })]
  const oddIds = [7, null, '', ' ', ['acme'], new String('acme')].map((tenantId) => ({ tenantId }))
  it.each([
    ...odd.map((auth) => [auth, 'option_invalid'] as const),
    ...oddIds.map((auth) => [auth, 'tenant_unresolved'] as const),
    ...oddIds.map((auth) => [Object.freeze({ ...auth }), 'tenant_unresolved'] as const),
  ])('is not run: %j in the place of an authorization is %s', async (auth, code) => {
    let hasRun = false
    const run = runWithAuth(auth as { tenantId: string }, () => {
      hasRun = true
    })
    await expect(run).rejects.toMatchObject({ name: 'ConfigurationError', code })
    expect(hasRun).toBe(false)
  })
})

describe('what is current cannot be changed from outside', () => {
  it('a change of the object that was given comes too late', async () => {
    const auth = { tenantId: 'acme' }
    await runWithAuth(auth, () => {
      auth.tenantId = 'globex'
      expect(currentTenantId()).toBe('acme')
      expect(Object.isFrozen(currentAuth())).toBe(true)
    })
  })

  it('a getter is asked once', async () => {
    const answers = ['acme', 'globex', 'globex']
    const auth = {
      get tenantId() {
        return answers.shift()
      },
    }
    await runWithAuth(Object.freeze(auth), () => {
      expect([currentTenantId(), currentTenantId()]).toEqual(['acme', 'acme'])
    })
  })

  it('what is frozen, as a guard makes it, stays the same object', async () => {
    const auth = Object.freeze({ tenantId: 'acme', userId: 7 })
    expect(await runWithAuth(auth, () => currentAuth())).toBe(auth)
  })
})

it.each(['', ' ', null, 7])('withTenant takes no %j for the id of a tenant', async (tenantId) => {
  await expect(withTenant(tenantId as string, () => 1)).rejects.toMatchObject({
    code: 'tenant_unresolved',
    message: 'withTenant needs the id of a tenant: a string with something in it.',
  })
})

it('withTenant of another tenant inside of one is a mistake, and of the same one is none', async () => {
  const inside = (tenantId: string) => withTenant('acme', () => withTenant(tenantId, () => 1))
  await expect(inside('evil')).rejects.toMatchObject({ code: 'option_invalid' })
  expect(await inside('acme')).toBe(1)
})

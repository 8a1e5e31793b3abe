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

  it.each([undefined, null, 'acme', {}, { tenantId: 7 }, { tenantId: null }, { tenantId: ' ' }])(
    'is not run: %j in the place of an authorization',
    async (auth) => {
      let hasRun = false
      const run = runWithAuth(auth as { tenantId: string }, () => {
        hasRun = true
      })
      await expect(run).rejects.toMatchObject(invalid)
      expect(hasRun).toBe(false)
    },
  )
})

describe('withTenant', () => {
  it('runs a job for one tenant', async () => {
    expect(await withTenant('acme', () => currentTenantId())).toBe('acme')
    expect(await withTenant('acme', () => withTenant('acme', currentTenantId))).toBe('acme')
  })

  it.each([undefined, null, '', ' ', 7, ['acme']])('refuses the tenant %j', async (odd) => {
    await expect(withTenant(odd as string, currentTenantId)).rejects.toMatchObject({
      code: 'tenant_unresolved',
    })
  })

  it('refuses another tenant inside of one', async () => {
    const inside = withTenant('acme', () => withTenant('globex', currentTenantId))
    await expect(inside).rejects.toMatchObject({ code: 'option_invalid' })
  })
})

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, describe, expect, it } from 'vitest'
import {
  asSystem,
  currentAuth,
  currentSystem,
  currentTenantId,
  runWithAuth,
  withTenant,
} from '../../src/context/index.ts'

const missing = expect.objectContaining({ code: 'tenant_context_missing', status: 401 })
const reason = 'nightly report'

describe('inside of asSystem', () => {
  it('there is no tenant, and a reason', async () => {
    const seen = await asSystem({ reason }, async () => {
      await new Promise(setImmediate)
      expect(() => currentTenantId()).toThrow(missing)
      return [currentAuth(), currentSystem()]
    })
    expect(seen).toEqual([undefined, { reason }])
    expect(currentSystem()).toBeUndefined()
  })

  it('nothing of the tenant that it was called in is left, and it is back afterwards', async () => {
    await withTenant('acme', async () => {
      await asSystem({ reason }, () => expect(() => currentTenantId()).toThrow(missing))
      expect(currentTenantId()).toBe('acme')
      expect(currentSystem()).toBeUndefined()
    })
  })

  it('withTenant narrows to that tenant again, and leaving it restores', async () => {
    await asSystem({ reason }, async () => {
      await withTenant('acme', () => {
        expect([currentTenantId(), currentSystem()]).toEqual(['acme', undefined])
      })
      expect(currentSystem()).toEqual({ reason })
      await withTenant('globex', () => expect(currentTenantId()).toBe('globex'))
    })
  })

  it('awaits inside what only starts when it is awaited', async () => {
    const lazy: PromiseLike<unknown> = {
      // biome-ignore lint/suspicious/noThenProperty: a query of an ORM is such an object
      then: (resolve, reject) => Promise.resolve(currentSystem()).then(resolve, reject),
    }
    expect(await asSystem({ reason }, () => lazy)).toEqual({ reason })
  })

  it('the reason is frozen, and errors come back', async () => {
    await asSystem({ reason }, () => expect(Object.isFrozen(currentSystem())).toBe(true))
    await expect(asSystem({ reason }, () => Promise.reject(new Error('x')))).rejects.toThrow('x')
    expect(currentSystem()).toBeUndefined()
  })
})

describe('what has no reason', () => {
  const odd = [undefined, null, 'x', {}, { reason: '' }, { reason: ' ' }, { reason: 7 }]
  it.each([...odd, { reason, elevate: true }])('is not run: %j', async (options) => {
    let hasRun = false
    const run = asSystem(options as { reason: string }, () => {
      hasRun = true
    })
    await expect(run).rejects.toMatchObject({ code: 'option_invalid', status: 500 })
    expect(hasRun).toBe(false)
  })

  it('is not run without a function', async () => {
    const run = asSystem({ reason }, undefined as never)
    await expect(run).rejects.toMatchObject({ code: 'option_invalid' })
  })
})

describe('on tenantry:decision', () => {
  const events: unknown[] = []
  const listener = (message: unknown): unknown => events.push(message)
  afterEach(() => {
    unsubscribe('tenantry:decision', listener)
    events.length = 0
  })
  const expected = { allowed: true, code: 'granted', tenantId: '', requirement: undefined }

  it('it is announced, with the caller in whose request it was called', async () => {
    subscribe('tenantry:decision', listener)
    const auth = Object.freeze({ tenantId: 'acme', userId: 7, token: { sessionId: 's1' } })
    await runWithAuth(auth, () => asSystem({ reason }, () => undefined))
    expect(events).toEqual([{ ...expected, userId: 7, sessionId: 's1', system: reason }])
  })

  it('and without one where there is none', async () => {
    subscribe('tenantry:decision', listener)
    await asSystem({ reason }, () => undefined)
    await withTenant('acme', () => asSystem({ reason }, () => undefined))
    const nobody = { ...expected, userId: undefined, sessionId: undefined, system: reason }
    expect(events).toEqual([nobody, nobody])
  })
})

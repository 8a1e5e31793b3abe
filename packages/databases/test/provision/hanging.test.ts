/** A driver that does not come to an end while a tenant is made. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { outcome, provision, wanted } from './support/outcome.ts'
import { inMemory, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await inMemory()
}, 60_000)
afterAll(() => world.close())

it.each([
  ['gently', false],
  ['at all', true],
])('a tenant is there where its database does not close %s', async (_, isForceStuck) => {
  const tenant = wanted()
  const forced: boolean[] = []
  const { isNew } = await provision(
    {
      ...world.provisioning,
      connectTimeout: 0.05,
      async disconnect(database, context) {
        forced.push(context.force)
        if (isForceStuck || !context.force) await new Promise(() => undefined)
        await world.provisioning.disconnect(database, context)
      },
    },
    tenant,
  )
  expect([isNew, forced]).toEqual([true, [false, true]])
  expect(await outcome(world, tenant)).toBe('whole')
})

it('nothing is left of a try that failed where its database does not close', async () => {
  const tenant = wanted()
  const failing = provision(
    {
      ...world.provisioning,
      connectTimeout: 0.05,
      migrate: () => Promise.reject(new Error('boom')),
      disconnect: () => new Promise(() => undefined),
    },
    tenant,
  )
  await expect(failing).rejects.toMatchObject({ code: 'database_unavailable' })
  expect(await outcome(world, tenant)).toBe('none')
})

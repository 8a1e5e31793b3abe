/** Provisioning that is cut short at every step: afterwards there is the whole tenant, or none of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sweepTenants } from '../../src/index.ts'
import { Interrupted, type Interruption, interruptible } from './support/interrupt.ts'
import { later, outcome, provision, type Wanted, wanted } from './support/outcome.ts'
import { inMemory, onMongo, onPglite, onPostgres, type World } from './support/world.ts'

/** PGlite makes a database in a second or two: there, not every step. */
const worlds: readonly [string, () => Promise<World | undefined>, every: number][] = [
  ['tables in PGlite, and databases in memory', inMemory, 1],
  ['PostgreSQL', onPostgres, 1],
  ['MongoDB', onMongo, 1],
  ['PGlite, with a directory for each tenant', onPglite, 4],
]

describe.each(worlds)('on %s', (name, open, every) => {
  let world: World | undefined
  let steps = 0

  beforeAll(async () => {
    world = await open()
    if (world === undefined) return
    const { provisioning, calls } = interruptible(world.provisioning)
    await provision(provisioning, wanted())
    steps = calls.length
  }, 60_000)
  afterAll(() => world?.close(), 120_000)

  function here(skip: () => void): World {
    if (world === undefined) skip()
    if (world === undefined) throw new Error(`SKIPPED: there is no server for ${name}`)
    return world
  }

  /** Each call of an undisturbed run, before and after it. */
  function* interruptions(isCrash: boolean): Generator<Interruption> {
    for (let at = steps; at >= 1; at -= every) {
      yield { at, when: 'before', isCrash }
      yield { at, when: 'after', isCrash }
    }
  }

  async function cutShort(
    world: World,
    interruption: Interruption,
    tenant: Wanted,
  ): Promise<unknown> {
    const { provisioning, bury } = interruptible(world.provisioning, interruption)
    try {
      return await provision(provisioning, tenant)
    } catch (error) {
      return error
    } finally {
      await bury()
    }
  }

  it('has the steps that there are', ({ skip }) => {
    here(skip)
    expect(steps).toBe(10)
  })

  it('compensates by itself when a step fails', { timeout: 240_000 }, async ({ skip }) => {
    const world = here(skip)
    const found = new Set<string>()
    for (const interruption of interruptions(false)) {
      const tenant = wanted()
      const answer = await cutShort(world, interruption, tenant)
      const isMade = !(answer instanceof Error)
      const there = await outcome(world, tenant)
      expect({ ...interruption, there }).toEqual({
        ...interruption,
        there: isMade ? 'whole' : 'none',
      })
      if (!isMade) {
        expect(answer).toMatchObject({
          code: 'database_unavailable',
          cause: expect.any(Interrupted),
        })
      }
      found.add(there)
      // Nothing is in the way of another try.
      expect((await provision(world.provisioning, tenant)).isNew).toBe(!isMade)
    }
    expect([...found].sort()).toEqual(['none', 'whole'])
  })

  it('is finished or removed by the sweep when the process is gone', { timeout: 240_000 }, async ({
    skip,
  }) => {
    const world = here(skip)
    const found = new Set<string>()
    for (const interruption of interruptions(true)) {
      const tenant = wanted()
      const answer = await cutShort(world, interruption, tenant)
      expect(answer).toBeInstanceOf(Error)
      const before = await world.provisioning.registry.findByKey(tenant.key)
      // Somebody may still be at work: it is left alone.
      const early = await sweepTenants(world.provisioning)
      expect([early.finished, early.removed]).toEqual([[], []])

      const report = await sweepTenants(later(world.provisioning))
      const there = await outcome(world, tenant)
      const id = before?.tenantId
      const isDone = before?.status === 'active'
      expect({ ...interruption, ...report }).toEqual({
        ...interruption,
        finished: there === 'whole' && !isDone ? [id] : [],
        removed: there === 'none' && before !== undefined ? [id] : [],
        left: [],
        orphans: [],
      })
      found.add(isDone ? 'active' : there === 'whole' ? 'finished' : before ? 'removed' : 'none')
      expect((await provision(world.provisioning, tenant)).isNew).toBe(there === 'none')
    }
    if (every === 1) expect([...found].sort()).toEqual(['active', 'finished', 'none', 'removed'])
  })

  it('is taken up again with the same key when the process is gone', { timeout: 240_000 }, async ({
    skip,
  }) => {
    const world = here(skip)
    for (const interruption of interruptions(true)) {
      const tenant = wanted()
      await cutShort(world, interruption, tenant)
      const before = await world.provisioning.registry.findByKey(tenant.key)
      const again = await provision(later(world.provisioning), tenant)
      expect(await outcome(world, tenant)).toBe('whole')
      expect(again.isNew).toBe(before?.status !== 'active')
      if (before !== undefined) expect(again.tenantId).toBe(before.tenantId)
    }
  })
})

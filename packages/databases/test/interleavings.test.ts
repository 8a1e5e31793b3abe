/**
 * What holds whatever the order in which requests come, drivers answer, connections break, tenants are
 * suspended and the clock moves: thousands of random programs, each in a world that waits for it.
 */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Model, type Size } from './support/model.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** How many programs, for each world. */
const runs = Number(process.env['TENANTRY_PROGRAM_RUNS'] ?? 1_000)
const seed = process.env['TENANTRY_PROGRAM_SEED']

const choice = fc.nat({ max: 9 })
const deadline = fc.constantFrom(0, 1, 5)

type Step = (model: Model) => void | Promise<void>

/** A step that shows in the report of a failure as it is written. */
function step(
  weight: number,
  name: string,
  arbitrary: fc.Arbitrary<unknown[]>,
  run: (model: Model, ...args: never[]) => void | Promise<void>,
) {
  return {
    weight,
    arbitrary: arbitrary.map((args): Step & { toString(): string } =>
      Object.assign((model: Model) => run(model, ...(args as never[])), {
        toString: () => `${name}(${args.join(', ')})`,
        [fc.toStringMethod]: () => `${name}(${args.join(', ')})`,
      }),
    ),
  }
}

function stepsFor(tenants: readonly string[]): fc.Arbitrary<Step> {
  const tenant = fc.constantFrom(...tenants)
  return fc.oneof(
    step(8, 'use', fc.tuple(tenant), (model, id: string) => model.use(id)),
    step(3, 'lease', fc.tuple(tenant), (model, id: string) => model.lease(id)),
    step(10, 'proceed', fc.tuple(choice), (model, at: number) => model.proceed(at, true)),
    step(12, 'flow', fc.tuple(), (model) => model.flow()),
    step(2, 'fail', fc.tuple(choice), (model, at: number) => model.proceed(at, false)),
    step(6, 'finish', fc.tuple(choice, fc.boolean()), (model, at: number, good: boolean) =>
      model.finish(at, good),
    ),
    step(2, 'suspend', fc.tuple(tenant, deadline), (model, id: string, by: number) =>
      model.suspend(id, by),
    ),
    step(2, 'resume', fc.tuple(tenant), (model, id: string) => model.resume(id)),
    step(1, 'evict', fc.tuple(tenant), (model, id: string) => model.evict(id)),
    step(1, 'forget', fc.tuple(tenant), (model, id: string) => model.forget(id)),
    step(1, 'move', fc.tuple(tenant), (model, id: string) => model.move(id)),
    step(
      2,
      'changeElsewhere',
      fc.tuple(tenant, fc.constantFrom('active', 'suspended', 'deleting')),
      (model, id: string, status: 'active' | 'suspended' | 'deleting') =>
        model.changeElsewhere(id, status),
    ),
    step(1, 'break', fc.tuple(choice), (model, at: number) => model.break(at)),
    step(3, 'pass', fc.tuple(fc.constantFrom(1, 100, 1_000, 3_000, 5_000)), (model, time: number) =>
      model.pass(time),
    ),
  )
}

/** How many turns of the queue of promises pass before the next step: often none, often enough for all. */
const turns = fc.oneof(fc.nat({ max: 6 }), fc.constant(20))

const worlds: readonly Size[] = [
  { tenants: ['a', 'b', 'c', 'd'], max: 2, registryTtl: 0 },
  { tenants: ['a', 'b', 'c', 'd'], max: 2, registryTtl: 5 },
  // Where everything meets in one tenant.
  { tenants: ['a'], max: 1, registryTtl: 5 },
]

describe.each(worlds)(
  'with $tenants.length tenants, max $max, registryTtl $registryTtl',
  (size) => {
    const program = fc.array(fc.tuple(stepsFor(size.tenants), turns), {
      minLength: 10,
      maxLength: 60,
      size: 'max',
    })

    it('no program breaks a rule', { timeout: 120_000 }, async () => {
      const handed = { use: 0, lease: 0 }
      const refusals = new Map<string, number>()
      await fc.assert(
        fc.asyncProperty(program, async (taken) => {
          const model = new Model(size)
          for (const [run, turns] of taken) {
            await run(model)
            await model.turns(turns)
          }
          await model.end()
          expect(model.broken).toEqual([])
          handed.use += model.handed.use
          handed.lease += model.handed.lease
          for (const [code, count] of model.refusals) {
            refusals.set(code, (refusals.get(code) ?? 0) + count)
          }
        }),
        { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
      )
      // Programs in which nothing is handed over, or nobody is ever refused, prove nothing.
      if (runs < 1_000) return
      expect(Math.min(handed.use, handed.lease)).toBeGreaterThan(runs / 4)
      const codes = [
        'database_unavailable',
        'shutting_down',
        'tenant_forbidden',
        'tenant_suspended',
      ]
      expect([...refusals.keys()]).toEqual(expect.arrayContaining(codes))
      if (size.tenants.length > size.max) expect([...refusals.keys()]).toContain('pool_exhausted')
    })
  },
)

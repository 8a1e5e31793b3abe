/** Vectors about which tenant is current when many of them are at work. */
import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import type { IsolationAdapter, Item } from './adapter.ts'
import type { IsolationVector } from './operation-vectors.ts'
import { inTenantOf, itemsOf, markOf, type Outcome, outcomeOf, refill, tenants } from './stage.ts'

/** A promise and the function that ends it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

function assertOwn(items: readonly Item[], tenantId: string): void {
  const names = items.map(({ name }) => name).sort()
  const own = itemsOf(tenantId).map(({ name }) => name)
  const stranger = names.find((name) => !own.includes(name))
  assert(stranger === undefined, `In the work for ${tenantId} a row came back: ${stranger}`)
  assert.deepEqual(names, own, `In the work for ${tenantId} not all of its rows came back.`)
}

/** The vectors that hold whatever the operations are. */
export function contextVectors(adapter: IsolationAdapter): readonly IsolationVector[] {
  const { operations } = adapter
  const inTenant = inTenantOf(adapter)
  const [first, second] = tenants

  /** Both are at work at once, and take turns in the order given. */
  async function interleave(turns: readonly string[]): Promise<void> {
    await refill(adapter)
    const ended = turns.map(gate)
    async function work(tenantId: string): Promise<void> {
      const own = turns.flatMap((turn, index) => (turn === tenantId ? [index] : []))
      await ended[(own[0] ?? 0) - 1]?.opened
      await inTenant(tenantId, async () => {
        for (const index of own) {
          await ended[index - 1]?.opened
          assertOwn(await operations.list(), tenantId)
          await operations.update('k1', { name: `${markOf(tenantId)} k1` })
          ended[index]?.open()
        }
      })
    }
    const works = tenants.map((tenantId) =>
      work(tenantId).finally(() => {
        // After a failure nobody may be left waiting.
        for (const { open } of ended) open()
      }),
    )
    const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    const rows = await adapter.readAll()
    for (const { tenantId, name } of rows) {
      assert(
        name.includes(markOf(tenantId)),
        `A row of ${tenantId} was written for another: ${name}`,
      )
    }
  }

  const vectors: readonly [id: string, title: string, prove: () => Promise<void>][] = [
    [
      'interleaved-first-finishes-last',
      'two tenants at once, where the first to start is the last to finish',
      () => interleave([first, second, first, second, first]),
    ],
    [
      'interleaved-first-finishes-first',
      'two tenants at once, where the first to start is the first to finish',
      () => interleave([first, second, first, second]),
    ],
    [
      'many-at-once',
      'a hundred requests of two tenants at once',
      async () => {
        await refill(adapter)
        const works = Array.from({ length: 100 }, (_, index) => {
          const tenantId = index % 2 === 0 ? first : second
          return inTenant(tenantId, async () => {
            for (let turn = 0; turn < index % 3; turn++) await setImmediate()
            assertOwn(await operations.list(), tenantId)
            await setImmediate()
            const found = await operations.find('k2')
            assert(
              found?.name.includes(markOf(tenantId)),
              `In the work for ${tenantId} this was found: ${found?.name}`,
            )
          })
        })
        await Promise.all(works)
      },
    ],
    [
      'lazy',
      'a query that starts when it is awaited starts in its tenant',
      async () => {
        await refill(adapter)
        // Not an async function: what it answers with may not have begun.
        assertOwn(await inTenant(second, () => operations.list()), second)
      },
    ],
    [
      'after-a-failure',
      'a failure in one tenant leaves nothing behind',
      async () => {
        await refill(adapter)
        const failure = new Error('The handler failed')
        for (const tenantId of [first, second, first]) {
          const outcome = await outcomeOf(() =>
            inTenant(tenantId, async () => {
              assertOwn(await operations.list(), tenantId)
              throw failure
            }),
          )
          if (outcome.kind === 'refused' && outcome.error !== failure) throw outcome.error
          assert.equal(outcome.kind, 'refused', 'The failure of the handler was swallowed.')
          const outside = await outcomeOf(() => operations.list())
          assert.equal(outside.kind, 'refused', 'The tenant was still current after its work.')
        }
      },
    ],
    [
      'nested',
      'another tenant inside of a tenant is refused, or gets its own rows',
      async () => {
        await refill(adapter)
        await inTenant(first, async () => {
          const nested = await outcomeOf(() =>
            inTenant(second, async () => assertOwn(await operations.list(), second)),
          )
          if (nested.kind === 'refused' && nested.error instanceof assert.AssertionError)
            throw nested.error
          assertOwn(await operations.list(), first)
        })
      },
    ],
    [
      'left-running',
      'work that is left running stays in its tenant, or is refused',
      async () => {
        await refill(adapter)
        const others = gate()
        const left: Promise<Outcome>[] = []
        await inTenant(first, () => {
          left.push(others.opened.then(() => outcomeOf(() => operations.list())))
        })
        await inTenant(second, async () => {
          others.open()
          assertOwn(await operations.list(), second)
          const [late] = await Promise.all(left)
          if (late?.kind === 'answered') assertOwn(late.value as readonly Item[], first)
        })
      },
    ],
  ]
  return vectors.map(([id, title, prove]) => ({ id, title, prove }))
}

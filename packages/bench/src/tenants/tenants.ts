/** The program that sends calls to the databases of many tenants, through one pool. */

import { setTimeout } from 'node:timers/promises'
import { createTenantDatabases } from '@tenantry/databases'
import { answerParent } from '../child/child.ts'
import { usedBytes } from '../memory/used-bytes.ts'
import { callers, max, pauseTime, quarters, type TenantsJob, type TenantsQuestion } from './job.ts'
import { ask, close, type Database, open, startStore } from './store.ts'

await answerParent(async ({ tenants }: TenantsJob) => {
  const store = await startStore()
  const databases = createTenantDatabases<Database>({
    registry: {
      async find(tenantId) {
        return { tenantId, status: 'active', databaseName: tenantId, version: 1 }
      },
    },
    connect: ({ tenantId }) => open(store.port, tenantId),
    disconnect: close,
    isHealthy: ({ socket }) => socket.writable,
    max,
  })
  // Always the same order, and none that a cache could follow.
  let state = 1
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return `tenant-${state % tenants}`
  }

  /** Milliseconds of one call, without those in which room was made for its connection and it was opened. */
  async function call(): Promise<number> {
    const begin = performance.now()
    const opening = await databases.use(next(), async (database) => {
      await ask(database)
      return database.openedAt >= begin ? database.openingTime : 0
    })
    // The program sees a socket end before the store does.
    const { live } = databases.stats()
    if (live > max) throw new Error(`${live} connections are live, and ${max} may be.`)
    return performance.now() - begin - opening
  }

  async function callUntil(isOver: () => boolean, pause = 0): Promise<readonly number[]> {
    const times: number[] = []
    const caller = async (): Promise<void> => {
      while (!isOver()) {
        times.push(await call())
        if (pause > 0) await setTimeout(pause)
      }
    }
    await Promise.all(Array.from({ length: callers }, caller))
    return times
  }

  async function load(milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds
    const times = await callUntil(() => performance.now() >= end, pauseTime)
    const sorted = times.toSorted((one, other) => one - other)
    return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN
  }

  async function grow(calls: number): Promise<readonly number[]> {
    const used: number[] = []
    for (let quarter = 0; quarter < quarters; quarter++) {
      let left = calls / quarters
      await callUntil(() => left-- <= 0)
      const connected = store.connected()
      if (connected > max) throw new Error(`${connected} sockets are open after a quarter.`)
      used.push(usedBytes())
    }
    return used
  }

  await load(300)
  return {
    answer: async (question: TenantsQuestion): Promise<number | readonly number[]> =>
      'load' in question ? await load(question.load) : await grow(question.calls),
  }
})

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { forget } from './fixtures/saved-global.ts'
import { type Failure, failuresOf, rowsOf } from './support/failures.ts'
import { guard } from './support/guard.ts'
import { absence, startServer, type TestServer } from './support/server.ts'
import { versions } from './support/versions.ts'
import { createWorld } from './support/world.ts'

vi.mock('@tenantry/core/context', () => import('./fixtures/saved-global.ts'))

const reason = absence ? ` (skipped: ${absence})` : ''

describe.skipIf(absence)(`a global that is saved and restored is seen to fail${reason}`, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  describe.each(versions)('with Mongoose $major', ({ major, mongoose }) => {
    let failures: readonly Failure[]
    beforeAll(async () => {
      forget()
      const world = await createWorld(guard, mongoose, server, `global_${major}_${process.pid}`)
      failures = await failuresOf(world)
      await world.close()
    }, 180_000)

    it('where several tenants are at work, and only there', async ({ annotate }) => {
      await annotate(`${failures.length} fail: ${failures.map(({ name }) => name).join('; ')}`)
      expect(rowsOf(failures)).toEqual(['M40'])
      expect(failures.map(({ name }) => name)).toEqual([
        'a timer that was started outside',
        'work that goes on after the context has ended stays in it',
        'two tenants at once, of which the first ends first',
        'two hundred pieces of work of two tenants, mixed',
      ])
    })

    it('with documents of another tenant in the answer', () => {
      const faults = failures.flatMap((failure) => failure.faults)
      expect(faults).toContain('a got a document of b')
    })
  })
})

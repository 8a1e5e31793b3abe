import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hooksOnly } from './fixtures/hooks-only.ts'
import {
  type Failure,
  failuresOf,
  leaksOf,
  rowsOf,
  type Tally,
  talliesOf,
} from './support/failures.ts'
import { absence, startServer, type TestServer } from './support/server.ts'
import { versions } from './support/versions.ts'
import { createWorld } from './support/world.ts'
import { programs, vectors } from './vectors/index.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What tools/leak-table.mjs reads out of the report. */
    hooks?: readonly Tally[]
  }
}

const reason = absence ? ` (skipped: ${absence})` : ''

describe.skipIf(absence)(`isolation by hooks alone is seen to fail${reason}`, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  describe.each(versions)('with Mongoose $major', ({ major, mongoose }) => {
    let failures: readonly Failure[]
    beforeAll(async () => {
      const name = `hooks_${major}_${process.pid}`
      const world = await createWorld(hooksOnly, mongoose, server, name)
      failures = await failuresOf(world)
      await world.close()
    }, 180_000)

    it('in most of what is tried', async ({ annotate, task }) => {
      task.meta.hooks = talliesOf(failures)
      const tried = vectors.length + programs.length
      await annotate(`${failures.length} of ${tried} fail: ${rowsOf(failures).join(' ')}`)
      expect(failures.length).toBeGreaterThan(tried / 2)
    })

    it('and documents of another tenant are read or changed', async ({ annotate }) => {
      const leaks = leaksOf(failures)
      await annotate(`${leaks.length} leaks: ${rowsOf(leaks).join(' ')}`)
      expect(leaks.length).toBeGreaterThan(50)
      const rows = [
        'M3',
        'M4',
        'M16',
        'M17',
        'M18',
        'M19',
        'M20',
        'M21',
        'M22',
        'M24',
        'M25',
        'M28',
      ]
      expect(rowsOf(leaks)).toEqual(expect.arrayContaining(rows))
    })
  })
})

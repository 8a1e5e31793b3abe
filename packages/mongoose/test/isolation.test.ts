import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guard } from './support/guard.ts'
import { absence, startServer, type TestServer } from './support/server.ts'
import { examine, type Vector } from './support/vector.ts'
import { versions } from './support/versions.ts'
import { createWorld, type World } from './support/world.ts'
import { programs, vectors } from './vectors/index.ts'

/** What only the wire proves is said in the name, so that the list of tests shows it. */
function titleOf({ row, name, wireOnly }: Vector): string {
  return wireOnly === undefined || process.env['MONGODB_URI']
    ? `${row}: ${name}`
    : `${row}: ${name} [on the wire only: the stand-in has ${wireOnly}]`
}

describe.skipIf(absence)(`isolation${absence ? ` (skipped: ${absence})` : ''}`, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  describe.each(versions)('with Mongoose $major', ({ major, mongoose }) => {
    let world: World
    beforeAll(async () => {
      world = await createWorld(guard, mongoose, server, `isolation_${major}_${process.pid}`)
    })
    afterAll(() => world.close())

    it.each(vectors.map((vector) => [titleOf(vector), vector] as const))(
      '%s',
      async (_, vector) => {
        expect(await examine(vector, world)).toEqual([])
      },
    )

    it.each(programs.map((program) => [`${program.row}: ${program.name}`, program] as const))(
      '%s',
      async (_, program) => {
        await world.seed()
        world.wire.clear()
        expect(await program.run(world)).toEqual([])
      },
    )
  })
})

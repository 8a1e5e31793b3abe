/** Where a password, and its hash, can be found: in the tenant's database, and nowhere else. */
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hashPassword, verifyPassword } from '../../src/index.ts'
import { interruptible } from './support/interrupt.ts'
import { password, provision, wanted } from './support/outcome.ts'
import { inMemory, onMongo, onPostgres, type World } from './support/world.ts'

const worlds: readonly [string, () => Promise<World | undefined>][] = [
  ['PGlite', inMemory],
  ['PostgreSQL', onPostgres],
  ['MongoDB', onMongo],
]

describe.each(worlds)('on %s', (_, open) => {
  let world: World | undefined

  beforeAll(async () => {
    world = await open()
  }, 60_000)
  afterAll(() => world?.close())

  it('there is no password in the admin database, in a log or in an error', async ({ skip }) => {
    if (world === undefined) return skip()
    const written = vi.spyOn(process.stdout, 'write')
    const complained = vi.spyOn(process.stderr, 'write')
    const provisioning = { ...world.provisioning, hash: hashPassword }
    const { databaseName } = await provision(provisioning, wanted())
    const errors: unknown[] = []
    for (let at = 1; at <= 10; at++) {
      const interruption = { at, when: 'before', isCrash: at % 2 === 0 } as const
      const broken = interruptible(provisioning, interruption)
      await provision(broken.provisioning, wanted()).catch((error) => errors.push(error))
      await broken.bury()
    }
    errors.push(await provision(provisioning, { ...wanted(), slug: 'a b' }).catch((error) => error))

    const [user] = await world.users(databaseName)
    expect(await verifyPassword(password, user?.passwordHash)).toBe(true)

    const dump = await world.dump()
    expect(dump).toContain(databaseName)
    const said = [...written.mock.calls, ...complained.mock.calls].join()
    const thrown = inspect(errors, { depth: 9, showHidden: true })
    for (const text of [dump, said, thrown]) {
      expect(text).not.toContain(password)
      expect(text).not.toContain('$scrypt$')
      expect(text).not.toContain(user?.passwordHash)
    }
  })
})

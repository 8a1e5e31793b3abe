/** What is measured with a database does what it says: who answers wrongly would be a fast one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase as createMongo, mongoAbsence } from '../src/databases/mongo.ts'
import { createDatabase as createPostgres, postgresAbsence } from '../src/databases/postgres.ts'
import { finding } from '../src/operations/find.ts'
import { leasing } from '../src/operations/lease.ts'
import { transacting } from '../src/operations/transaction.ts'

function suite(name: string, absence: string | undefined, run: () => void): void {
  describe.skipIf(absence)(absence === undefined ? name : `${name} SKIPPED: ${absence}`, run)
}

suite('Mongoose', mongoAbsence, () => {
  let database: Awaited<ReturnType<typeof createMongo>>
  beforeAll(async () => {
    database = await createMongo()
  })
  afterAll(() => database?.drop())

  it.each(
    ['by hand', 'by hand in a tenant', 'scoped'].flatMap((way) => [
      `${way}, find`,
      `${way}, findOne`,
    ]),
  )('%s finds what is of the tenant', async (name) => {
    const { run, close } = await finding(name, database.url)
    expect(await run(3)).toBe(3)
    await close?.()
  })
})

suite('pg', postgresAbsence, () => {
  let database: Awaited<ReturnType<typeof createPostgres>>
  beforeAll(async () => {
    database = await createPostgres()
  })
  afterAll(() => database?.drop())

  it.each(['bare query', 'by hand', 'tenantPool'])(
    '%s finds what is of the tenant',
    async (name) => {
      const { run, close } = await transacting(name, database.url)
      expect(await run(3)).toBe(3)
      await close?.()
    },
  )
})

describe('the databases of tenants', () => {
  it.each(['bare call', 'use', 'lease and release'])('%s asks the right one', async (name) => {
    const { run, close } = await leasing(name)
    expect(await run(50)).toBe(50)
    await close?.()
  })
})

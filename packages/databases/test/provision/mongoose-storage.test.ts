/** The storage on MongoDB, by what it asks of the driver: the stand-in does not have these commands. */
import type { Connection } from 'mongoose'
import { describe, expect, it } from 'vitest'
import { mongooseStorage } from '../../src/mongoose/index.ts'

/** A connection to a server with these databases, each with names of collections. */
function connectionTo(server: Map<string, readonly string[]>): Connection {
  const db = (name = 'admin_of_app') => ({
    listCollections: () => ({ hasNext: async () => (server.get(name) ?? []).length > 0 }),
    dropDatabase: async () => server.delete(name),
    admin: () => ({
      listDatabases: async () => ({ databases: [...server.keys()].map((one) => ({ name: one })) }),
    }),
  })
  // The part of a connection that is asked.
  return { getClient: () => ({ db }) } as unknown as Connection
}

const name = 'tenant_acme_0123456789abcd'

describe('the storage on MongoDB', () => {
  it('has a database as soon as it has a collection', async () => {
    const storage = mongooseStorage(connectionTo(new Map([[name, ['users']]])))
    expect(await storage.createDatabase(name)).toBe(false)
    expect(await storage.createDatabase('tenant_other_0123456789abcd')).toBe(true)
  })

  it('drops the database of that name, and lists those of tenants', async () => {
    const server = new Map([
      [name, ['users']],
      ['admin_of_app', ['tenants']],
      ['shop', []],
    ])
    const storage = mongooseStorage(connectionTo(server))
    expect(await storage.listDatabases()).toEqual([name])
    await storage.dropDatabase(name)
    await storage.dropDatabase(name)
    expect([...server.keys()]).toEqual(['admin_of_app', 'shop'])
  })

  it.each(['admin', 'local', '../x', 'a.b', '$cmd', 'a\0b', ''])('touches no %j', async (odd) => {
    const server = new Map([[odd, ['system']]])
    const storage = mongooseStorage(connectionTo(server))
    await expect(storage.dropDatabase(odd)).rejects.toMatchObject({ code: 'option_invalid' })
    await expect(storage.createDatabase(odd)).rejects.toMatchObject({ code: 'option_invalid' })
    expect(server.size).toBe(1)
  })
})

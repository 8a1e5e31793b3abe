/** Databases of tenants as directories of PGlite. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { checkDatabaseName } from '../database-name.ts'
import { isTenantDatabase } from '../provision/names.ts'
import type { TenantStorage } from '../provision/provisioning.ts'

let beginning: Promise<Blob> | undefined

/** What a database begins with, made once: to copy it takes a third of the time. 40 MB are kept of it. */
function nothing(): Promise<Blob> {
  beginning ??= dumpNothing()
  beginning.catch(() => {
    beginning = undefined
  })
  return beginning
}

async function dumpNothing(): Promise<Blob> {
  const database = await PGlite.create()
  try {
    return await database.dumpDataDir('none')
  } finally {
    await database.close()
  }
}

/**
 * Makes and removes directories for `provisionTenant`.
 *
 * @param options.directory - the one that has a directory for each tenant, as of `pgliteDatabases`
 *
 * @example
 * ```ts
 * import { pgliteStorage } from '@tenantry/databases/pglite'
 *
 * const storage = pgliteStorage({ directory: '/var/lib/app' })
 * ```
 */
export function pgliteStorage(options: { readonly directory: string }): TenantStorage {
  const directory = resolve(options.directory)
  const pathOf = (name: string): string => {
    checkDatabaseName(name)
    return join(directory, name)
  }
  return {
    async createDatabase(name) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      try {
        await mkdir(pathOf(name), { mode: 0o700 })
      } catch (error) {
        if (error instanceof Error && Reflect.get(error, 'code') === 'EEXIST') return false
        throw error
      }
      const database = await PGlite.create({ dataDir: pathOf(name), loadDataDir: await nothing() })
      await database.close()
      return true
    },
    async dropDatabase(name) {
      await rm(pathOf(name), { recursive: true, force: true })
    },
    async listDatabases() {
      const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
      return entries
        .filter((entry) => entry.isDirectory() && isTenantDatabase(entry.name))
        .map(({ name }) => name)
    },
  }
}

/** A PGlite for each tenant, in a folder of its own. */
import { access, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { checkDatabaseName } from '../database-name.ts'
import { checkKnown, type DatabaseBinding, invalid } from '../options.ts'
import type { TenantRow } from '../registry.ts'

/** Options of `pgliteDatabases`. */
export interface PgliteDatabasesOptions {
  /** The folder that has a folder for each database, with the name that the row gives it. */
  readonly directory: string
  /** Whether a database that is not there is made. Default false: provisioning makes them. */
  readonly createMissing?: boolean
  /** What PGlite itself is told. */
  readonly options?: Omit<PGliteOptions, 'dataDir'>
}

/**
 * The binding for PGlite, PostgreSQL inside of the process: spread it into the options of
 * `createTenantDatabases`. One of them takes some 300 MB, so that `max` is 5 unless you say otherwise
 * after it.
 *
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { createTenantDatabases } from '@tenantry/databases'
 * import { pgliteDatabases } from '@tenantry/databases/pglite'
 *
 * const databases = createTenantDatabases({
 *   registry: { find: async () => undefined },
 *   ...pgliteDatabases({ directory: './data/tenants' }),
 *   max: 10,
 * })
 * await databases.use('acme', (database) => database.query('select * from widgets'))
 * ```
 */
export function pgliteDatabases<Row extends TenantRow = TenantRow>(
  options: PgliteDatabasesOptions,
): Required<DatabaseBinding<PGlite, Row>> & { readonly max: number } {
  checkKnown(options, ['directory', 'createMissing', 'options'], ['directory'])
  const { directory, createMissing = false, options: more = {} } = options
  if (typeof directory !== 'string' || directory === '') {
    throw invalid('directory', 'is not the path of a folder')
  }
  /** A folder takes one PGlite at a time: the next one waits until the one before is closed. */
  const closings = new Map<string, Promise<unknown>>()
  const freeing = new WeakMap<PGlite, () => void>()

  return {
    max: 5,
    async connect({ databaseName }, { signal }) {
      checkDatabaseName(databaseName)
      const folder = join(resolve(directory), databaseName)
      // Somebody else may have waited for the same end, and have the folder now.
      while (closings.has(folder)) await closings.get(folder)
      signal.throwIfAborted()
      let close: () => void = () => undefined
      const closing = new Promise<void>((done) => {
        close = () => {
          closings.delete(folder)
          done()
        }
      })
      closings.set(folder, closing)
      try {
        if (createMissing) await mkdir(folder, { recursive: true, mode: 0o700 })
        else await checkThere(folder)
        const database = await PGlite.create({ ...more, dataDir: folder })
        freeing.set(database, close)
        return database
      } catch (error) {
        close()
        throw error
      }
    },
    async disconnect(database) {
      try {
        if (!database.closed) await database.close()
      } finally {
        freeing.get(database)?.()
      }
    },
    isHealthy: (database) => database.ready && !database.closed,
    ping: (database) => database.query('select 1'),
  }
}

async function checkThere(folder: string): Promise<void> {
  try {
    await access(join(folder, 'PG_VERSION'))
  } catch (cause) {
    throw new Error('The folder has no database. Provisioning makes one, or createMissing.', {
      cause,
    })
  }
}

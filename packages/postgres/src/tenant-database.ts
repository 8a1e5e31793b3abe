/** The same few calls over a pool of `pg` and over PGlite, each inside of the current tenant. */
import type { PgliteSource, PgPool } from './driver.ts'
import {
  type BindingOptions,
  invalid,
  isFunction,
  isPool,
  readBinding,
  readKnown,
} from './options.ts'
import { pgliteDatabase } from './pglite-database.ts'
import { poolDatabase } from './pool-database.ts'
import { isTenantPool, tenantPool } from './tenant-pool.ts'

/** What a statement answers with. */
export interface TenantResult<Row> {
  readonly rows: readonly Row[]
  /** How many rows were read, inserted, updated or deleted. */
  readonly rowCount: number
}

/** Statements of the current tenant. */
export interface TenantQueries {
  /** One statement. Values go to `$1`, `$2` and so on. */
  query<Row = Readonly<Record<string, unknown>>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<TenantResult<Row>>
  /**
   * Several statements: all of them hold, or none when `run` rejects. Inside of another transaction it is a
   * savepoint.
   */
  transaction<Result>(run: (transaction: TenantQueries) => Promise<Result>): Promise<Result>
}

/** A database of which a tenant sees its own rows. */
export interface TenantDatabase extends TenantQueries {
  /** Ends the pool, or closes PGlite. */
  close(): Promise<void>
}

/** Options of `tenantDatabase`. */
export interface TenantDatabaseOptions<Source> extends BindingOptions {
  /** What serves work inside of `asSystem`: of a role that sees every tenant. With PGlite it may be the same one. */
  readonly system?: Source
}

/**
 * Makes a database out of a pool of `pg` or of PGlite, for programs that run on either.
 *
 * PGlite always logs in as a superuser, for whom no policy holds, so that it needs `role`. Statements can
 * find their way back to the superuser: use PGlite for tests and for programs of your own, not to keep hostile
 * SQL in.
 *
 * @throws {ConfigurationError} `option_invalid`; its calls throw what those of `tenantPool` throw
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite'
 * import { withTenant } from '@tenantry/core/context'
 * import { tenantDatabase } from '@tenantry/postgres'
 *
 * const database = tenantDatabase(await PGlite.create(), { role: 'app' })
 * await withTenant('nz569yb7', () => database.query('select * from widgets where id = $1', [7]))
 * ```
 */
export function tenantDatabase<Source extends PgliteSource | PgPool>(
  source: Source,
  options?: TenantDatabaseOptions<Source>,
): TenantDatabase {
  if (isPool(source)) {
    if (!isTenantPool(source)) return poolDatabase(tenantPool<PgPool>(source, poolOptions(options)))
    if (options === undefined) return poolDatabase(source)
    throw invalid('A pool of tenantPool has its options already.')
  }
  if (!isPglite(source)) throw invalid('tenantDatabase needs a pool of pg, or PGlite.')
  const { system, ...binding } = readKnown(options, ['setting', 'role', 'system'])
  if (system === undefined || isPglite(system)) {
    return pgliteDatabase(source, readBinding(binding), system)
  }
  throw invalid('Option "system" must be PGlite as well.')
}

function poolOptions(
  options: TenantDatabaseOptions<PgliteSource | PgPool> | undefined,
): (BindingOptions & { readonly system?: PgPool }) | undefined {
  if (options === undefined) return undefined
  const { system, ...others } = options
  if (system === undefined) return others
  if (isPool(system)) return { ...others, system }
  throw invalid('Option "system" must be a pool as well.')
}

function isPglite(value: unknown): value is PgliteSource {
  const isObject = typeof value === 'object' && value !== null
  return (
    isObject &&
    ['query', 'transaction', 'close'].every((name) => isFunction(Reflect.get(value, name)))
  )
}

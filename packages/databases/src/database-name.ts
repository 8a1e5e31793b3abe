/** The name of a database, before a driver or a file system gets hold of it. */
import { ConfigurationError } from '@tenantry/core'

/** What every one of them takes as it is: PostgreSQL cuts off longer names, MongoDB refuses dots. */
const shape = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/

/** Those that the servers have for themselves. */
const reserved: ReadonlySet<string> = new Set([
  'admin',
  'config',
  'local',
  'postgres',
  'template0',
  'template1',
])

/**
 * Refuses a name that leads out of the folder, into a database of the server, or that somebody cuts
 * off. It is asked by the bindings before they open anything.
 *
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { checkDatabaseName } from '@tenantry/databases'
 *
 * checkDatabaseName('acme_x7k2')
 * ```
 */
export function checkDatabaseName(name: unknown): asserts name is string {
  if (typeof name === 'string' && shape.test(name) && !reserved.has(name.toLowerCase())) return
  throw new ConfigurationError(
    'option_invalid',
    'A databaseName in the registry is not letters, digits, - and _ (at most 63), or is a database of ' +
      'the server itself.',
  )
}

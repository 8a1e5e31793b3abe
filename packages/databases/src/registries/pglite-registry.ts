/** The admin database embedded, in PGlite. */
import type { PGlite } from '@electric-sql/pglite'
import type { ProvisioningRegistry } from '../provision/provisioning-registry.ts'
import { sqlRegistry } from './sql-registry.ts'

/**
 * A registry in PGlite, in a directory beside those of the tenants. One process has it.
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite'
 * import { pgliteRegistry } from '@tenantry/databases/pglite'
 *
 * const registry = pgliteRegistry(await PGlite.create('/var/lib/app/admin'))
 * await registry.createTables()
 * ```
 */
export function pgliteRegistry(pglite: Pick<PGlite, 'query'>): ProvisioningRegistry {
  return sqlRegistry({ query: (text, values) => pglite.query(text, values) })
}

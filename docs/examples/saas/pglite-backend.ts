/** PostgreSQL embedded in this process: a directory for each tenant, and one for the admin database. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pgliteDatabases, pgliteRegistry, pgliteStorage } from '@tenantry/databases/pglite'
import type { Backend } from './backend.ts'
import { addFirstUser, migrate, sqlWorkspace } from './sql-workspace.ts'

/** @param directory - of the application; nobody else may read it */
export async function openPglite(directory: string): Promise<Backend<PGlite>> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const admin = await PGlite.create(join(directory, 'admin'))
  const registry = pgliteRegistry(admin)
  await registry.createTables()
  const tenants = { directory: join(directory, 'tenants') }
  const binding = pgliteDatabases(tenants)
  return {
    name: 'PGlite',
    binding,
    provisioning: { registry, ...pgliteStorage(tenants), ...binding, migrate, addFirstUser },
    workspaceOf: sqlWorkspace,
    close: () => admin.close(),
  }
}

/** Where the databases are. */
import type { DatabaseBinding, Provisioning, TenantRecord } from '@tenantry/databases'
import type { Workspace } from './workspace.ts'

export interface Backend<Database> {
  readonly name: string
  /** Opens and closes the database of a tenant. */
  readonly binding: DatabaseBinding<Database, TenantRecord>
  /** Makes one. */
  readonly provisioning: Provisioning<Database>
  readonly workspaceOf: (database: Database) => Workspace
  /** Closes the admin database. The last thing to do. */
  close(): Promise<void>
}

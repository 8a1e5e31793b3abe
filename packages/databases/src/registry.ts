/** What the admin database knows of a tenant. It never holds a password. */

/** Where a tenant stands. Only an `active` one is served. */
export type TenantStatus = 'provisioning' | 'active' | 'suspended' | 'failed' | 'deleting'

/** A tenant, as the registry has it. Registries may have more in it, such as the cluster. */
export interface TenantRow {
  readonly tenantId: string
  readonly status: TenantStatus
  /** The name of its database. It has a random part, and never changes hands. */
  readonly databaseName: string
  /** Grows with every change of the row. A connection that was opened for another one is replaced. */
  readonly version: number
}

/**
 * Where tenants are looked up. It is asked outside of every request's context, and its answers are
 * kept for `registryTtl`.
 */
export interface TenantRegistry<Row extends TenantRow = TenantRow> {
  /** The row of exactly this tenant, byte by byte, or undefined. */
  find(tenantId: string): Promise<Row | undefined>
  /** Writes the status, and a greater version. With it, `suspend` and `resume` hold on every server. */
  setStatus?(tenantId: string, status: 'active' | 'suspended'): Promise<void>
}

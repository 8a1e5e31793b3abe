/** What tries that were cut short have left. */
import { newClaim } from './claim.ts'
import { isTenantDatabase } from './names.ts'
import { type Provisioning, type ReadProvisioning, readProvisioning } from './provisioning.ts'
import type { TenantRecord } from './provisioning-registry.ts'
import { removeTenant } from './remove-tenant.ts'

/** What {@link sweepTenants} has found and done. */
export interface SweepReport {
  /** Ids of tenants that had everything, and are active now. */
  readonly finished: readonly string[]
  /** Ids of tenants that lacked something. Nothing is left of them. */
  readonly removed: readonly string[]
  /** Those that are half done still, and why. Sweep again. */
  readonly left: readonly { readonly tenantId: string; readonly reason: unknown }[]
  /**
   * Names of databases that belong to no tenant, such as one whose creation ended after its tenant was
   * swept. They are not removed: look at them, and drop them by hand.
   */
  readonly orphans: readonly string[]
}

/**
 * Finishes or removes each tenant that is half done and that nobody works on: afterwards it is there
 * wholly, or not at all. Run it every few minutes; several at once do not disturb each other.
 *
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { type Provisioning, sweepTenants } from '@tenantry/databases'
 * import type { PGlite } from '@electric-sql/pglite'
 *
 * async function sweep(provisioning: Provisioning<PGlite>): Promise<void> {
 *   const { finished, removed, left, orphans } = await sweepTenants(provisioning)
 *   console.log({ finished, removed, left: left.length, orphans })
 * }
 * ```
 */
export async function sweepTenants<Database>(
  options: Provisioning<Database>,
): Promise<SweepReport> {
  const provisioning = readProvisioning<Database>(options)
  const { registry, now, listDatabases } = provisioning
  const finished: string[] = []
  const removed: string[] = []
  const left: { tenantId: string; reason: unknown }[] = []
  const before = await listDatabases()
  for (const { tenantId } of await registry.halfDone(now())) {
    try {
      const outcome = await settle(provisioning, tenantId)
      if (outcome === 'finished') finished.push(tenantId)
      if (outcome === 'removed') removed.push(tenantId)
    } catch (reason) {
      left.push({ tenantId, reason })
    }
  }
  // The row comes before the database, and goes after it: one that was there before and is there
  // afterwards, and has no row in between, has none at all.
  const known = new Set((await registry.list()).map(({ databaseName }) => databaseName))
  const after = new Set(await listDatabases())
  const orphans = before.filter(
    (name) => isTenantDatabase(name) && !known.has(name) && after.has(name),
  )
  return { finished, removed, left, orphans }
}

async function settle<Database>(
  provisioning: ReadProvisioning<Database>,
  tenantId: string,
): Promise<'finished' | 'removed' | 'busy'> {
  const { registry, now } = provisioning
  const row = await registry.takeOver(tenantId, { ...newClaim(provisioning), now: now() })
  if (row === undefined) return 'busy'
  if (isFilled(row) && (await finish(provisioning, row))) return 'finished'
  return (await removeTenant(provisioning, row, true)) ? 'removed' : 'busy'
}

function isFilled({ status, step }: TenantRecord): boolean {
  return status === 'provisioning' && step === 'filled'
}

async function finish<Database>(
  { registry }: ReadProvisioning<Database>,
  { tenantId, claim }: TenantRecord,
): Promise<boolean> {
  return await registry.change(tenantId, claim, 'provisioning', { status: 'active' })
}

/** Takes away all that there is of a tenant, in the order that a crash can interrupt anywhere. */
import type { TenantStorage } from './provisioning.ts'
import type { ProvisioningRegistry, TenantRecord } from './provisioning-registry.ts'

/**
 * The row says `deleting` first, so that nobody can finish the tenant any more, and goes last, so that
 * what is left can always be found by it.
 *
 * @param row - with the claim of the caller
 * @param isOurs - false for a database of that name that was there before
 * @returns false when the claim is lost, or the tenant is active: then nothing is touched
 */
export async function removeTenant(
  {
    registry,
    dropDatabase,
  }: Pick<TenantStorage, 'dropDatabase'> & { registry: ProvisioningRegistry },
  { tenantId, databaseName, claim }: Pick<TenantRecord, 'tenantId' | 'databaseName' | 'claim'>,
  isOurs: boolean,
): Promise<boolean> {
  const isBegun = await registry.change(tenantId, claim, 'provisioning', { status: 'deleting' })
  // Or an earlier attempt has begun.
  if (!isBegun && !(await registry.change(tenantId, claim, 'deleting', {}))) return false
  if (isOurs) await dropDatabase(databaseName)
  await registry.removeUsers(tenantId)
  await registry.remove(tenantId, claim)
  return true
}

/** What provisioning asks of the admin database. */
import type { TenantRegistry, TenantRow } from '../registry.ts'

/**
 * How far an attempt has come. `filled`: the tenant's database has its tables and its first user, and
 * all that is left is to say so.
 */
export type ProvisioningStep = 'inserted' | 'creating' | 'filled'

/** A tenant in the admin database. */
export interface TenantRecord extends TenantRow {
  /** The name for people; unique. */
  readonly slug: string
  /** The address of the first user. */
  readonly owner: string
  /** What the caller of `provisionTenant` knows the attempt by, also after a crash; unique. */
  readonly key: string
  readonly step: ProvisioningStep
  /** Who works on it. Every change while it is made or removed asks for the same claim. */
  readonly claim: string
  /** From then on somebody else may take it over. */
  readonly claimedUntil: Date
}

/** A tenant as it is inserted: `provisioning`, `inserted`, version 1. */
export type NewTenant = Pick<
  TenantRecord,
  'tenantId' | 'databaseName' | 'slug' | 'owner' | 'key' | 'claim' | 'claimedUntil'
>

/** What changes while a tenant is made or removed. */
export interface TenantChange {
  readonly status?: 'active' | 'deleting'
  readonly step?: ProvisioningStep
  readonly claimedUntil?: Date
}

/** A part of all tenants. */
export interface TenantPage {
  readonly after?: string
  readonly limit?: number
}

/** Which tenant a user belongs to. Nothing else is known of users here, and no password. */
export interface DirectoryEntry {
  readonly tenantId: string
  readonly email: string
}

/**
 * The admin database: tenants, and which tenant a user belongs to. Each method is one statement that
 * happens wholly or not at all; the row of the tenant is the first thing that is written, and the last
 * that is removed.
 */
export interface ProvisioningRegistry extends TenantRegistry<TenantRecord> {
  /** Makes the tables and indexes, where they are not there yet. */
  createTables(): Promise<void>
  setStatus(tenantId: string, status: 'active' | 'suspended'): Promise<void>
  /** Tenants in the order of their ids: all, or at most `limit` of those after an id. */
  list(page?: TenantPage): Promise<readonly TenantRecord[]>
  findByKey(key: string): Promise<TenantRecord | undefined>
  /** False, and nothing is inserted, where something that is unique is taken. */
  insert(tenant: NewTenant): Promise<boolean>
  /** Takes over a tenant that is half done, when nobody has a claim that holds at `now`. */
  takeOver(
    tenantId: string,
    claim: { readonly claim: string; readonly claimedUntil: Date; readonly now: Date },
  ): Promise<TenantRecord | undefined>
  /** False, and nothing changes, when the claim is not the row's, or the row is not in `from`. */
  change(
    tenantId: string,
    claim: string,
    from: 'provisioning' | 'deleting',
    change: TenantChange,
  ): Promise<boolean>
  /** Removes a row that is `deleting`. */
  remove(tenantId: string, claim: string): Promise<void>
  /** Rows that are half done, and that nobody has a claim on that holds at `now`. */
  halfDone(now: Date): Promise<readonly TenantRecord[]>
  /** False when the address is one of another tenant. */
  addUser(entry: DirectoryEntry): Promise<boolean>
  removeUsers(tenantId: string): Promise<void>
  /** Looks for the address in its canonical form. */
  findUser(email: string): Promise<DirectoryEntry | undefined>
}

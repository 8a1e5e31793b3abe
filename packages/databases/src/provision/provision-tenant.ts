/** A new tenant with its first user: the whole of it, or nothing. */
import { ConflictError, isTenantryError, UnavailableError } from '@tenantry/core'
import { invalid } from '../options.ts'
import { ClaimLost, claimedUntil, newClaim } from './claim.ts'
import { canonicalEmail } from './email.ts'
import { fillDatabase } from './fill-database.ts'
import { isSlug, newDatabaseName, newTenantId } from './names.ts'
import { isAcceptablePassword } from './password.ts'
import { type Provisioning, type ReadProvisioning, readProvisioning } from './provisioning.ts'
import type { NewTenant, TenantChange, TenantRecord } from './provisioning-registry.ts'
import { removeTenant } from './remove-tenant.ts'

/** The tenant to make, and what it is made with. */
export interface ProvisionTenantOptions<Database> extends Provisioning<Database> {
  /**
   * What the caller knows this tenant by, drawn before the first try and the same in every further
   * one: with it a try that was cut short is taken up again, and one that went through is not repeated.
   */
  readonly key: string
  /** The name for people: lower-case letters, digits and hyphens, 40 at most. Unique. */
  readonly slug: string
  /** The address of the first user. Unique among all tenants. */
  readonly email: string
  /** What `isAcceptablePassword` accepts. It is hashed at once, and never stored. */
  readonly password: string
}

/** A tenant that is there. */
export interface ProvisionedTenant {
  readonly tenantId: string
  readonly slug: string
  readonly databaseName: string
  /** False when an earlier call with the same key has made it. */
  readonly isNew: boolean
}

/** What is to be made, parsed. */
interface Wanted {
  readonly key: string
  readonly slug: string
  readonly owner: string
  readonly passwordHash: string
}

/** How often the row of an earlier try can go away while this one looks at it. */
const tries = 3

/**
 * Makes a tenant: its row in the admin database, its own database with its tables, and its first user.
 * When this returns, all of it is there, and when this throws, none of it; after a crash in between,
 * a call with the same `key` takes it up again, and `sweepTenants` finishes or removes it.
 *
 * @throws {ConfigurationError} `option_invalid`
 * @throws {ConflictError} `duplicate_key`; `fields` says whether it is the `slug`, the `email`, or a
 * `key` that stands for another tenant
 * @throws {UnavailableError} `database_unavailable` when a database fails, or another call with the
 * same key is going on; the cause has the reason
 *
 * @example
 * ```ts
 * import { type Provisioning, provisionTenant } from '@tenantry/databases'
 * import type { PGlite } from '@electric-sql/pglite'
 *
 * async function signUp(provisioning: Provisioning<PGlite>, password: string): Promise<string> {
 *   const { tenantId } = await provisionTenant({
 *     ...provisioning,
 *     key: 'order-4711',
 *     slug: 'acme',
 *     email: 'ada@acme.example',
 *     password,
 *   })
 *   return tenantId
 * }
 * ```
 */
export async function provisionTenant<Database>(
  options: ProvisionTenantOptions<Database>,
): Promise<ProvisionedTenant> {
  const { key, slug, email, password, ...rest } = options
  const provisioning = readProvisioning<Database>(rest)
  const owner = canonicalEmail(email)
  if (!isKey(key)) throw invalid('key', 'is not 1 to 200 printable characters of ASCII')
  if (!isSlug(slug)) {
    throw invalid('slug', 'is not lower-case letters, digits and hyphens, 40 at most')
  }
  if (owner === undefined) throw invalid('email', 'is no address')
  if (!isAcceptablePassword(password)) {
    throw invalid('password', 'is not 8 characters or more, and at most 1024 bytes')
  }
  const wanted = { key, slug, owner, passwordHash: await provisioning.hash(password) }
  try {
    return await obtain(provisioning, wanted)
  } catch (error) {
    if (isTenantryError(error)) throw error
    throw new UnavailableError('database_unavailable', { retryAfter: 1, cause: error })
  }
}

function isKey(key: unknown): key is string {
  return typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)
}

async function obtain<Database>(
  provisioning: ReadProvisioning<Database>,
  wanted: Wanted,
): Promise<ProvisionedTenant> {
  const { key, slug, owner } = wanted
  const { registry, now } = provisioning
  for (let count = 1; count <= tries; count++) {
    const claim = newClaim(provisioning)
    const tenant: NewTenant = {
      tenantId: newTenantId(),
      databaseName: newDatabaseName(slug),
      slug,
      owner,
      key,
      ...claim,
    }
    if (await insert(provisioning, tenant)) {
      const row: TenantRecord = { ...tenant, status: 'provisioning', step: 'inserted', version: 1 }
      return await make(provisioning, row, wanted, true)
    }

    const there = await registry.findByKey(key)
    // Either the slug is taken, or an earlier try has just been removed.
    if (there === undefined) continue
    if (there.slug !== slug || there.owner !== owner) throw taken('key')
    if (isWhole(there)) return answer(there, false)
    const { tenantId } = there
    const mine = await registry.takeOver(tenantId, { ...claim, now: now() })
    if (mine === undefined) throw goingOn(there, now())
    if (mine.status === 'provisioning') return await make(provisioning, mine, wanted, false)
    // Of a try that has failed, and whose remains could not be removed then.
    await removeTenant(provisioning, mine, true)
  }
  throw taken('slug')
}

/** An insert whose answer is lost may have happened. */
async function insert<Database>(
  provisioning: ReadProvisioning<Database>,
  tenant: NewTenant,
): Promise<boolean> {
  try {
    return await provisioning.registry.insert(tenant)
  } catch (error) {
    await undo(provisioning, tenant, false)
    throw error
  }
}

async function make<Database>(
  provisioning: ReadProvisioning<Database>,
  row: TenantRecord,
  { owner, passwordHash }: Wanted,
  isFirstTry: boolean,
): Promise<ProvisionedTenant> {
  const { registry } = provisioning
  const { tenantId, databaseName } = row
  let isOurs = !isFirstTry
  const hold = async (change: TenantChange): Promise<void> => {
    const held = { ...change, claimedUntil: claimedUntil(provisioning) }
    if (await registry.change(tenantId, row.claim, 'provisioning', held)) return
    throw new ClaimLost()
  }
  try {
    if (!(await registry.addUser({ tenantId, email: owner }))) throw taken('email')
    await hold({ step: 'creating' })
    // What an earlier try has left may be anything: nobody has used it, so it is made anew.
    if (!isFirstTry) await provisioning.dropDatabase(databaseName)
    isOurs = true
    if (!(await provisioning.createDatabase(databaseName))) {
      isOurs = !isFirstTry
      throw new Error('There is a database of the name that was drawn.')
    }
    await fillDatabase(provisioning, row, { email: owner, passwordHash })
    await hold({ step: 'filled' })
    await hold({ status: 'active' })
    return answer(row, true)
  } catch (error) {
    if (error instanceof ClaimLost) {
      await forsake(provisioning, row, isOurs)
      throw error
    }
    // The last step may have happened, and only its answer is lost.
    if ((await undo(provisioning, row, isOurs)) === 'active') return answer(row, true)
    throw error
  }
}

/** Never throws: what it leaves is found by the row, with the same key or by `sweepTenants`. */
async function undo<Database>(
  provisioning: ReadProvisioning<Database>,
  tenant: NewTenant,
  isOurs: boolean,
): Promise<'active' | 'removed' | 'left'> {
  try {
    if (await removeTenant(provisioning, tenant, isOurs)) return 'removed'
    const row = await provisioning.registry.find(tenant.tenantId)
    return row !== undefined && isWhole(row) ? 'active' : 'left'
  } catch {
    return 'left'
  }
}

/**
 * The tenant is somebody else's now. Where they have removed it already, what was written since then
 * would be left for ever.
 */
async function forsake<Database>(
  { registry, dropDatabase }: ReadProvisioning<Database>,
  { tenantId, databaseName }: TenantRecord,
  isOurs: boolean,
): Promise<void> {
  try {
    if ((await registry.find(tenantId)) !== undefined) return
    await registry.removeUsers(tenantId)
    if (isOurs) await dropDatabase(databaseName)
  } catch {
    // Nobody can be told; sweepTenants lists a database that is left.
  }
}

function isWhole({ status }: TenantRecord): boolean {
  return status === 'active' || status === 'suspended'
}

function answer({ tenantId, slug, databaseName }: TenantRecord, isNew: boolean): ProvisionedTenant {
  return { tenantId, slug, databaseName, isNew }
}

function taken(field: 'key' | 'slug' | 'email'): ConflictError {
  return new ConflictError('duplicate_key', { fields: [field] })
}

function goingOn({ claimedUntil }: TenantRecord, now: Date): UnavailableError {
  const retryAfter = (claimedUntil.getTime() - now.getTime()) / 1000
  return new UnavailableError('database_unavailable', { retryAfter })
}

/** From an address and a password to an access token. */
import { createHash } from 'node:crypto'
import { isTenantryError, UnavailableError } from '@tenantry/core'
import {
  canonicalEmail,
  type ProvisioningRegistry,
  type TenantDatabases,
  type TenantRecord,
  verifyPassword,
} from '@tenantry/databases'
import type { Issuer } from './issuer.ts'
import type { Account, Workspace } from './workspace.ts'

/** A hash takes 32 MiB and a fifth of a second: more at once would let strangers stop the server. */
const mostAtOnce = 8

export interface LoggedIn {
  readonly accessToken: string
  readonly expiresIn: number
  readonly tenantId: string
}

export type Login = (email: string, password: string) => Promise<LoggedIn | undefined>

interface LoginOptions<Database> {
  readonly registry: ProvisioningRegistry
  readonly databases: TenantDatabases<Database, TenantRecord>
  readonly workspaceOf: (database: Database) => Workspace
  readonly issuer: Issuer
}

/**
 * Undefined for a wrong password, for a user who does not exist, and for one whose tenant is suspended:
 * the answer is the same, and so is the work. For an address that nobody has, the database of some
 * tenant is asked as well, always of the same one, and a password is compared.
 */
export function createLogin<Database>({
  registry,
  databases,
  workspaceOf,
  issuer,
}: LoginOptions<Database>): Login {
  let count = 0

  return async (email, password) => {
    if (count >= mostAtOnce) throw new UnavailableError('pool_exhausted', { retryAfter: 1 })
    count++
    try {
      return await login(email, password)
    } finally {
      count--
    }
  }

  async function login(email: string, password: string): Promise<LoggedIn | undefined> {
    const address = canonicalEmail(email)
    if (address === undefined) return undefined
    const [own, standIn] = await Promise.all([tenantOf(address), standInFor(address)])
    const tenantId = own ?? standIn
    const account = tenantId === undefined ? undefined : await accountIn(tenantId, address)
    // Never that of the stand-in, whoever is in there.
    const known = own === undefined ? undefined : account
    if (!(await verifyPassword(password, known?.passwordHash))) return undefined
    if (own === undefined || known === undefined) return undefined
    const { userId, role } = known
    const grant = { userId, authorization: { [own]: { roles: [role] } } }
    return { ...(await issuer.issue(grant)), tenantId: own }
  }

  /** The tenant of the user, when it is one that is served. */
  async function tenantOf(address: string): Promise<string | undefined> {
    const entry = await registry.findUser(address)
    const row = entry === undefined ? undefined : await registry.find(entry.tenantId)
    return row?.status === 'active' ? row.tenantId : undefined
  }

  /** The first tenant that is served after a place that only the address decides. */
  async function standInFor(address: string): Promise<string | undefined> {
    const place = BigInt(`0x${createHash('sha256').update(address).digest('hex')}`).toString(36)
    const after = await registry.list({ after: place, limit: 5 })
    const rows = [...after, ...(await registry.list({ limit: 5 }))]
    return rows.find(({ status }) => status === 'active')?.tenantId
  }

  async function accountIn(tenantId: string, address: string): Promise<Account | undefined> {
    try {
      return await databases.use(tenantId, (database) => workspaceOf(database).account(address))
    } catch (error) {
      // Suspended since we looked.
      if (isTenantryError(error) && error.status === 403) return undefined
      throw error
    }
  }
}

/** What tenants are made with, read once. */
import { checkKnown, type DatabaseBinding, invalid } from '../options.ts'
import { hashPassword } from './password.ts'
import type { ProvisioningRegistry, TenantRecord } from './provisioning-registry.ts'

/** The first user of a tenant, as the tenant's database has it. */
export interface FirstUser {
  readonly email: string
  /** Of `hashPassword`. */
  readonly passwordHash: string
}

/** Makes and removes the databases of tenants. Of `pgStorage`, `pgliteStorage` or `mongooseStorage`. */
export interface TenantStorage {
  /** False when there is one of that name already. */
  createDatabase(databaseName: string): Promise<boolean>
  /** Also when there is none of that name. */
  dropDatabase(databaseName: string): Promise<void>
  /** Names of all databases that provisioning can have made. */
  listDatabases(): Promise<readonly string[]>
}

/**
 * What `provisionTenant` and `sweepTenants` work with: a registry, a storage, the binding that is also
 * `createTenantDatabases`'s, and what the application puts into a new database.
 */
export interface Provisioning<Database>
  extends TenantStorage,
    DatabaseBinding<Database, TenantRecord> {
  readonly registry: ProvisioningRegistry
  /** Makes the tables of a database that has none. */
  migrate(database: Database, row: TenantRecord): Promise<void>
  /** Inserts the first user. The hash is the only trace of the password that there ever is. */
  addFirstUser(database: Database, user: FirstUser, row: TenantRecord): Promise<void>
  /** Makes the hash. Default `hashPassword`, which is scrypt. */
  readonly hash?: (password: string) => Promise<string>
  /**
   * Seconds for which an attempt has the tenant for itself; each step begins them anew. Longer than the
   * longest step takes. An attempt whose process is gone can be resumed, or swept, after that. Default 300.
   */
  readonly claimFor?: number
  /** Seconds after which a database that does not open counts as failed. Default 30. */
  readonly connectTimeout?: number
  /** For tests. */
  readonly now?: () => Date
}

/** The options, with defaults in place of what was left out. */
export type ReadProvisioning<Database> = Provisioning<Database> &
  Required<Pick<Provisioning<Database>, 'hash' | 'claimFor' | 'connectTimeout' | 'now'>>

const functions = [
  'createDatabase',
  'dropDatabase',
  'listDatabases',
  'connect',
  'disconnect',
  'migrate',
  'addFirstUser',
] as const
const optional = ['hash', 'claimFor', 'connectTimeout', 'now'] as const
/** Members of bindings that only `createTenantDatabases` asks for: both take the same spread. */
const ofBindings = ['isHealthy', 'ping', 'max'] as const

/** @throws {ConfigurationError} `option_invalid` */
export function readProvisioning<Database>(
  options: Provisioning<Database>,
): ReadProvisioning<Database> {
  const needed = ['registry', ...functions]
  checkKnown(options, [...needed, ...optional, ...ofBindings], needed)
  const read = {
    hash: hashPassword,
    claimFor: 300,
    connectTimeout: 30,
    now: () => new Date(),
    ...options,
  }
  for (const name of [...functions, 'hash', 'now'] as const) {
    if (typeof read[name] !== 'function') throw invalid(name, 'is no function')
  }
  if (typeof read.registry?.insert !== 'function') {
    throw invalid('registry', 'is none of pgRegistry, pgliteRegistry and mongooseRegistry')
  }
  for (const name of ['claimFor', 'connectTimeout'] as const) {
    const seconds = read[name]
    if (typeof seconds === 'number' && seconds > 0 && seconds <= 2_000_000) continue
    throw invalid(name, 'is not a number of seconds above 0')
  }
  return read
}

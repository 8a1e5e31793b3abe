/** What tenants are made with, read once. */
import { ConfigurationError } from '@tenantry/core'
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

/** What {@link provisionTenant} and {@link sweepTenants} work with. */
export interface Provisioning<Database> extends TenantStorage {
  readonly registry: ProvisioningRegistry
  connect(row: TenantRecord, options: { readonly signal: AbortSignal }): Promise<Database>
  disconnect(
    database: Database,
    options: { readonly row: TenantRecord; readonly force: boolean },
  ): Promise<void>
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

/** The options, with nothing left out. */
export type ReadProvisioning<Database> = Required<Provisioning<Database>>

const required = [
  'createDatabase',
  'dropDatabase',
  'listDatabases',
  'connect',
  'disconnect',
  'migrate',
  'addFirstUser',
] as const
const durations = { claimFor: 300, connectTimeout: 30 } as const

/** Members that bindings have for `createTenantDatabases`, so that both take the same spread. */
const ofBindings = ['isHealthy', 'ping']

export function invalid(message: string): ConfigurationError {
  return new ConfigurationError('option_invalid', message)
}

/**
 * @throws {ConfigurationError} `option_invalid`
 */
export function readProvisioning<Database>(
  options: Provisioning<Database>,
): ReadProvisioning<Database> {
  if (typeof options !== 'object' || options === null) throw invalid('The options are an object.')
  const known = [...required, ...Object.keys(durations), 'registry', 'hash', 'now']
  for (const name of Object.keys(options)) {
    if (known.includes(name) || ofBindings.includes(name)) continue
    throw invalid(`Option "${name}" does not exist. There are: ${known.join(', ')}.`)
  }
  for (const name of required) {
    if (typeof options[name] !== 'function') throw invalid(`Option "${name}" must be a function.`)
  }
  const { registry, now = () => new Date(), hash = hashPassword } = options
  if (typeof registry?.insert !== 'function') {
    throw invalid(
      'Option "registry" must be one of pgRegistry, pgliteRegistry or mongooseRegistry.',
    )
  }
  for (const [name, option] of Object.entries({ now, hash })) {
    if (typeof option !== 'function') throw invalid(`Option "${name}" must be a function.`)
  }
  for (const name of ['claimFor', 'connectTimeout'] as const) {
    const seconds = options[name] ?? durations[name]
    if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 2_000_000) {
      throw invalid(`Option "${name}" must be a number of seconds above 0.`)
    }
  }
  return { ...durations, ...options, now, hash }
}

/** Options of this package, read once. A misspelt one would be a check that is off, so it is refused. */
import { ConfigurationError } from '@tenantry/core'
import type { Binding } from './arming.ts'
import type { PgPool } from './driver.ts'

/** How transactions are bound. */
export interface BindingOptions {
  /** The setting that the policies compare with. Default `app.tenant_id`. */
  readonly setting?: string
  /**
   * A role for the transactions, for a login that is not itself the application's role. SQL can go back to
   * the role of the login: better log in as the application's role.
   */
  readonly role?: string
}

/** Options of `tenantPool`. */
export interface TenantPoolOptions extends BindingOptions {
  /** The pool for work inside of `asSystem`, of a role that sees every tenant. Without it that is refused. */
  readonly system?: PgPool
}

/** The name that a custom setting has: PostgreSQL wants two parts. */
const settingName = /^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/

export const defaultSetting = 'app.tenant_id'

/** The members of an options object, none of which is unknown. */
export function readKnown(
  options: unknown,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (options === undefined) return {}
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid('The options must be an object.')
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw invalid(`Option "${name}" does not exist. There are: ${names.join(', ')}.`)
    }
  }
  return { ...options }
}

/** The error for an option that is not right. */
export function invalid(message: string): ConfigurationError {
  return new ConfigurationError('option_invalid', message)
}

/** A setting that PostgreSQL takes, and that no configuration of its own has. */
export function readSetting(setting: unknown): string {
  if (setting === undefined) return defaultSetting
  if (typeof setting === 'string' && settingName.test(setting)) return setting
  throw invalid('Option "setting" must be two lower-case names with a dot, such as app.tenant_id.')
}

/** The name of a table, a column or a role. */
export function readName(option: string, name: unknown): string {
  if (typeof name === 'string' && name.trim() !== '' && !name.includes('\0')) return name
  throw invalid(`Option "${option}" must be a name.`)
}

/** @throws {ConfigurationError} `option_invalid` */
export function readPoolOptions(
  pool: unknown,
  options: unknown,
): Binding & { readonly system: PgPool | undefined } {
  if (!isPool(pool)) {
    throw invalid('tenantPool needs a pool of pg, and no client: new pg.Pool(...).')
  }
  const known = readKnown(options, ['setting', 'role', 'system'])
  const { system } = known
  if (system === undefined) return { ...readBinding(known), system }
  if (isPool(system) && system !== pool) return { ...readBinding(known), system }
  throw invalid('Option "system" must be another pool, of a role that sees every tenant.')
}

/** Whether something has the form of a pool of `pg`. */
export function isPool(value: unknown): value is PgPool {
  const isObject = typeof value === 'object' && value !== null
  // A client has all three as well, and one connection.
  if (!isObject || Reflect.has(value, 'connectionParameters')) return false
  return ['connect', 'end', 'on'].every((name) => isFunction(Reflect.get(value, name)))
}

export function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

/** The setting and the role. */
export function readBinding({ setting, role }: Readonly<Record<string, unknown>>): Binding {
  return {
    setting: readSetting(setting),
    role: role === undefined ? undefined : readName('role', role),
  }
}

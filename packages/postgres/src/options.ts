/** Options of this package, read once. A misspelt one would be a check that is off, so it is refused. */
import { ConfigurationError } from '@tenantry/core'
import type { Binding } from './arming.ts'

/** How the transactions of a pool or of a database are bound. */
export interface TenantPoolOptions {
  /** The setting that the policies compare with. Default `app.tenant_id`. */
  readonly setting?: string
  /**
   * A role for the transactions, for a login that is not itself the application's role. SQL can go back to
   * the role of the login: better log in as the application's role.
   */
  readonly role?: string
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
export function readPoolOptions(pool: unknown, options: unknown): Binding {
  const isPool = typeof pool === 'object' && pool !== null
  if (!isPool || typeof Reflect.get(pool, 'connect') !== 'function') {
    throw invalid('tenantPool needs a pool of pg: new pg.Pool(...).')
  }
  return readBinding(readKnown(options, ['setting', 'role']))
}

export function readBinding({ setting, role }: Readonly<Record<string, unknown>>): Binding {
  return {
    setting: readSetting(setting),
    role: role === undefined ? undefined : readName('role', role),
  }
}

/** The options, read once. A misspelt one would be a limit that is off, so it is refused. */
import { ConfigurationError } from '@tenantry/core'
import { defaultTenantIdPattern } from '@tenantry/core/http'
import type { TenantRegistry, TenantRow } from './registry.ts'

/** How a driver is told when to give up. */
export interface ConnectContext {
  /** Aborts when the time is up, or when nobody wants the connection any more. */
  readonly signal: AbortSignal
}

/** How a connection is to be closed. */
export interface DisconnectContext<Row extends TenantRow = TenantRow> {
  readonly row: Row
  /** Whether it must not wait for work that is going on. */
  readonly force: boolean
}

/** What opens and closes the databases: by hand, or by one of the bindings. */
export interface DatabaseBinding<Database, Row extends TenantRow = TenantRow> {
  /**
   * Opens the database that the row names. It is called outside of every request's context, for one
   * tenant never twice at a time. What comes after the signal has aborted is closed again.
   */
  connect(row: Row, context: ConnectContext): Promise<Database>
  /** Closes it. Until this has settled, the connection counts. */
  disconnect(database: Database, context: DisconnectContext<Row>): Promise<void>
  /** Whether it still stands, at once: asked on every lease. One that does not is replaced. */
  isHealthy?(database: Database): boolean
  /** Whether it answers: asked when nobody has used it for `pingAfter`. One that rejects is replaced. */
  ping?(database: Database): Promise<unknown>
}

/** Options of `createTenantDatabases`. All times are in seconds. */
export interface TenantDatabasesOptions<Database, Row extends TenantRow = TenantRow>
  // The rows are what the registry has: a binding takes rows of any form.
  extends DatabaseBinding<Database, NoInfer<Row>> {
  /** Where tenants are looked up. Its own connection is not one of the pool, and is never closed by it. */
  readonly registry: TenantRegistry<Row>
  /** How many connections there are at most, those being opened and closed included. Default 50. */
  readonly max?: number
  /** After this time without a lease a connection is closed. Default 300. */
  readonly idleTimeout?: number
  /** How long a request waits for room. Default 5. */
  readonly acquireTimeout?: number
  /** How long opening, closing, a ping, and a question to the registry or a write may take. Default 10. */
  readonly connectTimeout?: number
  /** How long an answer of the registry is used. 0 asks on every lease. Default 5. */
  readonly registryTtl?: number
  /** After this time without a lease a connection is pinged before the next one. Default 30. */
  readonly pingAfter?: number
  /** What a tenant id looks like; without the flags g and y. The default is that of the guards. */
  readonly tenantIdPattern?: RegExp
}

/** Options that have been read. Times are in milliseconds. */
export interface Settings<Database, Row extends TenantRow> {
  readonly registry: TenantRegistry<Row>
  readonly binding: DatabaseBinding<Database, Row>
  readonly max: number
  readonly idleTimeout: number
  readonly acquireTimeout: number
  readonly connectTimeout: number
  readonly registryTtl: number
  readonly pingAfter: number
  readonly tenantIdPattern: RegExp
}

/** Defaults, in seconds. */
const times = {
  idleTimeout: 300,
  acquireTimeout: 5,
  connectTimeout: 10,
  registryTtl: 5,
  pingAfter: 30,
} as const

/** The longest of each, in seconds: more than that is meant in milliseconds. */
const longest: Readonly<Record<keyof typeof times | 'deadline', number>> = {
  idleTimeout: 86_400,
  acquireTimeout: 600,
  connectTimeout: 600,
  registryTtl: 3_600,
  pingAfter: 3_600,
  deadline: 3_600,
}

const required = ['registry', 'connect', 'disconnect'] as const
const optional = ['isHealthy', 'ping', 'max', ...Object.keys(times), 'tenantIdPattern'] as const

/** @throws {ConfigurationError} `option_invalid`, naming the option */
export function readOptions<Database, Row extends TenantRow>(
  options: TenantDatabasesOptions<Database, Row>,
): Settings<Database, Row> {
  checkKnown(options, [...required, ...optional], required)
  const { registry, connect, disconnect, isHealthy, ping, max = 50 } = options
  const { tenantIdPattern = defaultTenantIdPattern } = options
  if (typeof registry !== 'object' || registry === null || typeof registry.find !== 'function') {
    throw invalid('registry', 'needs a method find(tenantId)')
  }
  for (const [name, value] of Object.entries({ connect, disconnect, isHealthy, ping })) {
    if (value !== undefined && typeof value !== 'function') throw invalid(name, 'is no function')
  }
  if (!Number.isInteger(max) || max < 1) throw invalid('max', 'is not a whole number from 1')
  if (!(tenantIdPattern instanceof RegExp) || tenantIdPattern.global || tenantIdPattern.sticky) {
    throw invalid('tenantIdPattern', 'is not a RegExp without the flags g and y')
  }
  if (options.connectTimeout === 0) throw invalid('connectTimeout', 'is no time at all')
  const time = (name: keyof typeof times) =>
    milliseconds(name, options[name] === undefined ? times[name] : options[name])
  return {
    registry,
    binding: {
      connect,
      disconnect,
      ...(isHealthy === undefined ? {} : { isHealthy }),
      ...(ping === undefined ? {} : { ping }),
    },
    max,
    idleTimeout: time('idleTimeout'),
    acquireTimeout: time('acquireTimeout'),
    connectTimeout: time('connectTimeout'),
    registryTtl: time('registryTtl'),
    pingAfter: time('pingAfter'),
    tenantIdPattern,
  }
}

/** The deadline of `suspend` and of `close`, in milliseconds. */
export function readDeadline(options: unknown = {}): number {
  checkKnown(options, ['deadline'], [])
  const deadline: unknown = Reflect.get(options, 'deadline')
  return milliseconds('deadline', deadline === undefined ? 10 : deadline)
}

/**
 * Refuses what is no object of options, an unknown name, and one that is present and undefined.
 *
 * @throws {ConfigurationError} `option_invalid`
 */
export function checkKnown(
  options: unknown,
  known: readonly string[],
  needed: readonly string[],
): asserts options is object {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const members = known.join(', ')
    throw new ConfigurationError('option_invalid', `The options must be an object with ${members}.`)
  }
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) throw invalid(name, `does not exist. Known: ${known.join(', ')}`)
    if (value === undefined) throw invalid(name, 'is present and undefined; leave it out or set it')
  }
  for (const name of needed) {
    if (Reflect.get(options, name) === undefined) throw invalid(name, 'is missing')
  }
}

function milliseconds(name: keyof typeof longest, seconds: unknown): number {
  const most = longest[name]
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= most) return seconds * 1000
  throw invalid(name, `is not a number of seconds from 0 to ${most}`)
}

/** An error that names the option; the reason ends the sentence. */
export function invalid(option: string, reason: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option "${option}" ${reason}.`)
}

/** A registry and a driver that do what a test says, and remember what was asked of them. */
import {
  createTenantDatabases,
  type TenantDatabases,
  type TenantDatabasesOptions,
  type TenantRow,
  type TenantStatus,
} from '../../src/index.ts'

/** A database that knows whether it was closed. */
export interface FakeDatabase {
  readonly tenantId: string
  readonly name: string
  readonly number: number
  isOpen: boolean
  isHealthy: boolean
}

/** A call that a test lets go on when it wants to. */
export interface Pending {
  readonly tenantId: string
  readonly signal: AbortSignal | undefined
  readonly force: boolean
  succeed(): void
  fail(error?: unknown): void
}

export interface FakeDriver {
  readonly opened: FakeDatabase[]
  readonly closed: FakeDatabase[]
  /** While true, each call waits for the test. */
  isHeld: { connect: boolean; disconnect: boolean; ping: boolean }
  readonly connecting: Pending[]
  readonly disconnecting: Pending[]
  readonly pinging: Pending[]
  readonly options: Pick<
    TenantDatabasesOptions<FakeDatabase>,
    'connect' | 'disconnect' | 'isHealthy' | 'ping'
  >
}

function hold(
  list: Pending[],
  facts: Pick<Pending, 'tenantId' | 'signal' | 'force'>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => list.splice(list.indexOf(pending), 1)
    const pending: Pending = {
      ...facts,
      succeed: () => {
        leave()
        resolve()
      },
      fail: (error = new Error('the driver says no to password hunter2')) => {
        leave()
        reject(error)
      },
    }
    list.push(pending)
  })
}

export function createFakeDriver(): FakeDriver {
  const driver: FakeDriver = {
    opened: [],
    closed: [],
    isHeld: { connect: false, disconnect: false, ping: false },
    connecting: [],
    disconnecting: [],
    pinging: [],
    options: {
      async connect({ tenantId, databaseName: name }, { signal }) {
        if (driver.isHeld.connect) await hold(driver.connecting, { tenantId, signal, force: false })
        const number = driver.opened.length
        const database = { tenantId, name, number, isOpen: true, isHealthy: true }
        driver.opened.push(database)
        return database
      },
      async disconnect(database, { force }) {
        const { tenantId } = database
        if (driver.isHeld.disconnect && !force) {
          await hold(driver.disconnecting, { tenantId, signal: undefined, force })
        }
        if (database.isOpen) driver.closed.push(database)
        database.isOpen = false
      },
      isHealthy: (database) => database.isHealthy,
      async ping({ tenantId }) {
        if (driver.isHeld.ping) {
          await hold(driver.pinging, { tenantId, signal: undefined, force: false })
        }
      },
    },
  }
  return driver
}

export interface FakeRegistry {
  readonly rows: Map<string, TenantRow>
  readonly asked: string[]
  readonly written: string[]
  /** Makes the next question, or the next write, reject. */
  failing: { find: unknown; write: unknown }
  find(tenantId: string): Promise<TenantRow | undefined>
  setStatus(tenantId: string, status: TenantStatus): Promise<void>
  /** Changes a row from elsewhere: with a greater version unless told otherwise. */
  change(tenantId: string, changes: Partial<TenantRow>): void
}

export function createFakeRegistry(...tenantIds: readonly string[]): FakeRegistry {
  const registry: FakeRegistry = {
    rows: new Map(),
    asked: [],
    written: [],
    failing: { find: undefined, write: undefined },
    async find(tenantId) {
      registry.asked.push(tenantId)
      if (registry.failing.find !== undefined) throw registry.failing.find
      return registry.rows.get(tenantId)
    },
    async setStatus(tenantId, status) {
      if (registry.failing.write !== undefined) throw registry.failing.write
      registry.written.push(`${tenantId} ${status}`)
      registry.change(tenantId, { status })
    },
    change(tenantId, changes) {
      const row = registry.rows.get(tenantId)
      if (row === undefined) throw new Error(`There is no tenant ${tenantId}.`)
      registry.rows.set(tenantId, { ...row, version: row.version + 1, ...changes })
    },
  }
  for (const tenantId of tenantIds) {
    const databaseName = `${tenantId}_7f3a`
    registry.rows.set(tenantId, { tenantId, status: 'active', databaseName, version: 1 })
  }
  return registry
}

export interface World {
  readonly registry: FakeRegistry
  readonly driver: FakeDriver
  readonly databases: TenantDatabases<FakeDatabase>
}

/** Databases of these tenants, with a fake registry and a fake driver. */
export function createWorld(
  tenantIds: readonly string[] = ['acme', 'globex', 'initech'],
  options: Partial<TenantDatabasesOptions<FakeDatabase>> = {},
): World {
  const registry = createFakeRegistry(...tenantIds)
  const driver = createFakeDriver()
  const databases = createTenantDatabases({ registry, ...driver.options, ...options })
  return { registry, driver, databases }
}

/** Lets everything happen that is ready to. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** The code of the error, or what came instead. */
export async function codeOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
    return 'none'
  } catch (error) {
    return Reflect.get(Object(error), 'code') ?? error
  }
}

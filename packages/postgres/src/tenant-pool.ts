/** A pool of `pg` that keeps every statement inside of the current tenant. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { PgPool, RawClient } from './driver.ts'
import { lookAlike } from './look-alike.ts'
import { invalid, readPoolOptions, type TenantPoolOptions } from './options.ts'
import { callRefused, refuseCallbacks } from './refuse.ts'
import { currentScope, requireSystem, type Scope } from './scope.ts'
import { openSession, textOf } from './session.ts'
import { controlsTransaction } from './statement.ts'
import { tenantClient } from './tenant-client.ts'

/** A connection that opens inside of a request would hand that request's context to every later one. */
const outside: <Result>(run: () => Result) => Result = AsyncLocalStorage.snapshot()

const tenantPools = new WeakSet<object>()

/** Whether `tenantPool` made it. */
export function isTenantPool(value: object): boolean {
  return tenantPools.has(value)
}

/** What can be read of a pool. */
const readable = [
  'totalCount',
  'idleCount',
  'waitingCount',
  'expiredCount',
  'ending',
  'ended',
] as const

/** What of the options of a pool is a secret, or leads to another connection. */
const hidden = ['password', 'connectionString', 'ssl', 'Client', 'stream']

/**
 * Makes a pool that looks like the given one, and whose statements each run in a transaction that is
 * bound to the current tenant, for policies of row-level security to compare with. Drizzle, Kysely and
 * Prisma take it as it is. Outside of any tenant nothing is sent.
 *
 * @param pool - a `pg.Pool` whose role is neither superuser nor owner of the tables
 * @throws {ConfigurationError} `option_invalid`; its calls throw `tenant_context_missing` (status 401)
 * outside of any tenant, `call_refused` for what cannot be kept inside of one, and `row_security_bypassed`
 * when no policy holds for the role
 *
 * @example
 * ```ts
 * import { withTenant } from '@tenantry/core/context'
 * import { tenantPool } from '@tenantry/postgres'
 * import pg from 'pg'
 *
 * const pool = tenantPool(new pg.Pool({ user: 'app' }))
 * await withTenant('nz569yb7', () => pool.query('select * from widgets'))
 * ```
 */
export function tenantPool<Pool extends PgPool>(pool: Pool, options?: TenantPoolOptions): Pool {
  if (isTenantPool(pool)) throw invalid('The pool is one of tenantPool already.')
  const { system, ...binding } = readPoolOptions(pool, options)
  const wrapped = new WeakMap<object, (...args: readonly unknown[]) => void>()

  async function checkOut(scope: Scope): Promise<RawClient> {
    const source = scope === undefined ? requireSystem(system) : pool
    const client: unknown = await outside(() => source.connect())
    if (isRawClient(client)) return client
    throw callRefused('tenantPool needs the JavaScript client of pg, in version 8.21 or later.')
  }

  async function query(...args: readonly unknown[]): Promise<unknown> {
    refuseCallbacks('pool.query', args)
    const scope = currentScope()
    if (controlsTransaction(textOf(args))) {
      throw callRefused('A pool has no transactions: use a client of pool.connect().')
    }
    const session = openSession(await checkOut(scope), scope, binding)
    try {
      return await session.query(args)
    } finally {
      session.release()
    }
  }

  async function connect(...args: readonly unknown[]): Promise<unknown> {
    refuseCallbacks('pool.connect', args)
    const scope = currentScope()
    return tenantClient(await checkOut(scope), scope, binding)
  }

  const listening =
    (method: 'on' | 'once' | 'removeListener') => (event: string, call: () => void) => {
      if (event !== 'error') {
        throw callRefused(`Listen for ${event} on the pool that tenantPool was given.`)
      }
      // The listener hears of the error, and does not get the client.
      const heard =
        wrapped.get(call) ?? ((error: unknown) => Reflect.apply(call, undefined, [error]))
      wrapped.set(call, heard)
      listen(pool, method, heard)
      return look
    }

  const functions = {
    query,
    connect,
    end: async (...args: readonly unknown[]) => {
      refuseCallbacks('pool.end', args)
      await pool.end()
    },
    on: listening('on'),
    addListener: listening('on'),
    once: listening('once'),
    off: listening('removeListener'),
    removeListener: listening('removeListener'),
  }
  const look = lookAlike(
    pool,
    'pool',
    new Map<PropertyKey, () => unknown>([
      ...Object.entries(functions).map(([name, call]) => [name, () => call] as const),
      ...readable.map((name) => [name, () => Reflect.get(pool, name)] as const),
      ['options', () => openOptions(Reflect.get(pool, 'options'))],
    ]),
  )
  tenantPools.add(look)
  // It has every member of a pool; those that are not let through throw when they are called.
  return look as Pool
}

/** Calls a method that every emitter has. */
function listen(pool: object, method: string, heard: (error: unknown) => void): void {
  const call: unknown = Reflect.get(pool, method)
  if (typeof call === 'function') Reflect.apply(call, pool, ['error', heard])
}

function openOptions(options: unknown): object {
  const all = typeof options === 'object' && options !== null ? Object.entries(options) : []
  return Object.freeze(Object.fromEntries(all.filter(([name]) => !hidden.includes(name))))
}

function isRawClient(client: unknown): client is RawClient {
  return (
    typeof client === 'object' &&
    client !== null &&
    typeof Reflect.get(client, 'getTransactionStatus') === 'function'
  )
}

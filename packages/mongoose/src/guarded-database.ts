/**
 * The database and the client of the driver, as `connection.db` and `connection.getClient()` give
 * them: what leads to documents is guarded, and what concerns all tenants is refused.
 */
import { currentSystem } from '@tenantry/core/context'
import { guardClientBulk } from './client-bulk-write.ts'
import { isObject } from './plain.ts'
import { guardRawCollection } from './raw-collection.ts'
import { refuse } from './refuse.ts'

const raws = new WeakMap<object, object>()
const proxies = new WeakMap<object, object>()

/** What is behind the guard, for the guard. */
export function rawOf(opened: unknown): unknown {
  return isObject(opened) ? (raws.get(opened) ?? opened) : opened
}

/** Only the form of collections: also without a tenant, when a program starts. */
export const databaseMethods: ReadonlySet<string> = new Set([
  'collection',
  'createCollection',
  'createIndex',
  'indexInformation',
])

/** The way to a database, the life of the client, and the events of its connections. */
export const clientMethods: ReadonlySet<string> = new Set([
  'db',
  'bulkWrite',
  'connect',
  '_connect',
  'close',
  '_close',
  'startSession',
  'withSession',
  'appendMetadata',
  'checkForNonGenuineHosts',
  'on',
  'once',
  'off',
  'addListener',
  'removeListener',
  'removeAllListeners',
  'prependListener',
  'prependOnceListener',
  'emit',
  'listeners',
  'rawListeners',
  'listenerCount',
  'eventNames',
  'setMaxListeners',
  'getMaxListeners',
])

type Call = (...args: unknown[]) => unknown

export function guardDatabase(raw: unknown, base: object | undefined): unknown {
  return guardWith(raw, databaseMethods, (name, call) => {
    const open: Call = (...args) =>
      guardRawCollection(call(...args), { base, sibling: (other) => openSibling(raw, base, other) })
    if (name === 'collection') return open
    if (name !== 'createCollection') return call
    return async (...args) => {
      const options = isObject(args[1]) ? args[1] : {}
      if (currentSystem() === undefined) refuseOddCollection(options)
      await call(...args)
      const collection: unknown = isObject(raw) ? raw['collection'] : undefined
      if (typeof collection !== 'function') refuse('a database without collections')
      return guardRawCollection(Reflect.apply(collection, raw, [args[0]]), {
        base,
        sibling: (other) => openSibling(raw, base, other),
      })
    }
  })
}

function openSibling(raw: unknown, base: object | undefined, name: string): unknown {
  const database = guardDatabase(raw, base)
  const open: unknown = isObject(database) ? database['collection'] : undefined
  return typeof open === 'function' ? open(name) : undefined
}

/** The one would compare tenants as it likes, and the other is a window into another collection. */
function refuseOddCollection(options: Readonly<Record<string, unknown>>): void {
  if (options['collation']) refuse('a collection with a collation')
  if (options['viewOn']) refuse('a view')
}

export function guardClient(raw: unknown, base: object | undefined): unknown {
  return guardWith(raw, clientMethods, (name, call) => {
    if (name === 'db') return (...args) => guardDatabase(call(...args), base)
    if (name !== 'bulkWrite') return call
    return async (...args) => await call(...guardClientBulk(args, base))
  })
}

function guardWith(
  raw: unknown,
  allowed: ReadonlySet<string>,
  guard: (name: string, call: Call) => Call,
): unknown {
  if (!isObject(raw) || raws.has(raw)) return raw
  const known = proxies.get(raw)
  if (known !== undefined) return known
  const proxy = new Proxy<object>(raw, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || name === 'constructor') return value
      const call: Call = (...args) => Reflect.apply(value, target, args)
      if (typeof name === 'symbol') return call
      if (allowed.has(name)) return guard(name, call)
      return (...args: unknown[]): unknown =>
        currentSystem() === undefined ? refuse(`${name} of a database or client`) : call(...args)
    },
  })
  raws.set(proxy, raw)
  proxies.set(raw, proxy)
  return proxy
}

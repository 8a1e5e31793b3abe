/**
 * The database and the client of the driver, as `connection.db` and `connection.getClient()` give
 * them: what leads to documents is guarded, and what concerns all tenants is refused.
 */
import { currentSystem } from '@tenantry/core/context'
import { guardClientBulk } from './client-bulk-write.ts'
import { neutralError } from './duplicate-key.ts'
import { isObject } from './plain.ts'
import { guardRawCollection } from './raw-collection.ts'
import { refuse } from './refuse.ts'
import { registryOf } from './registry.ts'
import { scopeIndexCall } from './unique-indexes.ts'

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

/** Names and settings. Everything else that is no method leads to the client around the guard. */
const readable: ReadonlySet<string> = new Set([
  'databaseName',
  'namespace',
  'options',
  'serverApi',
  'readConcern',
  'readPreference',
  'secondaryOk',
  'writeConcern',
  'bsonOptions',
  'timeoutMS',
])

type Call = (...args: unknown[]) => unknown

export function guardDatabase(raw: unknown, base: object | undefined): unknown {
  return guardWith(raw, databaseMethods, (name, call) => {
    const open: Call = (...args) =>
      guardRawCollection(call(...args), { base, sibling: (other) => openSibling(raw, base, other) })
    if (name === 'collection') return open
    if (name === 'createIndex') return (...args) => call(...scopeIndex(args, base))
    if (name !== 'createCollection') return call
    return async (...args) => {
      // A copy, so that what was looked at is what is sent.
      const options = isObject(args[1]) ? { ...args[1] } : args[1]
      if (currentSystem() === undefined) refuseOddCollection(options)
      await call(args[0], options)
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

/** The name of the collection stands before what its own `createIndex` has. */
function scopeIndex(args: readonly unknown[], base: object | undefined): readonly unknown[] {
  const [collection, ...own] = args
  if (currentSystem() !== undefined || base === undefined) return args
  const declaration = registryOf(base).declarationOf(String(collection))
  return [collection, ...scopeIndexCall('createIndex', own, declaration)]
}

/** The one would compare tenants as it likes, and the other is a window into another collection. */
function refuseOddCollection(options: unknown): void {
  if (!isObject(options)) return
  if (options['collation']) refuse('a collection with a collation')
  if (options['viewOn']) refuse('a view')
}

export function guardClient(raw: unknown, base: object | undefined): unknown {
  return guardWith(raw, clientMethods, (name, call) => {
    if (name === 'db') return (...args) => guardDatabase(call(...args), base)
    if (name !== 'bulkWrite') return call
    return async (...args) => {
      const guarded = guardClientBulk(args, base)
      try {
        return await call(...guarded.args)
      } catch (error) {
        throw neutralError(error, guarded.scope)
      }
    }
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
  // `connect` and `on` answer with what they are called on.
  const ownInstead = (result: unknown): unknown => {
    if (result === raw) return proxy
    return result instanceof Promise ? result.then(ownInstead) : result
  }
  const proxy: object = new Proxy<object>(raw, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (name === 'constructor') return value
      if (typeof value !== 'function') return guardMember(name, value)
      const call: Call = (...args) => ownInstead(Reflect.apply(value, target, args))
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

function guardMember(name: string | symbol, value: unknown): unknown {
  if (currentSystem() !== undefined || (typeof name === 'string' && readable.has(name)))
    return value
  if (typeof value !== 'object' || value === null) return value
  return name === 'topology' ? describedOnly(value) : undefined
}

/** Mongoose reads from it whether the connection is stale; it has the client in it besides. */
function describedOnly(topology: object): object {
  const state: unknown = Reflect.get(topology, 's')
  const description: unknown = isObject(state) ? state['description'] : undefined
  return Object.freeze({ s: Object.freeze({ description }) })
}

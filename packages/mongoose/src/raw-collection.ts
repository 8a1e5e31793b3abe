/** A collection of the driver itself, as `connection.db.collection(name)` gives it, behind the guard. */
import { currentSystem } from '@tenantry/core/context'
import { openCursor } from './cursors.ts'
import { neutralError } from './duplicate-key.ts'
import { builders, openers } from './methods.ts'
import { isObject } from './plain.ts'
import { type Plan, planCall } from './plan-call.ts'
import { checkReferences } from './references.ts'
import { refuse } from './refuse.ts'
import { registryOf } from './registry.ts'

/** Where a collection stands: the Mongoose with the declarations, and its neighbours. */
export interface Surroundings {
  readonly base: object | undefined
  sibling(name: string): unknown
}

const raws = new WeakMap<object, object>()
const proxies = new WeakMap<object, object>()

/** What is behind the guard, for the guard. */
export function rawCollection(opened: unknown): unknown {
  return isObject(opened) ? (raws.get(opened) ?? opened) : opened
}

/** Names and settings; everything else of a collection is a method, or leads around the guard. */
const readable = new Set([
  'collectionName',
  'dbName',
  'namespace',
  'readConcern',
  'readPreference',
  'writeConcern',
  'bsonOptions',
  'hint',
  'timeoutMS',
])

export function guardRawCollection(raw: unknown, surroundings: Surroundings): unknown {
  if (!isObject(raw) || raws.has(raw)) return raw
  const known = proxies.get(raw)
  if (known !== undefined) return known
  const proxy = new Proxy<object>(raw, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof name === 'symbol' || name === 'constructor') return value
      if (typeof value === 'function') return guardedMethod(target, name, surroundings)
      return readable.has(name) || currentSystem() !== undefined ? value : undefined
    },
    set: () => refuse('a change of a collection of the driver'),
    defineProperty: () => refuse('a change of a collection of the driver'),
  })
  raws.set(proxy, raw)
  proxies.set(raw, proxy)
  return proxy
}

function guardedMethod(raw: object, method: string, { base, sibling }: Surroundings): unknown {
  const plan = (args: readonly unknown[]): Plan => {
    if (base === undefined) refuse(`${method} on a connection without a Mongoose`)
    const collection = String(Reflect.get(raw, 'collectionName', raw))
    return planCall(registryOf(base), collection, method, args)
  }
  const send = (planned: Plan): unknown => {
    const native: unknown = Reflect.get(raw, planned.method, raw)
    if (typeof native !== 'function') refuse(`${planned.method} of a collection`)
    return Reflect.apply(native, raw, planned.args)
  }
  if (builders.has(method)) return (...args: unknown[]) => send(plan(args))
  if (openers.has(method)) {
    return (...args: unknown[]) => openCursor(() => plan(args), send)
  }
  return async (...args: unknown[]) => {
    const planned = plan(args)
    await checkReferences(planned, sibling)
    try {
      return await send(planned)
    } catch (error) {
      throw neutralError(error, planned.scope)
    }
  }
}

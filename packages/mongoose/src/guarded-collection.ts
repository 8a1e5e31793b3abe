/** The collection of the driver that Mongoose uses, with every method in front of which the guard stands. */
import { AsyncResource } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'
import { CallQueue } from './call-queue.ts'
import { openCursor } from './cursors.ts'
import { neutralError } from './duplicate-key.ts'
import { builders, guarded, metadata, openers, systemOnly } from './methods.ts'
import { type Plan, planCall } from './plan-call.ts'
import { guardRawCollection, rawCollection, type Surroundings } from './raw-collection.ts'
import { checkReferences } from './references.ts'
import { refuse } from './refuse.ts'
import { registryOf } from './registry.ts'

/** What is used of the collection of the driver. */
export interface NativeCollection {
  readonly name: string
  readonly conn: NativeConnection
  collection: unknown
  queue: unknown
  readonly emitter: EventEmitter
  onOpen(): unknown
  doQueue(): unknown
  _getCollection(): unknown
}

export interface NativeConnection {
  readonly base?: object
  readonly db?: unknown
  readonly client?: unknown
  collection(name: string): NativeCollection
  watch(...args: unknown[]): unknown
  aggregate(...args: unknown[]): unknown
}

export type CollectionClass = new (...args: unknown[]) => NativeCollection

const collections = new WeakMap<object, unknown>()
const queues = new WeakMap<object, CallQueue>()
/** Collections that are being called through the guard right now, in this very moment. */
const entered = new Set<object>()

/** Makes the class: a subclass, so that models, raw collections, `useDb` and `useConnection` get it. */
export function createGuardedCollection(Native: CollectionClass): CollectionClass {
  class GuardedCollection extends Native {
    constructor(...args: unknown[]) {
      super(...args)
      bindListeners(this.emitter)
    }

    override doQueue(): unknown {
      const waiting = queueOf(this)
      queues.delete(this)
      for (const entry of waiting) {
        const [name, args] = entry
        const list: unknown[] = Array.isArray(args) ? args : []
        waiting.run(entry, () => {
          if (typeof name === 'function') Reflect.apply(name, this, list)
          else enter(Native, this, String(name), list)
        })
      }
      return super.doQueue()
    }

    /** Only the guard itself gets to see the collection of the driver. */
    override _getCollection(): unknown {
      const raw = super._getCollection()
      return entered.has(this) ? raw : guardRawCollection(raw, surroundingsOf(this))
    }
  }
  hideCollection(GuardedCollection.prototype)
  Object.defineProperty(GuardedCollection.prototype, 'queue', {
    get(this: NativeCollection): CallQueue {
      return queueOf(this)
    },
    // Mongoose empties it with a new list.
    set: () => undefined,
  })
  for (const method of methodsOf(Native)) {
    Object.defineProperty(GuardedCollection.prototype, method, { value: guard(Native, method) })
  }
  return GuardedCollection
}

/** Mongoose keeps the collection of the driver in a property that everybody can read. */
function hideCollection(prototype: NativeCollection): void {
  Object.defineProperty(prototype, 'collection', {
    get(this: NativeCollection): unknown {
      const raw = collections.get(this)
      if (raw === undefined || raw === null || entered.has(this)) return raw
      return guardRawCollection(raw, surroundingsOf(this))
    },
    set(this: NativeCollection, opened: unknown) {
      collections.set(this, rawCollection(opened))
    },
  })
}

/** Those of the driver, whether we know them or not, and those that older drivers had. */
function methodsOf(Native: CollectionClass): Set<string> {
  const own = new Set<string>([...guarded, ...metadata, ...systemOnly])
  const plumbing = new Set(['constructor', 'onOpen', 'onClose', '_getCollection'])
  for (const name of Object.getOwnPropertyNames(Native.prototype)) {
    const isMethod = typeof Reflect.get(Native.prototype, name) === 'function'
    if (isMethod && !plumbing.has(name) && !name.startsWith('$')) own.add(name)
  }
  return own
}

function queueOf(collection: NativeCollection): CallQueue {
  const known = queues.get(collection)
  if (known !== undefined) return known
  const queue = new CallQueue(() => entered.has(collection))
  queues.set(collection, queue)
  return queue
}

/** Mongoose 8 lets the cursor of an aggregation wait for an event of the connection. */
function bindListeners(emitter: EventEmitter): void {
  const once = emitter.once.bind(emitter)
  emitter.once = (event, listener) => once(event, AsyncResource.bind(listener))
}

function surroundingsOf({ conn }: NativeCollection): Surroundings {
  return { base: conn.base, sibling: (name) => conn.collection(name) }
}

function planFor(collection: NativeCollection, method: string, args: readonly unknown[]): Plan {
  const { base } = collection.conn
  if (base === undefined) refuse(`${method} on a connection without a Mongoose`)
  return planCall(registryOf(base), collection.name, method, args)
}

function guard(Native: CollectionClass, method: string) {
  if (openers.has(method)) return opening(Native, method)
  return builders.has(method) ? building(Native, method) : awaited(Native, method)
}

function building(Native: CollectionClass, method: string) {
  return function (this: NativeCollection, ...args: unknown[]): unknown {
    const plan = planFor(this, method, args)
    return enter(Native, this, plan.method, plan.args)
  }
}

function opening(Native: CollectionClass, method: string) {
  return function (this: NativeCollection, ...args: unknown[]): unknown {
    return openCursor(
      () => planFor(this, method, args),
      (plan) => enter(Native, this, plan.method, plan.args),
    )
  }
}

function awaited(Native: CollectionClass, method: string) {
  return async function (this: NativeCollection, ...args: unknown[]): Promise<unknown> {
    const plan = planFor(this, method, args)
    await checkReferences(plan, surroundingsOf(this).sibling)
    try {
      return await enter(Native, this, plan.method, plan.args)
    } catch (error) {
      throw neutralError(error, plan.scope)
    }
  }
}

/** Calls the driver with what was planned: from here on nothing is judged any more. */
function enter(
  Native: CollectionClass,
  collection: NativeCollection,
  method: string,
  args: readonly unknown[],
): unknown {
  const call: unknown = Reflect.get(Native.prototype, method)
  if (typeof call !== 'function') refuse(`${method} of a collection`)
  const isOutermost = !entered.has(collection)
  entered.add(collection)
  try {
    return Reflect.apply(call, collection, args)
  } finally {
    if (isOutermost) entered.delete(collection)
  }
}

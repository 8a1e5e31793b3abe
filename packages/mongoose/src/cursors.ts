/**
 * Cursors stay what they were when they were opened: in the scope. What would replace the filter or
 * add a stage goes through the guard, and another tenant cannot iterate.
 */
import { ConfigurationError } from '@tenantry/core'
import { currentAuth } from '@tenantry/core/context'
import { guardCollation, guardExplain } from './call-options.ts'
import type { Scope } from './declaration.ts'
import { scopeFilter } from './filter.ts'
import type { Plan } from './plan-call.ts'
import { refuse } from './refuse.ts'
import { refusedCursor } from './refused-cursor.ts'
import { refuseServerCode } from './server-code.ts'

type Method = (this: object, ...args: unknown[]) => unknown

const scopes = new WeakMap<object, Scope>()
const prototypes = new WeakMap<object, object>()

/** The same cursor, guarded, or a promise of one where the call has to wait for the connection. */
function guardCursor(opened: unknown, scope: Scope): unknown {
  if (typeof opened !== 'object' || opened === null) return opened
  if (opened instanceof Promise) return opened.then((cursor) => guardCursor(cursor, scope))
  if (scopes.has(opened)) return opened
  scopes.set(opened, scope)
  const pipeline: unknown = Reflect.get(opened, 'pipeline')
  if (Array.isArray(pipeline)) {
    Object.defineProperty(opened, 'pipeline', { value: Object.freeze(pipeline), writable: false })
  }
  Object.setPrototypeOf(opened, guardedPrototype(Object.getPrototypeOf(opened)))
  return opened
}

/** Opens a cursor as it was planned; a refusal comes with the first document that is asked for. */
export function openCursor(plan: () => Plan, open: (plan: Plan) => unknown): unknown {
  let planned: Plan
  try {
    planned = plan()
  } catch (error) {
    return refusedCursor(error)
  }
  const opened = open(planned)
  return planned.scope === undefined ? opened : guardCursor(opened, planned.scope)
}

const iterating = ['next', 'tryNext', 'hasNext', 'toArray', 'forEach', 'stream', 'count']

/** Made once for each class of cursor: defining methods on each cursor would be felt. */
function guardedPrototype(native: object): object {
  const known = prototypes.get(native)
  if (known !== undefined) return known
  const guarded: object = Object.create(native)
  const define = (name: string | symbol, make: (call: Method) => Method): void => {
    const own: unknown = Reflect.get(native, name)
    if (typeof own !== 'function') return
    const call: Method = function (...args) {
      return Reflect.apply(own, this, args)
    }
    Object.defineProperty(guarded, name, { value: make(call) })
  }
  for (const name of [...iterating, Symbol.asyncIterator]) define(name, checkTenant)
  define('filter', rescope)
  define('clone', cloneGuarded)
  define('explain', explainPlan)
  define('collation', refuseCollation)
  define('project', refuseCode)
  for (const name of ['addStage', 'addQueryModifier', 'showRecordId'])
    define(name, () => refused(name))
  prototypes.set(native, guarded)
  return guarded
}

function scopeFor(cursor: object): Scope {
  return scopes.get(cursor) ?? refuse('a cursor that was not opened here')
}

function checkTenant(call: Method): Method {
  return function (...args) {
    const current = currentAuth()?.tenantId
    if (current !== undefined && current !== scopeFor(this).tenantId) {
      throw new ConfigurationError(
        'tenant_switched',
        'A cursor of one tenant was used in the work for another one.',
      )
    }
    return call.apply(this, args)
  }
}

function rescope(call: Method): Method {
  return function (filter) {
    return call.call(this, scopeFilter(filter, scopeFor(this)))
  }
}

function cloneGuarded(call: Method): Method {
  return function (...args) {
    return guardCursor(call.apply(this, args), scopeFor(this))
  }
}

function explainPlan(call: Method): Method {
  return function (verbosity = 'queryPlanner', ...others) {
    guardExplain(verbosity)
    return call.call(this, verbosity, ...others)
  }
}

function refuseCollation(call: Method): Method {
  return function (collation) {
    guardCollation(collation, scopeFor(this))
    return call.call(this, collation)
  }
}

function refuseCode(call: Method): Method {
  return function (projection) {
    refuseServerCode(projection)
    return call.call(this, projection)
  }
}

function refused(name: string): Method {
  return () => refuse(`${name} of a cursor; say it in the call that opens it`)
}

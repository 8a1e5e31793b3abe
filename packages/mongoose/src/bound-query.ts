/** Queries, aggregations and documents that stay in the tenant that they were made for. */
import { isObject } from './plain.ts'
import type { Runner } from './runner.ts'

interface Lazy {
  exec(...args: unknown[]): unknown
}

/** A query or an aggregation: nothing is sent before it is awaited. */
export function isLazy(value: unknown): value is Lazy & object {
  return (
    isObject(value) && typeof value['exec'] === 'function' && typeof value['then'] === 'function'
  )
}

/** `then` and its kin go through `exec`; cursors are opened at once. */
export function bindLazy(query: Lazy & object, runner: Runner): object {
  const exec = query.exec.bind(query)
  define(query, 'exec', async (...args) =>
    bindDocuments(await runner.later(() => exec(...args)), runner),
  )
  for (const name of ['cursor', Symbol.asyncIterator, 'explain', 'clone', 'toConstructor']) {
    const own: unknown = Reflect.get(query, name)
    if (typeof own !== 'function') continue
    define(query, name, (...args) => {
      const result: unknown = runner.now(() => Reflect.apply(own, query, args))
      return name === 'clone' && isLazy(result) ? bindLazy(result, runner) : result
    })
  }
  return query
}

const ofDocuments = ['save', '$save', 'populate', 'validate', '$validate'] as const
const ofQueries = ['deleteOne', 'updateOne', 'replaceOne', 'update'] as const

/** Documents, alone or in a list, with what they send later bound; anything else as it is. */
export function bindDocuments(value: unknown, runner: Runner): unknown {
  if (Array.isArray(value)) {
    for (const element of value) bindDocuments(element, runner)
    return value
  }
  if (!isObject(value) || typeof value['$isNew'] !== 'boolean') return value
  for (const name of ofDocuments) {
    const own: unknown = value[name]
    if (typeof own !== 'function') continue
    define(
      value,
      name,
      async (...args) => await runner.later(() => Reflect.apply(own, value, args)),
    )
  }
  for (const name of ofQueries) {
    const own: unknown = value[name]
    if (typeof own !== 'function') continue
    define(value, name, (...args) => {
      const result: unknown = runner.now(() => Reflect.apply(own, value, args))
      return isLazy(result) ? bindLazy(result, runner) : result
    })
  }
  return value
}

function define(target: object, name: string | symbol, value: (...args: unknown[]) => unknown) {
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
}

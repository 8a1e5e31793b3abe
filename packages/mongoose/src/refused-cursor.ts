/**
 * In the place of a cursor that may not be opened. Mongoose opens cursors where nobody catches what is
 * thrown, so the refusal comes when somebody asks for a document.
 */
import { Readable } from 'node:stream'

const asking = new Set(['next', 'tryNext', 'hasNext', 'toArray', 'forEach', 'explain', 'count'])
const listening = new Set(['on', 'once', 'addListener'])

export function refusedCursor(error: unknown): object {
  const fail = async (): Promise<never> => {
    throw error
  }
  const listen = (event: unknown, listener: unknown): object => {
    if (event === 'error' && typeof listener === 'function') queueMicrotask(() => listener(error))
    return cursor
  }
  const cursor: object = new Proxy(
    {},
    {
      get(_target, name) {
        if (name === Symbol.asyncIterator) return () => ({ next: fail })
        // Not a thenable: it would never answer an `await`.
        if (typeof name === 'symbol' || name === 'then') return undefined
        if (asking.has(name)) return fail
        if (listening.has(name)) return listen
        if (name === 'close') return async () => undefined
        if (name === 'stream')
          return () => Readable.from({ [Symbol.asyncIterator]: () => ({ next: fail }) })
        return name === 'closed' ? true : () => cursor
      },
    },
  )
  return cursor
}

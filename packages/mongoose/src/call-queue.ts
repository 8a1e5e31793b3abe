/**
 * What waits for the connection. Mongoose calls it when the connection is there, in the context of
 * whoever opened it; here it goes on in its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { refuse } from './refuse.ts'

/** A function, or the name of a method with its arguments. */
export type QueueEntry = [name: unknown, args?: unknown]

/** A list to which Mongoose pushes, and which keeps the context of each entry. */
export class CallQueue extends Array<QueueEntry> {
  /** What `filter` and the like make is a plain list. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  readonly #contexts = new WeakMap<QueueEntry, <Result>(run: () => Result) => Result>()
  readonly #mayCall: () => boolean

  /** Whether a call by its name comes from the guard: its arguments are in the scope then. */
  constructor(mayCall: () => boolean) {
    super()
    this.#mayCall = mayCall
  }

  override push(...entries: QueueEntry[]): number {
    for (const entry of entries) {
      if (typeof entry[0] !== 'function' && !this.#mayCall()) refuse('a call put into the queue')
      this.#contexts.set(entry, AsyncLocalStorage.snapshot())
    }
    return super.push(...entries)
  }

  /** Runs one, in the context in which it was pushed. */
  run(entry: QueueEntry, call: () => unknown): void {
    const enter = this.#contexts.get(entry)
    if (enter === undefined) refuse('a call put into the queue')
    enter(call)
  }
}

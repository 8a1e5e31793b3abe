/** A client of `pg` for one tenant or for the system, which ends with its release. */
import type { Binding } from './arming.ts'
import type { RawClient } from './driver.ts'
import { lookAlike, type Members } from './look-alike.ts'
import { callRefused } from './refuse.ts'
import type { Scope } from './scope.ts'
import { openSession } from './session.ts'

type Listener = (...args: readonly unknown[]) => void

/** What a listener may hear. A notification crosses tenants. */
const events = new Set(['error', 'end', 'notice', 'drain'])

/** What can be read of a client without asking the server. */
const readable = ['database', 'host', 'port', 'processID', 'user'] as const
const pure = ['escapeIdentifier', 'escapeLiteral', 'getTypeParser'] as const

/** Makes the client that `pool.connect()` answers with. */
export function tenantClient(raw: RawClient, scope: Scope, binding: Binding): object {
  const session = openSession(raw, scope, binding)
  const added: { readonly event: string; readonly listener: Listener; readonly call: Listener }[] =
    []

  function listen(event: string, listener: Listener, call: Listener = listener): void {
    session.requireOpen()
    if (!events.has(event)) throw callRefused(`A client of a tenant has no event ${event}.`)
    raw.on(event, call)
    added.push({ event, listener, call })
  }

  function silence(event: string, listener: Listener): void {
    const index = added.findLastIndex((one) => one.event === event && one.listener === listener)
    const [one] = index === -1 ? [] : added.splice(index, 1)
    if (one !== undefined) raw.removeListener(event, one.call)
  }

  const client: object = lookAlike(raw, 'client', members())
  return client

  function members(): Members {
    const on = (event: string, listener: Listener) => {
      listen(event, listener)
      return client
    }
    const once = (event: string, listener: Listener) => {
      const call: Listener = (...args) => {
        silence(event, listener)
        listener(...args)
      }
      listen(event, listener, call)
      return client
    }
    const off = (event: string, listener: Listener) => {
      silence(event, listener)
      return client
    }
    const release = (destroy?: Error | boolean) => {
      session.release(destroy)
      for (const { event, call } of added) raw.removeListener(event, call)
    }
    const functions = {
      query: (...args: readonly unknown[]) => session.query(args),
      release,
      on,
      addListener: on,
      once,
      off,
      removeListener: off,
      getTransactionStatus: () => {
        session.requireOpen()
        return raw.getTransactionStatus()
      },
    }
    return new Map<PropertyKey, () => unknown>([
      ...Object.entries(functions).map(([name, call]) => [name, () => call] as const),
      ...readable.map((name) => [name, () => Reflect.get(raw, name)] as const),
      ...pure.map((name) => [name, () => Reflect.get(raw, name).bind(raw)] as const),
    ])
  }
}

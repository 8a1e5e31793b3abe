/** Provisioning that fails, or whose process is gone, at a call that is chosen. */
import type { Provisioning, TenantRecord } from '../../../src/index.ts'

export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

export interface Interruption {
  /** The number of the call, from 1. */
  readonly at: number
  /** `before` it has an effect, or `after`: then only its answer is lost. */
  readonly when: 'before' | 'after'
  /** Whether every later call fails as well, without an effect: the process is gone. */
  readonly isCrash: boolean
}

export interface Interruptible {
  readonly provisioning: Provisioning<unknown>
  /** The names of the calls so far. */
  readonly calls: readonly string[]
  /** What the system does for a process that is gone: it closes its connections. */
  bury(): Promise<void>
}

const ofRegistry = [
  'find',
  'list',
  'findByKey',
  'insert',
  'takeOver',
  'change',
  'remove',
  'halfDone',
  'addUser',
  'removeUsers',
] as const
const own = [
  'createDatabase',
  'dropDatabase',
  'listDatabases',
  'connect',
  'disconnect',
  'migrate',
  'addFirstUser',
] as const

/** Every call to the registry and to the databases is counted; the chosen one is interrupted. */
export function interruptible(
  provisioning: Provisioning<unknown>,
  interruption?: Interruption,
): Interruptible {
  const calls: string[] = []
  const open = new Map<unknown, () => Promise<void>>()

  function wrap(name: string, run: (...args: never[]) => Promise<unknown>): unknown {
    return async (...args: never[]) => {
      calls.push(name)
      const { at, when, isCrash } = interruption ?? { at: 0, when: 'before', isCrash: false }
      const isNow = calls.length === at
      const isGone = isCrash && at > 0 && calls.length > at
      if (isGone || (isNow && when === 'before')) throw new Interrupted(`${when} ${name}`)
      const result = await run(...args)
      if (name === 'connect') {
        // The first argument of connect is the row.
        const row = args[0] as unknown as TenantRecord
        open.set(result, () => provisioning.disconnect(result, { row, force: true }))
      }
      if (name === 'disconnect') open.delete(args[0])
      if (isNow) throw new Interrupted(`${when} ${name}`)
      return result
    }
  }

  const { registry } = provisioning
  const wrapped = (target: object, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => {
        const run = Reflect.get(target, name)
        return [name, wrap(name, (...args) => Reflect.apply(run, target, args))]
      }),
    )
  return {
    calls,
    provisioning: {
      ...provisioning,
      ...wrapped(provisioning, own),
      registry: { ...registry, ...wrapped(registry, ofRegistry) },
    },
    async bury() {
      for (const close of open.values()) await close()
      open.clear()
    },
  }
}

/** The end of a server, in order: no new requests, those in flight, the databases, the rest. */
import { checkKnown, invalid, readDeadline } from '../options.ts'
import type { CloseReport, TenantDatabases } from '../tenant-databases.ts'
import { createOccasion, happensWithin, now } from '../waiting.ts'
import { type Drainable, drainRequests, type Requests } from './requests.ts'

/** Options of `createShutdown`. */
export interface ShutdownOptions {
  /** The server, or several. Pass it before it gets requests: those in flight are counted from here. */
  readonly server: Drainable | readonly Drainable[]
  readonly databases: Pick<TenantDatabases<never>, 'close'>
  /** Seconds in which everything has to end by itself. Default 10. */
  readonly deadline?: number
  /** What is closed when all else is: the admin database. */
  readonly last?: () => unknown
  /** Default SIGTERM and SIGINT. An empty list listens to none. */
  readonly signals?: readonly NodeJS.Signals[]
  /** What ends the process after a signal. Default `process.exit`. */
  readonly exit?: (code: number) => void
}

/** What had to be done. */
export interface ShutdownReport extends CloseReport {
  /** Requests that had not been answered at the deadline. */
  readonly cut: number
  /** What `last` threw, if it did, or that it took too long. */
  readonly error: unknown
}

/** Ends the server on a signal, or when it is told to. */
export interface Shutdown {
  readonly isStopping: boolean
  /** The same as a signal, without the end of the process. A second call with `force` cuts it short. */
  stop(options?: { readonly force?: boolean }): Promise<ShutdownReport>
  /** Listens to no signal any more. */
  dispose(): void
}

/** What is left for what must be ended after the deadline, in milliseconds. */
const grace = 1_000

/** A terminal signals every process, and a package manager passes that on: one press comes twice. */
const echo = 100

const known = ['server', 'databases', 'deadline', 'last', 'signals', 'exit']

/**
 * Ends a server in order when a signal comes. New requests are answered with 503 `shutting_down` and
 * Retry-After while the server still listens, requests in flight finish, the connections of all tenants
 * are closed, then the server, and `last` is called. The exit code is 0, or 1 when something had to be
 * forced. A second signal forces it at once; one within a tenth of a second is an echo of the first.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 *
 * @example
 * ```ts
 * import { createShutdown } from '@tenantry/databases'
 * import { createServer } from 'node:http'
 *
 * const server = createServer(app)
 * createShutdown({ server, databases, deadline: 20, last: () => console.log('the admin database') })
 * server.listen(3000)
 * ```
 */
export function createShutdown(options: ShutdownOptions): Shutdown {
  checkKnown(options, known, ['server', 'databases'])
  const { server, databases, last = () => undefined } = options
  const { signals = ['SIGTERM', 'SIGINT'], exit = (code) => process.exit(code) } = options
  const { deadline: seconds } = options
  const deadline = readDeadline(seconds === undefined ? {} : { deadline: seconds })
  if (typeof databases.close !== 'function') {
    throw invalid('databases', 'is not what createTenantDatabases makes')
  }
  for (const [name, value] of Object.entries({ last, exit })) {
    if (typeof value !== 'function') throw invalid(name, 'is no function')
  }
  if (!Array.isArray(signals)) throw invalid('signals', 'is no list')
  const requests = drainRequests([server].flat())
  const cut = createOccasion()
  let report: Promise<ShutdownReport> | undefined

  let signalledAt: number | undefined

  const onSignal = () => {
    if (signalledAt !== undefined && now() - signalledAt < echo) return
    signalledAt ??= now()
    const isSecond = report !== undefined
    void shutdown
      .stop({ force: isSecond })
      .then(({ cut: unanswered, forced, abandoned, error }) => {
        const isClean = unanswered + forced.length + abandoned.length === 0 && error === undefined
        exit(isClean && !isSecond ? 0 : 1)
      })
  }
  for (const signal of signals) process.on(signal, onSignal)

  const shutdown: Shutdown = {
    get isStopping() {
      return report !== undefined
    },
    async stop({ force = false } = {}) {
      if (force) cut.happen()
      report ??= stop(databases, requests, cut.happened, deadline, last)
      return await report
    },
    dispose() {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
  return shutdown
}

async function stop(
  databases: ShutdownOptions['databases'],
  requests: Requests,
  cut: Promise<void>,
  deadline: number,
  last: () => unknown,
): Promise<ShutdownReport> {
  const until = now() + deadline
  const left = () => Math.max(0, until - now())
  requests.refuse()
  await happensWithin(Promise.race([requests.finished, cut]), deadline)
  const unanswered = requests.count()
  // Jobs may have leases, too. Who cuts it short cuts them as well.
  const closing = databases.close({ deadline: unanswered > 0 ? 0 : left() / 1000 })
  void cut.then(() => databases.close({ deadline: 0 }))
  const closed = await closing
  requests.end()
  const error = await endLast(last, Math.max(grace, left()), cut)
  return { ...closed, cut: unanswered, error }
}

async function endLast(
  last: () => unknown,
  milliseconds: number,
  cut: Promise<void>,
): Promise<unknown> {
  try {
    const ended = Promise.resolve().then(last)
    ended.catch(() => undefined)
    const isCut = cut.then(() => happensWithin(ended, grace))
    const isEnded = happensWithin(ended, milliseconds)
    return (await Promise.race([isEnded, isCut]))
      ? undefined
      : new Error('What had to be closed last was not closed in time.')
  } catch (error) {
    return error
  }
}

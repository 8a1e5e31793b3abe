/** One connection to the database of one tenant, from the wish for it until it is gone. */
import { tell } from './events.ts'
import type { DatabaseBinding } from './options.ts'
import type { TenantRow } from './registry.ts'
import { createOccasion, happensWithin, now } from './waiting.ts'

/**
 * `queued` waits for room and has nothing open; from `opening` to `closing` it counts as live; `gone`
 * is the end.
 */
export type Stage = 'queued' | 'opening' | 'open' | 'closing' | 'gone'

/** What a connection needs to know of the pool that it is in. */
export interface Surroundings<Database, Row extends TenantRow> {
  readonly binding: DatabaseBinding<Database, Row>
  /** Milliseconds for opening, for closing and for a ping. */
  readonly connectTimeout: number
  /** Milliseconds after which nobody should wait for a close any more. */
  readonly patience: number
  /** Tells that this time is up for a connection. */
  readonly onLate: () => void
  /** Runs something where no request's context is. */
  readonly outside: <Result>(run: () => Result) => Result
}

export class Connection<Database, Row extends TenantRow> {
  readonly row: Row
  /** That of the row when it was opened: a registry may change its object in place. */
  readonly version: number
  /** When the registry was asked for the row, or for the same one again. */
  confirmedAt: number
  stage: Stage = 'queued'
  /** There is one while it is open or closing. */
  database: Database | undefined
  /** Nobody gets another lease of it. */
  isRetired = false
  wasForced = false
  /** Its close takes too long, perhaps for ever. */
  isLate = false
  /** Why it could not be opened, or not in time. */
  failure: { readonly cause: unknown } | undefined
  /** Leases that have not ended. */
  leases = 0
  /** Requests that want it and do not have it yet: it is kept for them. */
  interest = 0
  usedAt = 0
  /** A ping that is going on. It answers whether the database did. */
  ping: Promise<boolean> | undefined
  readonly #ready = createOccasion()
  readonly #gone = createOccasion()
  readonly #giveUp = new AbortController()
  readonly #surroundings: Surroundings<Database, Row>

  constructor(row: Row, askedAt: number, surroundings: Surroundings<Database, Row>) {
    this.row = row
    this.version = row.version
    this.confirmedAt = askedAt
    this.#surroundings = surroundings
  }

  /** It is open, has failed, or nobody will open it. */
  get ready(): Promise<void> {
    return this.#ready.happened
  }

  get gone(): Promise<void> {
    return this.#gone.happened
  }

  /** Whether it can be closed to make room: it is open, and nobody has it or waits for it. */
  get isIdle(): boolean {
    return this.stage === 'open' && this.leases === 0 && this.interest === 0
  }

  /** Whether a lease of it can be had now. */
  isStanding(): boolean {
    const { binding } = this.#surroundings
    const { database } = this
    if (this.stage !== 'open' || database === undefined) return false
    if (binding.isHealthy === undefined) return true
    try {
      return binding.isHealthy(database) === true
    } catch {
      return false
    }
  }

  /** Opens it. Resolves when it is open, or when the driver has given up and nothing of it is left. */
  async open(): Promise<void> {
    const { binding, connectTimeout, outside } = this.#surroundings
    const { signal } = this.#giveUp
    this.stage = 'opening'
    const timer = setTimeout(() => {
      this.#fail(new Error('The database was not opened in time.'))
      this.#giveUp.abort()
    }, connectTimeout)
    try {
      this.database = await outside(async () => await binding.connect(this.row, { signal }))
      if (this.database === undefined || this.database === null) {
        throw new Error('connect answered with no database.')
      }
      // What comes too late is closed: whoever wanted it has been told that there is none.
      if (signal.aborted) return await this.close(false)
      this.stage = 'open'
      this.usedAt = now()
      this.#ready.happen()
    } catch (error) {
      if (!this.isRetired) this.#fail(error)
      this.end()
    } finally {
      clearTimeout(timer)
    }
  }

  #fail(cause: unknown): void {
    this.failure ??= { cause }
    this.#ready.happen()
  }

  /** Nobody gets another lease of it, and an opening is given up. */
  retire(): void {
    this.isRetired = true
    this.#giveUp.abort()
    this.#ready.happen()
  }

  /** Closes it. By force as well while it is closing, when that takes too long. */
  async close(force: boolean): Promise<void> {
    if (this.stage === 'gone' || this.database === undefined) return
    if (this.stage === 'closing') {
      if (force && !this.wasForced) await this.#disconnect(true)
      return
    }
    this.stage = 'closing'
    await this.#disconnect(force)
  }

  async #disconnect(force: boolean): Promise<void> {
    const { binding, connectTimeout, outside, patience, onLate } = this.#surroundings
    const { database, row } = this
    if (database === undefined) return
    if (force) this.wasForced = true
    // One that cannot be closed has gone as far as it ever will.
    const closed = outside(async () => await binding.disconnect(database, { row, force })).catch(
      (error: unknown) => tell('close_failed', row.tenantId, error),
    )
    void happensWithin(closed, patience).then((isClosed) => {
      if (isClosed) return
      this.isLate = true
      onLate()
    })
    if (!force && !(await happensWithin(closed, connectTimeout))) void this.close(true)
    // Whichever of the two comes first: a driver that hangs may do so for ever.
    await closed
    this.end()
  }

  end(): void {
    this.stage = 'gone'
    this.database = undefined
    this.#ready.happen()
    this.#gone.happen()
  }

  /** Asks whether the database answers; several who want to know ask once. */
  check(): Promise<boolean> {
    this.ping ??= this.#answers().finally(() => {
      this.ping = undefined
    })
    return this.ping
  }

  async #answers(): Promise<boolean> {
    const { binding, connectTimeout, outside } = this.#surroundings
    const { database } = this
    if (database === undefined) return false
    try {
      const pinged = outside(async () => await binding.ping?.(database))
      pinged.catch(() => undefined)
      if (!(await happensWithin(pinged, connectTimeout))) return false
      this.usedAt = now()
      return true
    } catch {
      return false
    }
  }
}

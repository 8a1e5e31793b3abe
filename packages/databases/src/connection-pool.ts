/**
 * The connections of all tenants: at most `max` at a time, one for each tenant, the least recently
 * used idle one closed for whoever waits longest. Nothing here waits: each method is one step that
 * looks and acts, so that no other request comes in between.
 */
import { LRUCache } from 'lru-cache'
import { Connection, type Surroundings } from './connection.ts'
import { tell } from './events.ts'
import type { Settings } from './options.ts'
import { unavailable } from './refusals.ts'
import type { TenantRow } from './registry.ts'
import type { DatabaseStats } from './tenant-databases.ts'
import { now } from './waiting.ts'

/** Why a tenant is not tried again yet. */
interface Backoff {
  readonly failures: number
  readonly until: number
  readonly version: number
  readonly cause: unknown
}

const firstBackoff = 100
const longestBackoff = 5_000

export class ConnectionPool<Database, Row extends TenantRow> {
  readonly #settings: Settings<Database, Row>
  readonly #surroundings: Surroundings<Database, Row>
  /** The connection of each tenant that leases are had of: queued, opening or open. */
  readonly #current = new Map<string, Connection<Database, Row>>()
  /** Everything that counts: opening, open and closing. */
  readonly #live = new Set<Connection<Database, Row>>()
  /** Who waits for room, longest first. */
  readonly #queue = new Set<Connection<Database, Row>>()
  /** Whom nobody uses, least recently used first. */
  readonly #idle = new Set<Connection<Database, Row>>()
  /** A driver is opening for this tenant, wanted or not: never a second one at a time. */
  readonly #opening = new Map<string, Connection<Database, Row>>()
  readonly #backoff = new LRUCache<string, Backoff>({ max: 10_000 })
  readonly #counts = { opened: 0, hits: 0, evicted: 0, expired: 0, failed: 0, forced: 0 }
  #sweep: NodeJS.Timeout | undefined

  constructor(settings: Settings<Database, Row>, outside: Surroundings<Database, Row>['outside']) {
    this.#settings = settings
    const { binding, connectTimeout, acquireTimeout } = settings
    const patience = Math.min(connectTimeout, acquireTimeout / 2)
    const onLate = () => this.#makeRoom()
    this.#surroundings = { binding, connectTimeout, patience, onLate, outside }
  }

  /**
   * The connection for this row: the one there is, or a new one in the queue. Undefined when the row
   * is older than that of the one there is.
   *
   * @throws {UnavailableError} `database_unavailable` where opening failed a moment ago
   */
  find(row: Row, askedAt: number): Connection<Database, Row> | undefined {
    const { tenantId } = row
    const current = this.#current.get(tenantId)
    if (current !== undefined) {
      if (current.version === row.version) {
        current.confirmedAt = Math.max(current.confirmedAt, askedAt)
        return current
      }
      if (askedAt < current.confirmedAt) return undefined
      this.retire(current)
    }
    this.#refuseBackoff(row)
    const { outside } = this.#surroundings
    // Its promises would keep the context of the request that came first, for as long as it lives.
    const connection = outside(() => new Connection(row, askedAt, this.#surroundings))
    this.#current.set(tenantId, connection)
    this.#queue.add(connection)
    this.#makeRoom()
    return connection
  }

  /** The open connection of the tenant, to be leased without a wait. */
  peek(row: Row): Connection<Database, Row> | undefined {
    const current = this.#current.get(row.tenantId)
    return current?.version === row.version ? current : undefined
  }

  /** Whether it can be leased now. One that does not stand any more is retired. */
  isReady(connection: Connection<Database, Row>, isChecked = false): boolean {
    if (connection.isRetired || connection.stage !== 'open') return false
    if (!isChecked && (connection.ping !== undefined || this.#needsPing(connection))) return false
    if (connection.isStanding()) return true
    this.retire(connection)
    return false
  }

  #needsPing(connection: Connection<Database, Row>): boolean {
    const { binding, pingAfter } = this.#settings
    if (binding.ping === undefined || connection.leases > 0) return false
    return now() - connection.usedAt >= pingAfter
  }

  /** Pings it, which it needs before the next lease; answers whether it stands. */
  async check(connection: Connection<Database, Row>): Promise<boolean> {
    const { outside } = this.#surroundings
    const stands = await outside(() => connection.check())
    if (!stands) this.retire(connection)
    return stands
  }

  lease(connection: Connection<Database, Row>): void {
    connection.leases++
    this.#idle.delete(connection)
  }

  release(connection: Connection<Database, Row>): void {
    connection.leases--
    connection.usedAt = now()
    this.#settle(connection)
  }

  want(connection: Connection<Database, Row>): void {
    connection.interest++
    this.#idle.delete(connection)
  }

  letGo(connection: Connection<Database, Row>): void {
    connection.interest--
    // The last one who waited has gone.
    if (connection.interest === 0 && connection.stage === 'queued') this.retire(connection)
    else this.#settle(connection)
  }

  countHit(): void {
    this.#counts.hits++
  }

  /** Where a connection goes that somebody has given back, or that has just been opened. */
  #settle(connection: Connection<Database, Row>): void {
    if (connection.stage !== 'open') return
    if (connection.isRetired) {
      if (connection.leases === 0) this.#close(connection, false)
      return
    }
    if (!connection.isIdle) return
    this.#idle.delete(connection)
    this.#idle.add(connection)
    this.#scheduleSweep()
    this.#makeRoom()
  }

  /** Nobody gets another lease of it. It is closed when the last lease ends. */
  retire(connection: Connection<Database, Row>): void {
    this.#withdraw(connection)
    this.#settle(connection)
  }

  /** Retires the one that leases of this tenant are had of. */
  retireCurrent(tenantId: string): void {
    const current = this.#current.get(tenantId)
    if (current !== undefined) this.retire(current)
  }

  #withdraw(connection: Connection<Database, Row>): void {
    if (connection.isRetired) return
    const { tenantId } = connection.row
    connection.retire()
    this.#idle.delete(connection)
    // Its successor may be there already.
    if (this.#current.get(tenantId) === connection) this.#current.delete(tenantId)
    if (this.#queue.delete(connection)) connection.end()
  }

  /** Every connection that a tenant has, or all that there are: also those that are retired. */
  connectionsOf(tenantId?: string): readonly Connection<Database, Row>[] {
    return [...this.#queue, ...this.#live].filter(
      ({ row }) => tenantId === undefined || row.tenantId === tenantId,
    )
  }

  /** Closes it under whoever has it; answers whether somebody had. */
  force(connection: Connection<Database, Row>): boolean {
    const isLeased = connection.leases > 0 && connection.stage === 'open'
    if (isLeased) this.#counts.forced++
    this.#withdraw(connection)
    this.#close(connection, true)
    return isLeased
  }

  forgive(tenantId: string): void {
    this.#backoff.delete(tenantId)
  }

  stats(): Omit<DatabaseStats, 'waiting'> {
    const leased = this.#liveOnes(({ leases, stage }) => leases > 0 && stage === 'open')
    const opening = this.#liveOnes(({ stage }) => stage === 'opening')
    const closing = this.#liveOnes(({ stage }) => stage === 'closing')
    const { size: live } = this.#live
    return { live, leased, idle: this.#idle.size, opening, closing, ...this.#counts }
  }

  #liveOnes(isOne: (connection: Connection<Database, Row>) => boolean): number {
    let found = 0
    for (const connection of this.#live) if (isOne(connection)) found++
    return found
  }

  /** Opens for those who wait, in their order, and closes idle connections for those left over. */
  #makeRoom(): void {
    if (this.#queue.size === 0) return
    // One that may never be closed is none to wait for.
    let coming = this.#liveOnes(({ stage, isLate }) => stage === 'closing' && !isLate)
    for (const connection of this.#queue) {
      const { tenantId } = connection.row
      if (this.#opening.has(tenantId)) continue
      if (this.#backoff.has(tenantId) && !this.#hasRoomForAnotherTry()) continue
      if (this.#live.size < this.#settings.max) {
        this.#queue.delete(connection)
        this.#surroundings.outside(() => void this.#open(connection))
      } else if (coming > 0) coming--
      else {
        const [oldest] = this.#idle
        if (oldest === undefined) return
        this.#counts.evicted++
        this.retire(oldest)
      }
    }
  }

  /**
   * Tenants whose last open has failed get a quarter of the places to try it again, so that a server
   * that is gone does not take all of them from the others.
   */
  #hasRoomForAnotherTry(): boolean {
    let tries = 0
    for (const { failure, row } of this.#opening.values()) {
      if (failure === undefined && this.#backoff.has(row.tenantId)) tries++
    }
    return tries < Math.max(1, Math.floor(this.#settings.max / 4))
  }

  async #open(connection: Connection<Database, Row>): Promise<void> {
    const { tenantId } = connection.row
    this.#live.add(connection)
    this.#opening.set(tenantId, connection)
    void connection.ready.then(() => this.#noteFailure(connection))
    void connection.gone.then(() => {
      this.#live.delete(connection)
      this.#makeRoom()
    })
    // It may be closed by force before the driver has given up.
    await Promise.race([connection.open(), connection.gone])
    this.#opening.delete(tenantId)
    if (connection.stage === 'open') {
      this.#counts.opened++
      this.#backoff.delete(tenantId)
      this.#settle(connection)
    }
    this.#makeRoom()
  }

  #noteFailure(connection: Connection<Database, Row>): void {
    const { failure, row } = connection
    if (failure === undefined) return
    this.#counts.failed++
    tell('open_failed', row.tenantId, failure.cause)
    const failures = (this.#backoff.peek(row.tenantId)?.failures ?? 0) + 1
    const wait = Math.min(firstBackoff * 2 ** (failures - 1), longestBackoff)
    const { version } = row
    this.#backoff.set(row.tenantId, { failures, until: now() + wait, version, ...failure })
    this.retire(connection)
    this.#makeRoom()
  }

  #refuseBackoff({ tenantId, version }: Row): void {
    const backoff = this.#backoff.get(tenantId)
    if (backoff === undefined || backoff.version !== version) return
    const wait = backoff.until - now()
    // A driver that has not given up yet would be a second one at a time.
    const isStuck = this.#opening.get(tenantId)?.failure !== undefined
    if (wait > 0 || isStuck) throw unavailable(backoff.cause, Math.max(wait, 1000) / 1000)
  }

  #close(connection: Connection<Database, Row>, force: boolean): void {
    this.#surroundings.outside(() => void connection.close(force))
  }

  /** One timer, for the connection that has been idle for the longest time. */
  #scheduleSweep(): void {
    if (this.#sweep !== undefined) return
    const [oldest] = this.#idle
    if (oldest === undefined) return
    const { idleTimeout } = this.#settings
    const wait = Math.max(1, oldest.usedAt + idleTimeout - now())
    this.#sweep = this.#surroundings.outside(() => setTimeout(() => this.#expire(), wait))
    this.#sweep.unref()
  }

  #expire(): void {
    this.#sweep = undefined
    for (const connection of this.#idle) {
      if (now() - connection.usedAt < this.#settings.idleTimeout) break
      this.#counts.expired++
      this.retire(connection)
    }
    this.#scheduleSweep()
  }
}

/**
 * A world in which nothing happens by itself: every call of the driver and of the registry waits until
 * the program of a test lets it go on, and the clock is moved by it. What must never be the case is
 * looked at at every step.
 */
import { vi } from 'vitest'
import {
  createTenantDatabases,
  type Lease,
  type TenantDatabases,
  type TenantRow,
  type TenantStatus,
} from '../../src/index.ts'

interface Database {
  readonly tenantId: string
  readonly name: string
  isOpen: boolean
  isHealthy: boolean
  /** The turn in which it broke. */
  brokenAt: number
  /** Leases by which it was handed over, and that have not ended. */
  holders: number
}

/** Something that waits for the program. */
interface Waiting {
  readonly what: string
  proceed(isGood: boolean): void
}

/** Between a promise that is resolved and whoever awaits it. */
const fewTurns = 8

interface Change {
  readonly turn: number
  readonly time: number
}

/** How large the world is, and for how many seconds it uses an answer of the registry. */
export interface Size {
  readonly tenants: readonly string[]
  readonly max: number
  readonly registryTtl: number
}

export class Model {
  readonly databases: TenantDatabases<Database>
  readonly broken: string[] = []
  readonly #registryTtl: number
  readonly #max: number
  readonly #rows = new Map<string, TenantRow>()
  readonly #waiting: Waiting[] = []
  readonly #holding: Waiting[] = []
  readonly #opens = new Map<string, number>()
  readonly #alive = new Set<Database>()
  readonly #all: Database[] = []
  /** Since when a tenant is suspended here, in turns of the queue of promises. */
  readonly #suspendedSince = new Map<string, number>()
  readonly #suspensions = new Map<string, number>()
  /** What was asked for a tenant, in order: its writes come in the same one. */
  readonly #asked = new Map<string, { readonly suspension: number; readonly isResume: boolean }[]>()
  /** Since when the registry has had another status than active. */
  readonly #forgotten = new Map<string, number>()
  readonly #inactive = new Map<string, Change>()
  /** When a database was left behind, by its name. */
  readonly #moved = new Map<string, Change>()
  /** The earliest times at which a database may be cut. */
  readonly #cuts: { readonly tenantId: string | undefined; readonly at: number }[] = []
  readonly #calls = new Set<Promise<unknown>>()
  readonly handed: Record<'use' | 'lease', number> = { use: 0, lease: 0 }
  readonly refusals: Map<string, number> = new Map()
  #opening = 0
  #isClosing = false
  #turn = 0
  constructor({ tenants, max, registryTtl }: Size) {
    this.#registryTtl = registryTtl
    this.#max = max
    for (const tenantId of tenants) {
      this.#rows.set(tenantId, {
        tenantId,
        status: 'active',
        databaseName: `${tenantId}_1`,
        version: 1,
      })
    }
    this.databases = createTenantDatabases<Database>({
      registry: {
        find: async (tenantId) => {
          await this.#wait(`find ${tenantId}`)
          return this.#rows.get(tenantId)
        },
        setStatus: async (tenantId, status) => {
          const call = this.#asked.get(tenantId)?.shift()
          await this.#wait(`write ${tenantId}`)
          this.#change(tenantId, { status })
          const isLatest = call?.suspension === this.#suspensions.get(tenantId)
          if (isLatest && call?.isResume) this.#suspendedSince.delete(tenantId)
          if (isLatest && call?.isResume === false) this.#suspendedSince.set(tenantId, this.#turn)
        },
      },
      connect: (row) => this.#connect(row),
      disconnect: (database, { force }) => this.#disconnect(database, force),
      isHealthy: (database) => database.isHealthy,
      ping: ({ tenantId }) => this.#wait(`ping ${tenantId}`),
      max,
      registryTtl,
      acquireTimeout: 5,
      connectTimeout: 3,
      idleTimeout: 20,
      pingAfter: 4,
    })
  }

  #check(holds: boolean, what: string): void {
    if (!holds) this.broken.push(what)
  }

  async #wait(what: string): Promise<void> {
    const isGood = await new Promise<boolean>((resolve) => {
      const waiting = {
        what,
        proceed: (good: boolean) => {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
          resolve(good)
        },
      }
      this.#waiting.push(waiting)
    })
    if (!isGood) throw new Error(`${what} has failed`)
  }

  async #connect(row: TenantRow): Promise<Database> {
    const { tenantId, databaseName: name } = row
    this.#check(!this.#isClosing, `${tenantId} was opened after the end`)
    const opens = (this.#opens.get(tenantId) ?? 0) + 1
    this.#opens.set(tenantId, opens)
    this.#check(opens === 1, `two opens of ${tenantId} at a time`)
    this.#opening++
    this.#check(this.#opening + this.#alive.size <= this.#max, 'more than max are live')
    try {
      await this.#wait(`connect ${tenantId}`)
      const database = {
        tenantId,
        name,
        isOpen: true,
        isHealthy: true,
        brokenAt: Infinity,
        holders: 0,
      }
      this.#alive.add(database)
      this.#all.push(database)
      return database
    } finally {
      this.#opening--
      this.#opens.set(tenantId, (this.#opens.get(tenantId) ?? 0) - 1)
    }
  }

  async #disconnect(database: Database, force: boolean): Promise<void> {
    const { tenantId } = database
    if (database.holders > 0) {
      const now = performance.now()
      const mayCut = this.#cuts.some(
        (cut) => (cut.tenantId === undefined || cut.tenantId === tenantId) && cut.at <= now,
      )
      this.#check(force && mayCut, `${tenantId} was closed while leased`)
    }
    try {
      // By force a driver does not wait for anybody.
      if (!force) await this.#wait(`disconnect ${tenantId}`)
    } finally {
      database.isOpen = false
      this.#alive.delete(database)
    }
  }

  #change(tenantId: string, changes: Partial<TenantRow>): void {
    const row = this.#rows.get(tenantId)
    if (row !== undefined)
      this.#rows.set(tenantId, { ...row, version: row.version + 1, ...changes })
  }

  #handedOver(kind: 'use' | 'lease', asked: string, database: Database, row: TenantRow): void {
    this.handed[kind]++
    this.#check(database.tenantId === asked, `${asked} got the database of ${database.tenantId}`)
    this.#check(database.name === row.databaseName, 'a row that is not of this database')
    this.#check(this.#turn - database.brokenAt <= 2 * fewTurns, `${asked} got a broken one`)
    this.#check(database.isOpen, `${asked} got one that is closed`)
    // Whoever awaits a lease hears of it a few turns later. What runs in `use` runs at once.
    const turns = kind === 'use' ? 0 : fewTurns
    const since = this.#suspendedSince.get(asked)
    this.#check(since === undefined || this.#turn - since < turns, `${asked} was suspended`)
    const moved = this.#moved.get(row.databaseName)
    this.#check(moved === undefined || this.#isYoung(moved), `${asked} got the database of before`)
    const inactive = this.#inactive.get(asked)
    if (inactive === undefined) return
    const forgotten = this.#forgotten.get(asked) ?? -1
    this.#check(kind !== 'use' || forgotten < inactive.turn, `${asked} was to be forgotten`)
    this.#check(this.#isYoung(inactive), `${asked} was not active in the registry`)
  }

  /** Whether the answer of the registry may still be the one from before. */
  #isYoung(change: Change): boolean {
    return this.#registryTtl === 0
      ? this.#turn - change.turn <= 2 * fewTurns
      : performance.now() - change.time <= this.#registryTtl * 1000
  }

  #track(call: Promise<unknown>): void {
    const tracked = call
      .catch((error: unknown) => {
        const code = String(Reflect.get(Object(error), 'code') ?? error)
        this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1)
      })
      .finally(() => this.#calls.delete(tracked))
    this.#calls.add(tracked)
  }

  #hold(what: string): Promise<boolean> {
    return new Promise((resolve) => {
      const holding = {
        what,
        proceed: (isGood: boolean) => {
          this.#holding.splice(this.#holding.indexOf(holding), 1)
          resolve(isGood)
        },
      }
      this.#holding.push(holding)
    })
  }

  use(tenantId: string): void {
    const used = this.databases.use(tenantId, async (database, row) => {
      this.#handedOver('use', tenantId, database, row)
      database.holders++
      const isGood = await this.#hold(`use ${tenantId}`)
      database.holders--
      if (!isGood) throw Object.assign(new Error('of the caller'), { code: 'of_the_caller' })
    })
    this.#track(used)
  }

  lease(tenantId: string): void {
    const work = async (lease: Lease<Database>) => {
      const { database } = lease
      this.#handedOver('lease', tenantId, database, lease.row)
      database.holders++
      await this.#hold(`lease ${tenantId}`)
      database.holders--
      lease.release()
    }
    this.#track(this.databases.lease(tenantId).then(work))
  }

  suspend(tenantId: string, deadline: number): void {
    this.#suspendedSince.set(tenantId, this.#turn)
    const suspension = (this.#suspensions.get(tenantId) ?? 0) + 1
    this.#suspensions.set(tenantId, suspension)
    this.#note(tenantId, { suspension, isResume: false })
    this.#cuts.push({ tenantId, at: performance.now() + deadline * 1000 })
    this.#track(this.databases.suspend(tenantId, { deadline }))
  }

  resume(tenantId: string): void {
    this.#note(tenantId, { suspension: this.#suspensions.get(tenantId) ?? 0, isResume: true })
    this.#track(this.databases.resume(tenantId))
  }

  #note(tenantId: string, call: { suspension: number; isResume: boolean }): void {
    const calls = this.#asked.get(tenantId) ?? []
    calls.push(call)
    this.#asked.set(tenantId, calls)
  }

  evict(tenantId: string): void {
    this.#track(this.databases.evict(tenantId))
  }

  forget(tenantId: string): void {
    this.databases.forget(tenantId)
    this.#forgotten.set(tenantId, ++this.#turn)
  }

  /** Another server changes the row. */
  changeElsewhere(tenantId: string, status: TenantStatus): void {
    this.#change(tenantId, { status })
    if (status === 'active') this.#suspendedSince.delete(tenantId)
  }

  move(tenantId: string): void {
    const { version = 0, databaseName = '' } = this.#rows.get(tenantId) ?? {}
    this.#moved.set(databaseName, { turn: this.#turn, time: performance.now() })
    this.#change(tenantId, { databaseName: `${tenantId}_${version + 1}` })
  }

  /** A connection breaks. */
  break(choice: number): void {
    const alive = [...this.#alive]
    const database = alive[choice % Math.max(1, alive.length)]
    if (database === undefined || !database.isHealthy) return
    database.isHealthy = false
    database.brokenAt = this.#turn
  }

  close(deadline: number): void {
    this.#isClosing = true
    this.#cuts.push({ tenantId: undefined, at: performance.now() + deadline * 1000 })
    this.#track(this.databases.close({ deadline }))
  }

  /** Lets one of those who wait go on. */
  proceed(choice: number, isGood: boolean): void {
    this.#waiting[choice % Math.max(1, this.#waiting.length)]?.proceed(isGood)
  }

  /** All of them go on. */
  flow(): void {
    for (const waiting of [...this.#waiting]) waiting.proceed(true)
  }

  finish(choice: number, isGood: boolean): void {
    this.#holding[choice % Math.max(1, this.#holding.length)]?.proceed(isGood)
  }

  /** What was handed over at this time is first seen at this time: nobody awaits for seconds. */
  async pass(milliseconds: number): Promise<void> {
    await this.turns(2 * fewTurns)
    vi.advanceTimersByTime(milliseconds)
  }

  async turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn++) {
      await Promise.resolve()
      this.#turn++
    }
    const { live, waiting } = this.databases.stats()
    this.#check(live <= this.#max, `stats count ${live} live`)
    this.#check(waiting >= 0, 'stats count less than nobody waiting')
  }

  /** Lets everything go on until all that was begun has ended, and looks whether anything is left. */
  async end(): Promise<void> {
    this.close(10)
    for (let round = 0; round < 200; round++) {
      for (const waiting of [...this.#waiting]) waiting.proceed(true)
      for (const holding of [...this.#holding]) holding.proceed(true)
      await this.turns(20)
      await this.pass(200)
      await this.turns(20)
      if (this.#calls.size === 0 && this.#alive.size === 0 && this.#opening === 0) break
    }
    this.#check(this.#calls.size === 0, `${this.#calls.size} calls never ended`)
    this.#check(this.#alive.size === 0, `${this.#alive.size} databases were left open`)
    this.#check(this.#opening === 0, 'a driver is opening still')
    const holders = this.#all.filter((database) => database.holders !== 0)
    this.#check(holders.length === 0, 'a lease was not released')
    const { live, leased, idle, waiting } = this.databases.stats()
    this.#check(live + leased + idle + waiting === 0, 'stats count what is not there')
  }
}

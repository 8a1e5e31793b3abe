/** What an application holds: the databases of all its tenants. */
import type { ServerResponse } from 'node:http'
import type { Lease } from './lease.ts'
import type { TenantRow } from './registry.ts'

/** The databases of the tenants, each opened when it is needed and closed when others need the room. */
export interface TenantDatabases<Database, Row extends TenantRow = TenantRow> {
  /**
   * Runs this with the database of the tenant, and awaits what it returns before the release.
   *
   * @throws {RequestError} `tenant_invalid`, before anything is asked or opened
   * @throws {AccessError} `tenant_forbidden` for a tenant that is not there, `tenant_suspended`
   * @throws {UnavailableError} `database_unavailable`, `pool_exhausted`, `shutting_down`
   */
  use<Result>(
    tenantId: string,
    run: (database: Database, row: Row) => Result | PromiseLike<Result>,
  ): Promise<Result>
  /** The same where there is no function to run: whoever takes a lease has to release it. */
  lease(tenantId: string): Promise<Lease<Database, Row>>
  /**
   * Refuses the tenant from this call on, writes it to the registry, and waits until its leases have
   * ended. After the deadline its connection is closed under them. When the registry cannot be
   * written, the tenant stays refused here, and the error is thrown.
   */
  suspend(tenantId: string, options?: DeadlineOptions): Promise<void>
  /** Serves the tenant again, once the registry has been written. */
  resume(tenantId: string): Promise<void>
  /** Closes the connection of the tenant, once its leases have ended. The next use opens another one. */
  evict(tenantId: string): Promise<void>
  /** Forgets what the registry said of the tenant: for a message from another server that it changed. */
  forget(tenantId: string): void
  /** How things are now, and what has happened so far. */
  stats(): DatabaseStats
  /**
   * Refuses new work, waits until the leases have ended, and closes every connection; at the
   * deadline, by force. A second call with a shorter deadline makes it shorter.
   */
  close(options?: DeadlineOptions): Promise<CloseReport>
  /**
   * Express middleware behind a guard: leases the database of the tenant that the guard has checked,
   * and puts it on the request as `database`. It is released when the response has ended or broken off.
   */
  middleware(): DatabaseMiddleware
  /**
   * For adapters: leases the database of the tenant that a guard has checked for this request, until
   * the response has ended or broken off. Answers false when that has happened before.
   *
   * @throws {ConfigurationError} `option_invalid`, `tenant_unresolved` when no guard has let the request
   * into a tenant, and everything that `use` throws
   */
  attach(request: object, response: ServerResponse): Promise<boolean>
  /** For adapters: whether a guard has let this request into a tenant. */
  isInTenant(request: object): boolean
  /**
   * The database that the middleware, or the plugin for Fastify, has put on this request.
   *
   * @throws {ConfigurationError} `option_invalid` when neither has
   */
  of(request: object): Database
}

/** Seconds, default 10. 0 is at once. */
export interface DeadlineOptions {
  readonly deadline?: number
}

/** What `close` had to do. */
export interface CloseReport {
  /** Tenants whose connection was closed while it was leased. */
  readonly forced: readonly string[]
  /** Tenants whose connection could not be closed, or not in time. */
  readonly abandoned: readonly string[]
}

/** Connections and requests. The first six are of this moment, the others count from the start. */
export interface DatabaseStats {
  /** Connections that are open, or being opened or closed: never more than `max`. */
  readonly live: number
  /** Connections that somebody has a lease of. */
  readonly leased: number
  /** Connections that nobody has a lease of. */
  readonly idle: number
  readonly opening: number
  readonly closing: number
  /** Requests that wait for a connection. */
  readonly waiting: number
  /** Connections that have been opened. */
  readonly opened: number
  /** Leases that found their connection open. */
  readonly hits: number
  /** Connections that were closed to make room for another one. */
  readonly evicted: number
  /** Connections that were closed because nobody used them. */
  readonly expired: number
  /** Connections that could not be opened. */
  readonly failed: number
  /** Connections that were closed while they were leased. */
  readonly forced: number
}

/** Middleware by its form: for Express 4 and 5. */
export type DatabaseMiddleware = (
  request: object,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

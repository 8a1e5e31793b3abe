/** What a caller holds for as long as it uses the database of a tenant. */
import { ConfigurationError } from '@tenantry/core'
import type { TenantRow } from './registry.ts'

/** The database of a tenant, until it is released. It is not closed before that, but by force. */
export interface Lease<Database, Row extends TenantRow = TenantRow> {
  readonly tenantId: string
  /** The row of the registry with which it was opened. */
  readonly row: Row
  /**
   * The database.
   *
   * @throws {ConfigurationError} `client_released` after the release
   */
  readonly database: Database
  /** Gives it back. A second time does nothing. */
  release(): void
  [Symbol.asyncDispose](): Promise<void>
}

/** What a lease is of. */
interface Leased<Row> {
  readonly row: Row
  readonly isRetired: boolean
}

/** A class, so that a lease costs one object. */
export class HeldLease<Database, Row extends TenantRow, Held extends Leased<Row> = Leased<Row>>
  implements Lease<Database, Row>
{
  readonly row: Row
  readonly #pool: { release(held: Held): void }
  readonly #held: Held
  readonly #database: Database
  #isReleased = false

  constructor(pool: { release(held: Held): void }, held: Held, database: Database) {
    this.row = held.row
    this.#pool = pool
    this.#held = held
    this.#database = database
  }

  get tenantId(): string {
    return this.row.tenantId
  }

  get database(): Database {
    if (!this.#isReleased) return this.#database
    throw new ConfigurationError(
      'client_released',
      'The database of a tenant was used after its release. Await all work on it before that.',
    )
  }

  /** Whether nobody would get it any more. */
  isWithdrawn(): boolean {
    return this.#held.isRetired
  }

  release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#pool.release(this.#held)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release()
  }
}

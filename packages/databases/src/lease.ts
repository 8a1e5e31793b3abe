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

/** A class, so that a lease costs one object. */
export class HeldLease<Database, Row extends TenantRow> implements Lease<Database, Row> {
  readonly row: Row
  readonly #database: Database
  #giveBack: (() => void) | undefined

  constructor(row: Row, database: Database, giveBack: () => void) {
    this.row = row
    this.#database = database
    this.#giveBack = giveBack
  }

  get tenantId(): string {
    return this.row.tenantId
  }

  get database(): Database {
    if (this.#giveBack !== undefined) return this.#database
    throw new ConfigurationError(
      'client_released',
      'The database of a tenant was used after its release. Await all work on it before that.',
    )
  }

  release(): void {
    const giveBack = this.#giveBack
    this.#giveBack = undefined
    giveBack?.()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release()
  }
}

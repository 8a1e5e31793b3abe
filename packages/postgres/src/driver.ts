/** What is used of `pg`, by its form: the package is a peer, and its types stay out of ours. */

/** A client that a pool handed out. */
export interface PgClient {
  query(text: string): Promise<unknown>
  release(destroy?: Error | boolean): void
}

/** A pool of `pg`, or what has its form. */
export interface PgPool {
  connect(): Promise<PgClient>
  end(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** What PGlite answers with. */
export interface PgliteResult {
  readonly rows: readonly unknown[]
  readonly affectedRows?: number
}

/** A transaction of PGlite. */
export interface PgliteTransaction {
  query(text: string, values?: unknown[]): Promise<PgliteResult>
  exec(text: string): Promise<unknown>
}

/** PGlite, by its form. */
export interface PgliteSource {
  query(text: string, values?: unknown[]): Promise<PgliteResult>
  transaction<Result>(run: (transaction: PgliteTransaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** The client as it is used inside, with any arguments and all that its state is read from. */
export interface RawClient {
  query(...args: readonly unknown[]): unknown
  release(destroy?: Error | boolean): void
  /** `I` idle, `T` in a transaction, `E` in a failed one: from the last ReadyForQuery message. */
  getTransactionStatus(): string | null
  /** False while an answer is not complete. */
  readonly readyForQuery: boolean
  on(event: string, listener: (...args: readonly unknown[]) => void): unknown
  removeListener(event: string, listener: (...args: readonly unknown[]) => void): unknown
}

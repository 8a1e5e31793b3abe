/** What the isolation suite has to be given: the same few operations, on whatever stores the rows. */

/** A row as the program sees it. */
export interface Item {
  /** The same in both tenants. Unique within one. */
  readonly key: string
  readonly name: string
  readonly amount: number
}

/** A row as it is stored. */
export interface StoredItem extends Item {
  readonly tenantId: string
}

/** Something that was sent to the server, and the tenant that it was bound to. */
export interface WireCommand {
  readonly text: string
  readonly tenantId: string | undefined
}

/**
 * The operations of your models, written as in a handler that has forgotten the tenant. Those that are
 * left out are named in the output of the suite.
 */
export interface ItemOperations {
  list(): PromiseLike<readonly Item[]>
  find(key: string): PromiseLike<Item | undefined>
  insert(item: Item): PromiseLike<unknown>
  update(
    key: string,
    changes: { readonly name?: string; readonly amount?: number },
  ): PromiseLike<unknown>
  remove(key: string): PromiseLike<unknown>
  count?(): PromiseLike<number>
  /** The rows with the name. */
  search?(name: string): PromiseLike<readonly Item[]>
  /** The sum of all amounts: an aggregate. */
  total?(): PromiseLike<number>
  insertMany?(items: readonly Item[]): PromiseLike<unknown>
  /** Inserts the row, or changes the one with its key. */
  upsert?(item: Item): PromiseLike<unknown>
  updateAll?(changes: { readonly amount: number }): PromiseLike<unknown>
  removeAll?(): PromiseLike<unknown>
  /** Asks for the rows of a tenant by its id, as an attacker would. */
  listOf?(tenantId: string): PromiseLike<readonly Item[]>
  /** Writes a row and says that it is another tenant's. */
  insertAs?(tenantId: string, item: Item): PromiseLike<unknown>
  /** Gives a row to another tenant. */
  moveTo?(key: string, tenantId: string): PromiseLike<unknown>
  /** Runs the operations in one transaction, which is rolled back when `run` rejects. */
  transaction?<Result>(run: (operations: ItemOperations) => Promise<Result>): PromiseLike<Result>
}

/** Something that only this adapter can do, and that has to stay inside of the tenant as well. */
export interface FurtherOperation {
  readonly title: string
  run(): unknown
  /** Whether it answers (the default), has to be refused, or may do either. */
  readonly outcome?: 'answers' | 'refused' | 'either'
}

/** Your models, and two ways around them for the proof. */
export interface IsolationAdapter {
  readonly operations: ItemOperations
  readonly further?: readonly FurtherOperation[]
  /** Replaces all that is stored, of every tenant, without going through what is tested. */
  seed(items: readonly StoredItem[]): PromiseLike<unknown>
  /** All that is stored, of every tenant, without going through what is tested. */
  readAll(): PromiseLike<readonly StoredItem[]>
  /** Begins to listen to what is sent; the function that it answers with ends that. */
  record?(): () => readonly WireCommand[]
  /** Does work for a tenant. Default: `withTenant` of `@tenantry/core/context`. */
  inTenant?<Result>(tenantId: string, run: () => PromiseLike<Result> | Result): Promise<Result>
}

/** PGlite as a database of tenants: one connection, whose transactions take turns. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { armingOf, type Binding, checkArmed, leftovers } from './arming.ts'
import type { PgliteResult, PgliteSource, PgliteTransaction } from './driver.ts'
import { callRefused, tenantSwitched } from './refuse.ts'
import { currentScope, requireSystem, type Scope } from './scope.ts'
import { escapesTransaction, leavesTraces } from './statement.ts'
import type { TenantDatabase, TenantQueries, TenantResult } from './tenant-database.ts'

/** A transaction, and the one around it, of another PGlite. */
interface Open {
  readonly server: PgliteSource
  readonly outer: Open | undefined
  isOpen: boolean
}

/** One for all databases: two of them may be over the same PGlite. */
const inside = new AsyncLocalStorage<Open>()

/** Work that goes on when its transaction is over does not wait for it. */
function isWithin(open: Open | undefined, server: PgliteSource): boolean {
  if (open === undefined) return false
  return (open.isOpen && open.server === server) || isWithin(open.outer, server)
}

/** @param system - what serves the work of the system */
export function pgliteDatabase(
  source: PgliteSource,
  binding: Binding,
  system: PgliteSource | undefined,
): TenantDatabase {
  async function transaction<Result>(run: (to: TenantQueries) => Promise<Result>): Promise<Result> {
    const scope = currentScope()
    const server = scope === undefined ? requireSystem(system) : source
    // PGlite has one connection: a transaction that waits for itself would wait for ever.
    const outer = inside.getStore()
    if (isWithin(outer, server)) {
      throw callRefused('Use the transaction that is open: PGlite has one connection.')
    }
    const open: Open = { server, outer, isOpen: true }
    return await inside.run(open, () =>
      server.transaction(async (to) => {
        try {
          if (scope !== undefined) await arm(to, binding, scope)
          const result = await run(queriesOf(to, scope, () => open.isOpen, 1))
          // Fails when a statement had failed, however its error was handled: PGlite would not say so.
          await to.exec('select 1')
          return result
        } finally {
          open.isOpen = false
        }
      }),
    )
  }

  return {
    transaction,
    query: async (text, values) => await transaction(async (to) => await to.query(text, values)),
    close: async () => await source.close(),
  }
}

async function arm(to: PgliteTransaction, binding: Binding, tenantId: string): Promise<void> {
  const answer = await to.exec(`${leftovers}${armingOf(binding, tenantId)}`)
  // Its one connection is as good as a new one each time: nothing here has to be fast.
  await checkArmed({}, answer, tenantId, (text) => to.exec(text))
}

function queriesOf(
  to: PgliteTransaction,
  scope: Scope,
  isOpen: () => boolean,
  depth: number,
): TenantQueries {
  const check = () => {
    if (!isOpen()) throw callRefused('The transaction is over. Await every query inside of it.')
    if (currentScope() !== scope) throw tenantSwitched()
  }
  const savepoint = `tenantry_${depth}`
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      check()
      if (typeof text !== 'string') throw callRefused('query needs the text of a statement.')
      // The connection is a superuser's: what ends the transaction or its role would see every tenant.
      if (escapesTransaction(text)) {
        throw callRefused('The transaction and the role of a tenant cannot be changed from inside.')
      }
      if (scope !== undefined && leavesTraces(text)) {
        throw callRefused(
          'PGlite has one connection, and what this changes would be there for the next tenant as well. ' +
            'Write set local.',
        )
      }
      return toResult<Row>(await to.query(text, [...values]))
    },
    async transaction(run) {
      check()
      let isInner = true
      await to.exec(`savepoint ${savepoint}`)
      try {
        const result = await run(queriesOf(to, scope, () => isInner && isOpen(), depth + 1))
        await to.exec(`release savepoint ${savepoint}`)
        return result
      } catch (error) {
        await to.exec(`rollback to savepoint ${savepoint}; release savepoint ${savepoint}`)
        throw error
      } finally {
        isInner = false
      }
    },
  }
}

function toResult<Row>({ rows, affectedRows = 0 }: PgliteResult): TenantResult<Row> {
  // What a row holds is what the caller says it asked for.
  return { rows: rows as readonly Row[], rowCount: affectedRows || rows.length }
}

/** The statement that binds a transaction to a tenant, and the proof that it did. */
import { ConfigurationError } from '@tenantry/core'
import { quoteIdentifier, quoteLiteral } from './quote.ts'

/** What a transaction is bound with. */
export interface Binding {
  /** The setting that the policies compare with. */
  readonly setting: string
  /** The role of the transaction; undefined for the one that the connection logged in as. */
  readonly role: string | undefined
}

/**
 * Sets the tenant until the transaction ends, never longer: a setting of the session would be found
 * by whoever gets the connection next. Temporary tables come last in the search path, where they cannot
 * stand in for a protected one.
 */
export function armingOf(binding: Binding, tenantId: string): string {
  const setting = quoteLiteral(binding.setting)
  const role = binding.role === undefined ? '' : `set local role ${quoteIdentifier(binding.role)}; `
  return (
    `${role}select set_config(${setting}, ${quoteLiteral(tenantId)}, true) as tenant, ` +
    "set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), 'pg_temp'), true), " +
    '(select case when rolsuper or rolbypassrls then 1 else 0 end::text from pg_catalog.pg_roles ' +
    'where rolname = current_user) as bypass'
  )
}

/**
 * What an earlier tenant may have left on the connection: the rows of its cursors WITH HOLD and of its temporary
 * tables, and the numbers that it took from sequences.
 */
export const leftovers = 'close all; discard temp; discard sequences; '

/**
 * Reads the answer back: the server has the tenant, and policies hold for the role.
 *
 * @throws {ConfigurationError} `row_security_bypassed` when no policy holds for the role, `call_refused`
 * when the answer is not the tenant
 */
export function checkArmed(answer: unknown, tenantId: string | undefined): void {
  const results: readonly unknown[] = Array.isArray(answer) ? answer : [answer]
  const row = firstRow(results.at(-1))
  if (tenantId === undefined || Reflect.get(row, 'tenant') !== tenantId) {
    throw new ConfigurationError(
      'call_refused',
      'The server did not confirm the tenant of the transaction. Nothing was sent in it.',
    )
  }
  if (Reflect.get(row, 'bypass') === '0') return
  throw new ConfigurationError(
    'row_security_bypassed',
    'The role of the connection is a superuser or has BYPASSRLS, so no policy holds for it. ' +
      'Connect as a role without either.',
  )
}

function firstRow(result: unknown): object {
  const rows: unknown =
    typeof result === 'object' && result !== null ? Reflect.get(result, 'rows') : []
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined
  return typeof row === 'object' && row !== null ? row : {}
}

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
 * by whoever gets the connection next.
 */
export function armingOf(binding: Binding, tenantId: string): string {
  const setting = quoteLiteral(binding.setting)
  const role = binding.role === undefined ? '' : `set local role ${quoteIdentifier(binding.role)}; `
  return (
    `${role}select set_config(${setting}, ${quoteLiteral(tenantId)}, true) as tenant, ` +
    'current_user::text as who'
  )
}

/**
 * What an earlier tenant may have left on the connection: the rows of its cursors WITH HOLD and of its temporary
 * tables, and the numbers that it took from sequences.
 */
export const leftovers = 'close all; discard temp; discard sequences; '

/** Asks whether a policy holds for the role that the transaction has. */
export const roleQuestion =
  'select (not rolsuper and not rolbypassrls)::text as held from pg_catalog.pg_roles where rolname = current_user'

/** The role that was found good, for each connection. To ask each time costs more than all the rest. */
const goodRoles = new WeakMap<object, string>()

/**
 * Reads the answer back: the server has the tenant, and policies hold for the role.
 *
 * @param connection - what stands for the connection
 * @param ask - runs a statement in the transaction, before anything of the program
 * @throws {ConfigurationError} `row_security_bypassed` when no policy holds for the role, `call_refused`
 * when the answer is not the tenant
 */
export async function checkArmed(
  connection: object,
  answer: unknown,
  tenantId: string | undefined,
  ask: (text: string) => Promise<unknown>,
): Promise<void> {
  const row = lastRow(answer)
  const who: unknown = Reflect.get(row, 'who')
  if (
    tenantId === undefined ||
    Reflect.get(row, 'tenant') !== tenantId ||
    typeof who !== 'string'
  ) {
    throw new ConfigurationError(
      'call_refused',
      'The server did not confirm the tenant of the transaction. Nothing was sent in it.',
    )
  }
  if (goodRoles.get(connection) === who) return
  if (Reflect.get(lastRow(await ask(roleQuestion)), 'held') !== 'true') {
    throw new ConfigurationError(
      'row_security_bypassed',
      `No policy holds for the role ${JSON.stringify(who)}: it is a superuser or has BYPASSRLS. ` +
        'Connect as a role without either. PGlite always is one: pass the option "role".',
    )
  }
  goodRoles.set(connection, who)
}

/** The first row of the last statement. */
function lastRow(answer: unknown): object {
  const result: unknown = Array.isArray(answer) ? answer.at(-1) : answer
  const isResult = typeof result === 'object' && result !== null
  const rows: unknown = isResult ? Reflect.get(result, 'rows') : []
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined
  return typeof row === 'object' && row !== null ? row : {}
}

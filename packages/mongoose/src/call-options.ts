/** Options of driver calls that would reach around the scope. */
import type { Scope } from './declaration.ts'
import { isObject, type Plain } from './plain.ts'
import { refuse } from './refuse.ts'
import { refuseServerCode } from './server-code.ts'
import { bindSession } from './sessions.ts'

/** Another database, or a collection to write the result to. */
const elsewhere = ['dbName', 'authdb', 'out']

/** What the server computes, apart from filters, updates and pipelines. */
const expressions = ['projection', 'fields', 'let', 'arrayFilters']

export function guardOptions(options: unknown, scope: Scope | undefined): Plain {
  if (options === undefined || options === null) return {}
  if (!isObject(options)) refuse('options that are no object')
  const own = { ...options }
  for (const name of elsewhere) {
    if (own[name] !== undefined && own[name] !== null) refuse(`the option ${name}`)
  }
  for (const name of expressions) refuseServerCode(own[name])
  if (scope === undefined) return own
  // It counts what was ever written, for all tenants.
  if (own['showRecordId']) refuse('the option showRecordId')
  guardCollation(own['collation'], scope)
  guardExplain(own['explain'])
  bindSession(own['session'], scope.tenantId)
  return own
}

/** With a collation, `acme` and `ACME` can be the same tenant to the server. */
export function guardCollation(collation: unknown, scope: Scope): void {
  if (collation === undefined || collation === null) return
  if (scope.entries.some(([, value]) => typeof value === 'string')) refuse('a collation')
}

/** How many documents were looked at says how many others have. */
export function guardExplain(explain: unknown): void {
  const verbosity = isObject(explain) ? explain['verbosity'] : explain
  const isOff = verbosity === undefined || verbosity === null || verbosity === false
  if (isOff || verbosity === 'queryPlanner') return
  refuse('explain with numbers of documents; queryPlanner is allowed')
}

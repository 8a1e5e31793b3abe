/** Looks for everything by which one tenant could reach another past the policies. */
import { invalid, isFunction, readKnown, readName, readSetting } from '../options.ts'
import { isTenantPool } from '../tenant-pool.ts'
import { type AuditClient, ask } from './catalog.ts'
import { type Finding, isFindingId } from './finding.ts'
import { auditKeys } from './keys.ts'
import { auditPassages, auditServer } from './passages.ts'
import { auditRoles } from './roles.ts'
import { auditTables } from './tables.ts'

/** Options of `auditRowLevelSecurity`. */
export interface AuditOptions {
  /** The role of the application. Default: the one that the client has. */
  readonly role?: string
  /** The setting that the policies compare with. Default `app.tenant_id`. */
  readonly setting?: string
  /** Tables and views that all tenants share on purpose: `newsfeed` (in `public`) or `shop.newsfeed`. */
  readonly global?: readonly string[]
  /** Findings that you have judged yourself, as id and object: `view_definer:public.totals`. */
  readonly ignore?: readonly string[]
}

/**
 * Answers with what would leak: nothing when the list is empty. Run it when the server starts, with the
 * connection of the application, and do not start with a finding. It reads the system catalogs and no rows.
 *
 * Findings have stable ids. What an expression of a policy means, and what a function does, it cannot judge.
 *
 * @param client - a client or a pool of `pg`, or PGlite
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { auditRowLevelSecurity } from '@tenantry/postgres'
 * import pg from 'pg'
 *
 * const findings = await auditRowLevelSecurity(new pg.Pool({ user: 'app' }), { global: ['newsfeed'] })
 * if (findings.length > 0) throw new Error(findings.map(({ id, object }) => `${id} ${object}`).join())
 * ```
 */
export async function auditRowLevelSecurity(
  client: AuditClient,
  options?: AuditOptions,
): Promise<readonly Finding[]> {
  checkClient(client)
  const known = readKnown(options, ['role', 'setting', 'global', 'ignore'])
  const setting = readSetting(known['setting'])
  const globals = readList('global', known['global']).map((name) =>
    name.includes('.') ? name : `public.${name}`,
  )
  const ignored = readList('ignore', known['ignore'])
  for (const entry of ignored) {
    const [id = ''] = entry.split(':', 1)
    if (!isFindingId(id) || id === entry) {
      throw invalid('Option "ignore" holds ids with their object: view_definer:public.totals.')
    }
  }
  const isGlobal = (table: string) => globals.includes(table)
  const role =
    known['role'] === undefined ? await currentRole(client) : readName('role', known['role'])
  const found = [
    ...(await auditRoles(client, role)),
    ...(await auditTables(client, role, setting, isGlobal)),
    ...(await auditKeys(client, setting)),
    ...(await auditPassages(client, role, isGlobal)),
    ...(await auditServer(client)),
  ]
  const isSuperuser = found.some(({ id }) => id === 'role_superuser')
  return found
    .filter(({ id, object }) => !ignored.includes(`${id}:${object}`))
    .filter(({ id }) => !(isSuperuser && ofPrivileges.test(id)))
    .sort(inOrder)
}

/** The audit asks about the role and no rows, so that it needs no tenant; a pool of tenants has no answer without one. */
function checkClient(client: unknown): void {
  const isObject = typeof client === 'object' && client !== null
  if (!isObject || !isFunction(Reflect.get(client, 'query'))) {
    throw invalid('auditRowLevelSecurity needs a pool or a client of pg, or PGlite.')
  }
  if (isTenantPool(client)) {
    throw invalid('auditRowLevelSecurity needs the pool that tenantPool was given.')
  }
}

/** A superuser has every privilege on everything: one finding says it all. */
const ofPrivileges = /^(?:grant_|role_owns_table|sequence_readable)/

async function currentRole(client: AuditClient): Promise<string> {
  const [row] = await ask(client, 'select current_user::text as name')
  return row?.text('name') ?? ''
}

function readList(option: string, value: unknown): readonly string[] {
  if (value === undefined) return []
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value
  throw invalid(`Option "${option}" must be a list of names.`)
}

function inOrder(one: Finding, two: Finding): number {
  const [first, second] = [`${one.id} ${one.object}`, `${two.id} ${two.object}`]
  return first < second ? -1 : 1
}

/** The SQL that makes a table answer with the rows of the current tenant only. */
import { invalid, readKnown, readName, readSetting } from './options.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'

/** The type of the column that holds the tenant. */
export type TenantColumnType = 'text' | 'uuid' | 'smallint' | 'integer' | 'bigint'

/** What `rowLevelSecurity` has to know of a table. */
export interface RowLevelSecurityOptions {
  /** The column that holds the tenant of a row. */
  readonly column: string
  /** The type of that column; `text` stands for `varchar` and `char` as well. Default `text`. */
  readonly type?: TenantColumnType
  /** The schema of the table. Without it the search path decides. */
  readonly schema?: string
  /** The setting that holds the current tenant. Default `app.tenant_id`, as in `tenantPool`. */
  readonly setting?: string
  /** The role of the application: it gets SELECT, INSERT, UPDATE and DELETE, and loses everything else. */
  readonly role?: string
}

const types: readonly unknown[] = ['text', 'uuid', 'smallint', 'integer', 'bigint']
const names = ['column', 'type', 'schema', 'setting', 'role']

/**
 * The statements of a migration, to run as the owner of the table. They can be run again.
 *
 * Policies hold for the owner too (FORCE), for reading and for writing (USING and WITH CHECK). One is
 * permissive and one is restrictive: a further permissive policy adds nothing, and neither does another
 * spelling of the tenant, since the restrictive one compares byte by byte. Without a current tenant no row
 * is seen and none can be written. A new row gets the current tenant.
 *
 * @param table - the name of the table as it is, without quotes
 * @throws {ConfigurationError} `option_invalid`
 *
 * @example
 * ```ts
 * import { rowLevelSecurity } from '@tenantry/postgres'
 *
 * const migration = rowLevelSecurity('widgets', { column: 'tenant_id' })
 * ```
 */
export function rowLevelSecurity(table: string, options: RowLevelSecurityOptions): string {
  const known = readKnown(options, names)
  const { type = 'text' } = known
  if (!types.includes(type)) throw invalid(`Option "type" must be one of ${types.join(', ')}.`)
  const name = quoteIdentifier(readTable(table, known['schema']))
  const on =
    known['schema'] === undefined
      ? name
      : `${quoteIdentifier(readName('schema', known['schema']))}.${name}`
  const column = quoteIdentifier(readName('column', known['column']))
  const setting = `current_setting(${quoteLiteral(readSetting(known['setting']))}, true)`
  // After a transaction the setting is empty, and not NULL as before the first one.
  const tenant = `nullif(${setting}, '')`
  const typed = type === 'text' ? tenant : `${tenant}::${type}`
  const same = `${column} = ${typed}`
  const exact = `${column}::text collate "C" = ${tenant}`
  return [
    `alter table ${on} enable row level security;`,
    `alter table ${on} force row level security;`,
    `alter table ${on} alter column ${column} set default ${typed};`,
    ...policy('tenantry_tenant_allow', on, 'permissive', same),
    ...policy('tenantry_tenant_only', on, 'restrictive', exact),
    `revoke truncate, references, trigger on ${on} from public;`,
    ...grants(on, known['role']),
    '',
  ].join('\n')
}

/** With a dot, it is nearly always a schema and a table, and as one name it would be the name of neither. */
function readTable(table: unknown, schema: unknown): string {
  const name = readName('table', table)
  if (schema !== undefined || !name.includes('.')) return name
  throw invalid(
    'The table is named without its schema: rowLevelSecurity("widgets", { schema: "shop", ... }).',
  )
}

function policy(name: string, on: string, kind: string, condition: string): readonly string[] {
  const quoted = quoteIdentifier(name)
  return [
    `drop policy if exists ${quoted} on ${on};`,
    `create policy ${quoted} on ${on} as ${kind} for all to public`,
    `  using (${condition})`,
    `  with check (${condition});`,
  ]
}

function grants(on: string, role: unknown): readonly string[] {
  if (role === undefined) return []
  const to = quoteIdentifier(readName('role', role))
  return [
    `revoke all on ${on} from ${to};`,
    `grant select, insert, update, delete on ${on} to ${to};`,
  ]
}

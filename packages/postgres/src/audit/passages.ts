/** Ways around the policies of a table: views, functions, sequences, and an old server. */
import { quoteLiteral } from '../quote.ts'
import { type AuditClient, ask, named, ours, yes } from './catalog.ts'
import { type Finding, finding } from './finding.ts'

export async function auditPassages(
  client: AuditClient,
  role: string,
  isGlobal: (table: string) => boolean,
): Promise<readonly Finding[]> {
  const who = quoteLiteral(role)
  const views = await ask(
    client,
    `select ${named('n', 'c.relname')} as name
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and ${ours('c.oid', 'pg_class')}
      and (pg_catalog.has_table_privilege(${who}, c.oid, 'SELECT, INSERT, UPDATE, DELETE')
        or pg_catalog.has_any_column_privilege(${who}, c.oid, 'SELECT, INSERT, UPDATE'))
      and not exists (select 1 from pg_catalog.pg_options_to_table(c.reloptions) o
        where case o.option_name when 'security_invoker' then o.option_value::boolean end)`,
  )
  const functions = await ask(
    client,
    `select (n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid)
        || ')')::text as name, ${yes('p.prosecdef')} as definer, ${yes('p.proleakproof')} as leakproof
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where (p.prosecdef or p.proleakproof) and ${ours('p.oid', 'pg_proc')}
      and pg_catalog.has_function_privilege(${who}, p.oid, 'EXECUTE')`,
  )
  const sequences = await ask(
    client,
    `select ${named('n', 'c.relname')} as name
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where ${ours('c.oid', 'pg_class')} and
      case when c.relkind = 'S' then pg_catalog.has_sequence_privilege(${who}, c.oid, 'SELECT') end`,
  )
  const large = await ask(
    client,
    `select 'pg_largeobject' as name where exists (
      select 1 from pg_catalog.pg_largeobject_metadata l
      where pg_catalog.pg_has_role(${who}, l.lomowner, 'MEMBER') or exists (
        select 1 from pg_catalog.aclexplode(l.lomacl) a
        where a.grantee = 0 or pg_catalog.pg_has_role(${who}, a.grantee, 'MEMBER')))`,
  )
  return [
    ...large.map((row) => finding('large_object_readable', row.text('name'))),
    ...views
      .filter((row) => !isGlobal(row.text('name')))
      .map((row) => finding('view_definer', row.text('name'))),
    ...functions.flatMap((row) => [
      ...(row.is('definer') ? [finding('function_security_definer', row.text('name'))] : []),
      ...(row.is('leakproof') ? [finding('function_leakproof', row.text('name'))] : []),
    ]),
    ...sequences.map((row) => finding('sequence_readable', row.text('name'))),
  ]
}

/** The first version of each line with CVE-2024-10976, CVE-2025-8713 and those before them fixed. */
const firstGood: Readonly<Record<number, number>> = { 14: 19, 15: 14, 16: 10, 17: 6 }

export async function auditServer(client: AuditClient): Promise<readonly Finding[]> {
  const [row] = await ask(
    client,
    "select current_setting('server_version_num') as number, current_setting('server_version') as version",
  )
  return isOutdated(Number(row?.text('number')))
    ? [finding('server_outdated', `PostgreSQL ${row?.text('version')}`)]
    : []
}

/** @param number - `server_version_num`: 150014 is 15.14 */
export function isOutdated(number: number): boolean {
  const major = Math.floor(number / 10_000)
  return major < 14 || number % 10_000 < (firstGood[major] ?? 0)
}

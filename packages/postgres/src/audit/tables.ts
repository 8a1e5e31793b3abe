/** Tables that the role can use: their row-level security, their policies, and what was granted on them. */
import { quoteLiteral } from '../quote.ts'
import { type AuditClient, ask, type CatalogRow, named, ours, yes } from './catalog.ts'
import { type Finding, finding } from './finding.ts'
import { auditPolicies } from './policies.ts'

/** @param setting - the setting by which a policy is known as one on the tenant */
export async function auditTables(
  client: AuditClient,
  role: string,
  setting: string,
  isGlobal: (table: string) => boolean,
): Promise<readonly Finding[]> {
  const who = quoteLiteral(role)
  const may = (privilege: string) => `pg_catalog.has_table_privilege(${who}, c.oid, '${privilege}')`
  const rows = await ask(
    client,
    `select ${named('n', 'c.relname')} as name, c.relkind::text as kind,
      ${yes('c.relrowsecurity')} as secured, ${yes('c.relforcerowsecurity')} as forced,
      ${yes('exists (select 1 from pg_catalog.pg_inherits i where i.inhrelid = c.oid)')} as child,
      ${yes(`pg_catalog.pg_has_role(${who}, c.relowner, 'MEMBER')`)} as owned,
      ${yes(may('TRUNCATE'))} as truncates, ${yes(may('TRIGGER'))} as triggers,
      ${yes(`pg_catalog.has_any_column_privilege(${who}, c.oid, 'REFERENCES')`)} as refers,
      coalesce((select json_agg(json_build_object('name', p.polname, 'command', p.polcmd,
          'permissive', ${yes('p.polpermissive')},
          'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
          'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)))
        from pg_catalog.pg_policy p where p.polrelid = c.oid and exists (
          select 1 from unnest(p.polroles) r(oid)
          where r.oid = 0 or pg_catalog.pg_has_role(${who}, r.oid, 'MEMBER'))), '[]')::text as policies
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'm') and ${ours('c.oid', 'pg_class')}
      and (${may('SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')}
        or pg_catalog.has_any_column_privilege(${who}, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
        or pg_catalog.pg_has_role(${who}, c.relowner, 'MEMBER'))`,
  )
  return rows
    .filter((row) => !isGlobal(row.text('name')))
    .flatMap((row) => auditTable(row, setting))
}

function auditTable(row: CatalogRow, setting: string): readonly Finding[] {
  const name = row.text('name')
  if (row.text('kind') === 'f') return [finding('foreign_table', name)]
  if (row.text('kind') === 'm') return [finding('materialized_view', name)]
  const owned = row.is('owned') ? [finding('role_owns_table', name)] : grantsOn(row, name)
  if (!row.is('secured')) {
    return [
      ...owned,
      finding(row.is('child') ? 'partition_without_rls' : 'table_without_rls', name),
    ]
  }
  return [
    ...owned,
    ...(row.is('forced') ? [] : [finding('table_without_force', name)]),
    ...auditPolicies(name, row.list('policies'), setting),
  ]
}

/** An owner has them all, and is a finding already. */
function grantsOn(row: CatalogRow, name: string): readonly Finding[] {
  return [
    ...(row.is('truncates') ? [finding('grant_truncate', name)] : []),
    ...(row.is('refers') ? [finding('grant_references', name)] : []),
    ...(row.is('triggers') ? [finding('grant_trigger', name)] : []),
  ]
}

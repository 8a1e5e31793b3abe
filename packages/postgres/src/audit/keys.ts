/** Foreign keys and unique indexes that count across tenants. */
import { quoteLiteral } from '../quote.ts'
import { type AuditClient, ask, named, ours } from './catalog.ts'
import { type Finding, finding } from './finding.ts'

/** The columns of a table that its policies on the tenant look at: PostgreSQL knows them as dependencies. */
const tenantColumns = (setting: string): string => `
  select p.polrelid as relid, d.refobjsubid as attnum
  from pg_catalog.pg_policy p
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_policy'::regclass and d.objid = p.oid
    and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = p.polrelid and d.refobjsubid > 0
  where strpos(coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '') ||
    coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), ''),
    ${quoteLiteral(`current_setting('${setting}'`)}) > 0`

export async function auditKeys(client: AuditClient, setting: string): Promise<readonly Finding[]> {
  const unique = await ask(
    client,
    `with tenant as (${tenantColumns(setting)})
    select ${named('n', 'i.relname')} as name
    from pg_catalog.pg_index x
    join pg_catalog.pg_class i on i.oid = x.indexrelid
    join pg_catalog.pg_namespace n on n.oid = i.relnamespace
    where (x.indisunique or x.indisexclusion) and ${ours('x.indrelid', 'pg_class')}
      and exists (select 1 from tenant t where t.relid = x.indrelid)
      and not exists (select 1 from tenant t where t.relid = x.indrelid
        and t.attnum = any ((x.indkey::int2[])[0:x.indnkeyatts - 1]))`,
  )
  const foreign = await ask(
    client,
    `with tenant as (${tenantColumns(setting)})
    select ${named('n', `c.relname || ': ' || k.conname`)} as name
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where k.contype = 'f' and k.conparentid = 0 and ${ours('c.oid', 'pg_class')}
      and exists (select 1 from tenant t where t.relid = k.confrelid)
      and not exists (select 1 from unnest(k.conkey, k.confkey) pair(own, referred)
        join tenant t on t.relid = k.confrelid and t.attnum = pair.referred
        join tenant o on o.relid = k.conrelid and o.attnum = pair.own)`,
  )
  return [
    ...unique.map((row) => finding('unique_without_tenant', row.text('name'))),
    ...foreign.map((row) => finding('foreign_key_without_tenant', row.text('name'))),
  ]
}

/** Who the application is, and who it can become. */
import { quoteLiteral } from '../quote.ts'
import { type AuditClient, ask, yes } from './catalog.ts'
import { type Finding, finding } from './finding.ts'

/** Roles of PostgreSQL itself that read and write around every table. */
const files = ['pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program']

export async function auditRoles(client: AuditClient, role: string): Promise<readonly Finding[]> {
  const who = quoteLiteral(role)
  const isMember = `pg_catalog.pg_has_role(${who}, r.oid, 'MEMBER')`
  // Who looks after another role is not the login of that role.
  const isLogin = `r.rolname = session_user and current_user = ${who}`
  const rows = await ask(
    client,
    `select r.rolname::text as name, ${yes('r.rolsuper')} as super, ${yes('r.rolbypassrls')} as bypass,
      ${yes('r.rolreplication')} as replication, ${yes('r.rolcreaterole')} as creates,
      ${yes(`r.rolname in (${files.map(quoteLiteral).join(', ')})`)} as files,
      ${yes(`${isLogin} and not ${isMember}`)} as login
    from pg_catalog.pg_roles r
    where (${isLogin}) or ${isMember}`,
  )
  const self = rows.find((row) => row.text('name') === role)
  if (self?.is('super')) return [finding('role_superuser', role)]
  return rows.flatMap((row) => {
    const name = row.text('name')
    const further = [
      ...(row.is('creates') ? [finding('role_createrole', name)] : []),
      ...(row.is('files') ? [finding('role_reaches_files', name)] : []),
    ]
    if (name === role) {
      return [
        ...further,
        ...(row.is('bypass') ? [finding('role_bypassrls', name)] : []),
        ...(row.is('replication') ? [finding('role_replication', name)] : []),
      ]
    }
    if (row.is('login')) return row.is('super') ? [finding('login_superuser', name)] : []
    if (row.is('super')) return [finding('role_member_of_superuser', name)]
    return row.is('bypass') ? [finding('role_member_of_bypassrls', name), ...further] : further
  })
}

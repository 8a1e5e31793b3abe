/** The database of a tenant in PostgreSQL: on a server, or embedded. */
import { randomUUID } from 'node:crypto'
import type { FirstUser } from '@tenantry/databases'
import type { Account, Project, User, Workspace } from './workspace.ts'

/** A pool of `pg`, and PGlite. */
export interface Sql {
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>
}

export async function migrate(sql: Sql): Promise<void> {
  await sql.query(`create table users (
    id text primary key,
    email text not null unique,
    role text not null check (role in ('admin', 'member')),
    password_hash text not null
  )`)
  await sql.query('create table projects (name text primary key)')
}

export async function addFirstUser(sql: Sql, { email, passwordHash }: FirstUser): Promise<void> {
  const text = `insert into users (id, email, role, password_hash) values ($1, $2, 'admin', $3)`
  await sql.query(text, [randomUUID(), email, passwordHash])
}

export function sqlWorkspace(sql: Sql): Workspace {
  return {
    async account(email) {
      const text = `select id as "userId", email, role, password_hash as "passwordHash"
        from users where email = $1`
      return (await sql.query<Account>(text, [email])).rows[0]
    },
    async users() {
      return (await sql.query<User>('select email, role from users order by email')).rows
    },
    async projects() {
      return (await sql.query<Project>('select name from projects order by name')).rows
    },
    async addProject(name) {
      const text = 'insert into projects (name) values ($1) on conflict do nothing returning name'
      return (await sql.query<Project>(text, [name])).rows[0]
    },
  }
}

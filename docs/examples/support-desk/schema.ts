/** The tables, and who sees which rows of them: the migration of a real application. */
import { rowLevelSecurity } from '@tenantry/postgres'

/** The role of the application. It owns nothing, and the policies hold for it. */
export const role = 'desk'

export const migration = `
create role ${role};
create table organizations (id text primary key, name text not null);
create table users (
  organization_id text not null references organizations,
  email text not null,
  primary key (organization_id, email)
);
create table tickets (
  organization_id text not null references organizations,
  order_number integer not null,
  subject text not null,
  status text not null default 'open',
  primary key (organization_id, order_number)
);
create table newsfeed (id integer generated always as identity primary key, text text not null);
grant select on newsfeed to ${role};
${rowLevelSecurity('organizations', { column: 'id', role })}
${rowLevelSecurity('users', { column: 'organization_id', role })}
${rowLevelSecurity('tickets', { column: 'organization_id', role })}
`

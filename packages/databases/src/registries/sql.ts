/** The part of a pool of `pg`, and of PGlite, that registries use. */
export interface Sql {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** Tables of the admin database. No column has room for a password. */
export const adminTables = [
  `create table if not exists tenants (
    tenant_id text primary key,
    slug text not null unique,
    database_name text not null unique,
    status text not null check (status in ('provisioning', 'active', 'suspended', 'failed', 'deleting')),
    version integer not null,
    owner_email text not null,
    provisioning_key text not null unique,
    step text not null check (step in ('inserted', 'creating', 'filled')),
    claim text not null,
    claimed_until timestamptz not null,
    created_at timestamptz not null default now()
  )`,
  `create table if not exists users (
    email text primary key,
    tenant_id text not null references tenants
  )`,
  'create index if not exists users_tenant_id on users (tenant_id)',
] as const

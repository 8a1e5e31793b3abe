/** Prisma on a pool of tenants: the migration, and the client. */
import { PrismaPg } from '@prisma/adapter-pg'
import { prismaTenancy, rowLevelSecurity, tenantPool } from '@tenantry/postgres'
import type pg from 'pg'
import { PrismaClient } from './generated/client.ts'

/** What `prisma migrate` makes of the schema, and the policies in a migration of their own. */
export const migration = (role: string): string => `
  create table widgets (tenant_id text not null, id integer not null, name text not null,
    primary key (tenant_id, id), unique (tenant_id, name));
  create table parts (tenant_id text not null, id integer not null, widget_id integer not null,
    primary key (tenant_id, id), foreign key (tenant_id, widget_id) references widgets (tenant_id, id));
  ${rowLevelSecurity('widgets', { column: 'tenant_id', role })}
  ${rowLevelSecurity('parts', { column: 'tenant_id', role })}`

/** The client of the application. */
export function createClient(application: pg.Pool) {
  const adapter = new PrismaPg(tenantPool(application))
  return new PrismaClient({ adapter }).$extends(prismaTenancy())
}

/** The same without the extension, for the test that shows what it is for. */
export function createBareClient(application: pg.Pool) {
  return new PrismaClient({ adapter: new PrismaPg(tenantPool(application)) })
}

/**
 * Drizzle on a pool of tenants. Two URLs of one empty database: OWNER_URL owns the tables and runs migrations, APP_URL
 * is the role of the application.
 *
 *     OWNER_URL=postgres://shop_owner@localhost/shop APP_URL=postgres://app@localhost/shop npm start
 */
import { isTenantryError } from '@tenantry/core'
import { withTenant } from '@tenantry/core/context'
import { auditRowLevelSecurity, rowLevelSecurity, tenantPool } from '@tenantry/postgres'
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import pg from 'pg'

const widgets = pgTable(
  'widgets',
  {
    // The database fills it in; the program never does.
    tenantId: text('tenant_id').notNull().default(sql`default`),
    id: integer().notNull(),
    name: text().notNull(),
  },
  ({ tenantId, id }) => [primaryKey({ columns: [tenantId, id] })],
)

// Without them pg would take whatever database is there.
const { OWNER_URL, APP_URL } = process.env
if (!OWNER_URL || !APP_URL) {
  console.error('Set OWNER_URL and APP_URL, of two roles in one empty database: see docs/examples.')
  process.exit(1)
}
const owner = new pg.Pool({ connectionString: OWNER_URL })
const application = new pg.Pool({ connectionString: APP_URL, max: 2 })
const role = (await application.query('select current_user as name')).rows[0].name

// A migration.
await owner.query(`
  create table widgets (tenant_id text not null, id integer not null, name text not null, primary key (tenant_id, id));
  ${rowLevelSecurity('widgets', { column: 'tenant_id', role })}`)

// When the server starts.
const findings = await auditRowLevelSecurity(application)
console.log('findings:', findings.length)

const db = drizzle({ client: tenantPool(application) })

for (const tenantId of ['acme', 'globex']) {
  await withTenant(tenantId, async () => {
    await db.insert(widgets).values({ id: 1, name: `gear of ${tenantId}` })
    await db.insert(widgets).values({ id: 2, name: `wheel of ${tenantId}` })
  })
}

await withTenant('acme', async () => {
  // No condition on the tenant anywhere.
  const all = await db.select({ name: widgets.name }).from(widgets).orderBy(widgets.id)
  console.log('acme has:', all.map(({ name }) => name).join(', '))
  await db.transaction(async (tx) => {
    await tx.delete(widgets).where(eq(widgets.id, 1))
  })
})

await withTenant('globex', async () => {
  console.log('globex has:', await db.$count(widgets))
})

try {
  await db.select().from(widgets)
} catch (error) {
  const { cause } = error as Error
  console.log('outside of any tenant:', isTenantryError(cause) ? cause.code : error)
}

await Promise.all([owner.end(), application.end()])

/**
 * Kysely on a pool of tenants. Two URLs of one empty database: OWNER_URL owns the tables and runs migrations, APP_URL
 * is the role of the application.
 *
 *     OWNER_URL=postgres://shop_owner@localhost/shop APP_URL=postgres://app@localhost/shop npm start
 */
import { isTenantryError } from '@tenantry/core'
import { withTenant } from '@tenantry/core/context'
import { auditRowLevelSecurity, rowLevelSecurity, tenantPool } from '@tenantry/postgres'
import { type Generated, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

interface Tables {
  readonly widgets: {
    // The database fills it in; the program never does.
    readonly tenant_id: Generated<string>
    readonly id: number
    readonly name: string
  }
}

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

const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: tenantPool(application) }) })

for (const tenantId of ['acme', 'globex']) {
  await withTenant(tenantId, async () => {
    await db
      .insertInto('widgets')
      .values({ id: 1, name: `gear of ${tenantId}` })
      .execute()
    await db
      .insertInto('widgets')
      .values({ id: 2, name: `wheel of ${tenantId}` })
      .execute()
  })
}

await withTenant('acme', async () => {
  // No condition on the tenant anywhere.
  const all = await db.selectFrom('widgets').select('name').orderBy('id').execute()
  console.log('acme has:', all.map(({ name }) => name).join(', '))
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('widgets').where('id', '=', 1).execute()
  })
})

await withTenant('globex', async () => {
  const all = await db.selectFrom('widgets').selectAll().execute()
  console.log('globex has:', all.length)
})

try {
  await db.selectFrom('widgets').selectAll().execute()
} catch (error) {
  console.log('outside of any tenant:', isTenantryError(error) ? error.code : error)
}

await Promise.all([owner.end(), application.end()])

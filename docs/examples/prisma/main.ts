/**
 * Prisma on a pool of tenants. Two URLs of one database: OWNER_URL owns the tables and runs migrations, APP_URL is
 * the role of the application.
 *
 *     OWNER_URL=postgres://owner@localhost/shop APP_URL=postgres://app@localhost/shop npm start
 */
import { withTenant } from '@tenantry/core/context'
import { auditRowLevelSecurity } from '@tenantry/postgres'
import pg from 'pg'
import { createClient, migration } from './widgets.ts'

const owner = new pg.Pool({ connectionString: process.env['OWNER_URL'] })
const application = new pg.Pool({ connectionString: process.env['APP_URL'], max: 2 })
const role = (await application.query('select current_user as name')).rows[0].name
await owner.query(migration(role))
console.log('findings:', (await auditRowLevelSecurity(application)).length)

const prisma = createClient(application)
for (const tenantId of ['acme', 'globex']) {
  await withTenant(tenantId, async () => {
    await prisma.widget.create({ data: { id: 1, name: `gear of ${tenantId}` } })
    await prisma.widget.create({ data: { id: 2, name: `wheel of ${tenantId}` } })
  })
}

await withTenant('acme', async () => {
  // No condition on the tenant anywhere.
  const all = await prisma.widget.findMany({ orderBy: { id: 'asc' } })
  console.log('acme has:', all.map(({ name }) => name).join(', '))
  await prisma.$transaction(async (tx) => {
    await tx.widget.deleteMany({ where: { id: 1 } })
  })
})
await withTenant('globex', async () => console.log('globex has:', await prisma.widget.count()))
await prisma.widget.count().catch((error) => console.log('outside of any tenant:', error.name))

await prisma.$disconnect()
await Promise.all([owner.end(), application.end()])

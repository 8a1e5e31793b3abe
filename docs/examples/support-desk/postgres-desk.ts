/** The desk on PostgreSQL, embedded in this process: PGlite. With a server, hand a pool of `pg` to tenantDatabase. */
import { PGlite } from '@electric-sql/pglite'
import { ConflictError } from '@tenantry/core'
import { asSystem, withTenant } from '@tenantry/core/context'
import { auditRowLevelSecurity, tenantDatabase } from '@tenantry/postgres'
import { newsfeed, organizations } from './data.ts'
import type { Desk, NewsfeedItem, Organization, Ticket, User } from './desk.ts'
import { migration, role } from './schema.ts'

const ticket = `organization_id as "organizationId", order_number as "orderNumber", subject, status`

export async function openPostgresDesk(): Promise<Desk> {
  const pglite = await PGlite.create()
  await pglite.exec(migration)
  const findings = await auditRowLevelSecurity(pglite, { role, global: ['newsfeed'] })
  if (findings.length > 0)
    throw new Error(findings.map(({ id, object }) => `${id} ${object}`).join())

  // The second PGlite serves asSystem, and nothing else: it sees every organization.
  const database = tenantDatabase(pglite, { role, system: pglite })
  await fill()

  // No statement has the organization in it: the policies compare every row with the current tenant.
  return {
    async organization() {
      const text = 'select id as "organizationId", name from organizations'
      return (await database.query<Organization>(text)).rows[0]
    },
    async users() {
      const text = 'select organization_id as "organizationId", email from users order by email'
      return (await database.query<User>(text)).rows
    },
    async tickets({ organizationId, subject, status }) {
      const text = `select ${ticket} from tickets where ($1::text is null or organization_id = $1)
        and ($2::text is null or subject = $2) and ($3::text is null or status = $3)
        order by order_number`
      return (await database.query<Ticket>(text, [organizationId, subject, status])).rows
    },
    async ticket(number) {
      const text = `select ${ticket} from tickets where order_number = $1`
      return (await database.query<Ticket>(text, [number])).rows[0]
    },
    async addTicket({ orderNumber, subject }) {
      const text = `insert into tickets (order_number, subject) values ($1, $2)
        on conflict do nothing returning ${ticket}`
      const [added] = (await database.query<Ticket>(text, [orderNumber, subject])).rows
      return added ?? taken()
    },
    async changeTicket(number, { subject, status }) {
      const text = `update tickets set subject = coalesce($2, subject), status = coalesce($3, status)
        where order_number = $1 returning ${ticket}`
      return (await database.query<Ticket>(text, [number, subject, status])).rows[0]
    },
    async removeTicket(number) {
      const text = 'delete from tickets where order_number = $1'
      return (await database.query(text, [number])).rowCount > 0
    },
    async newsfeed() {
      // Whoever reads it may be of no organization: that is written out, and shows in tenantry:decision.
      const { rows } = await asSystem({ reason: 'the newsfeed is for everybody' }, () =>
        database.query<NewsfeedItem>('select text from newsfeed order by id'),
      )
      return rows
    },
  }

  async function fill(): Promise<void> {
    for (const { id, name, users, tickets } of organizations) {
      await withTenant(id, async () => {
        await database.query('insert into organizations (name) values ($1)', [name])
        for (const email of users) {
          await database.query('insert into users (email) values ($1)', [email])
        }
        for (const { orderNumber, subject } of tickets) {
          const text = 'insert into tickets (order_number, subject) values ($1, $2)'
          await database.query(text, [orderNumber, subject])
        }
      })
    }
    await asSystem({ reason: 'the newsfeed is for everybody' }, async () => {
      for (const text of newsfeed) {
        await database.query('insert into newsfeed (text) values ($1)', [text])
      }
    })
  }
}

function taken(): never {
  throw new ConflictError('duplicate_key', { fields: ['orderNumber'] })
}

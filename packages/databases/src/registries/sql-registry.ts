/** The admin database in PostgreSQL. Each method is one statement, but for the making of the tables. */
import { AccessError } from '@tenantry/core'
import { canonicalEmail } from '../provision/email.ts'
import type {
  DirectoryEntry,
  ProvisioningRegistry,
  TenantRecord,
} from '../provision/provisioning-registry.ts'
import { adminTables, type Sql } from './sql.ts'

const columns = `tenant_id as "tenantId", slug, database_name as "databaseName", status, version,
  owner_email as "owner", provisioning_key as "key", step, claim, claimed_until as "claimedUntil"`

/** Every tenant that is half done. */
const halfDone = `status in ('provisioning', 'deleting')`

/** A registry over whatever runs SQL of PostgreSQL. */
export function sqlRegistry(sql: Sql): ProvisioningRegistry {
  async function tenants(text: string, values: unknown[] = []): Promise<readonly TenantRecord[]> {
    const { rows } = await sql.query(text, values)
    // The columns are those of the tables above.
    return rows as readonly TenantRecord[]
  }
  const changed = async (text: string, values: unknown[]): Promise<boolean> =>
    (await sql.query(text, values)).rows.length > 0

  return {
    async createTables() {
      for (const statement of adminTables) await sql.query(statement)
    },
    async find(tenantId) {
      return (await tenants(`select ${columns} from tenants where tenant_id = $1`, [tenantId]))[0]
    },
    async setStatus(tenantId, status) {
      // Written again when it is the same: every write has a version of its own.
      const text = `update tenants set status = $2, version = version + 1
        where tenant_id = $1 and status in ('active', 'suspended') returning tenant_id`
      if (!(await changed(text, [tenantId, status]))) throw new AccessError('tenant_forbidden')
    },
    async list({ after = '', limit } = {}) {
      // The order of bytes, as in JavaScript and whatever the locale of the database is.
      const text = `select ${columns} from tenants where tenant_id collate "C" > $1
        order by tenant_id collate "C" limit $2`
      return await tenants(text, [after, limit ?? null])
    },
    async findByKey(key) {
      const text = `select ${columns} from tenants where provisioning_key = $1`
      return (await tenants(text, [key]))[0]
    },
    async insert({ tenantId, slug, databaseName, owner, key, claim, claimedUntil }) {
      const text = `insert into tenants (tenant_id, slug, database_name, status, version, owner_email,
          provisioning_key, step, claim, claimed_until)
        values ($1, $2, $3, 'provisioning', 1, $4, $5, 'inserted', $6, $7)
        on conflict do nothing returning tenant_id`
      return await changed(text, [tenantId, slug, databaseName, owner, key, claim, claimedUntil])
    },
    async takeOver(tenantId, { claim, claimedUntil, now }) {
      const text = `update tenants set claim = $2, claimed_until = $3
        where tenant_id = $1 and ${halfDone} and claimed_until <= $4 returning ${columns}`
      return (await tenants(text, [tenantId, claim, claimedUntil, now]))[0]
    },
    async change(tenantId, claim, from, { status, step, claimedUntil }) {
      const text = `update tenants set status = coalesce($4, status), step = coalesce($5, step),
          claimed_until = coalesce($6::timestamptz, claimed_until), version = version + 1
        where tenant_id = $1 and claim = $2 and status = $3 returning tenant_id`
      return await changed(text, [
        tenantId,
        claim,
        from,
        status ?? null,
        step ?? null,
        claimedUntil ?? null,
      ])
    },
    async remove(tenantId, claim) {
      const text = `delete from tenants where tenant_id = $1 and claim = $2 and status = 'deleting'`
      await sql.query(text, [tenantId, claim])
    },
    async halfDone(now) {
      const text = `select ${columns} from tenants where ${halfDone} and claimed_until <= $1
        order by tenant_id collate "C"`
      return await tenants(text, [now])
    },
    async addUser({ tenantId, email }) {
      // One that is there already comes back only when it is of this tenant.
      const text = `insert into users (email, tenant_id) values ($1, $2) on conflict (email)
        do update set tenant_id = users.tenant_id where users.tenant_id = $2 returning email`
      return await changed(text, [email, tenantId])
    },
    async removeUsers(tenantId) {
      await sql.query('delete from users where tenant_id = $1', [tenantId])
    },
    async findUser(email) {
      const address = canonicalEmail(email)
      if (address === undefined) return undefined
      const text = 'select tenant_id as "tenantId", email from users where email = $1'
      const { rows } = await sql.query(text, [address])
      return rows[0] as DirectoryEntry | undefined
    },
  }
}

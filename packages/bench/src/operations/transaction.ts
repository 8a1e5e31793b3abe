/** One row of one tenant with `pg`: in a transaction that is bound to the tenant, in three ways. */
import { withTenant } from '@tenantry/core/context'
import { tenantPool } from '@tenantry/postgres'
import pg from 'pg'
import { rows, tenantId } from '../databases/rows.ts'
import { type Operation, repeatAwaited } from './repeat.ts'

const columns = 'select key, name, price, status, tenant_id'
const scoped = `${columns} from widgets where key = $1`
const unscoped = `${columns} from plain_widgets where tenant_id = $1 and key = $2`
const keys = rows.map(({ key }) => key)

type Ask = (key: number) => Promise<pg.QueryResult>

/** `bare query`, `by hand` or `tenantPool`. */
export async function transacting(name: string, url: string): Promise<Operation> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const operation = (ask: Ask): Operation => ({
    ...repeatAwaited(
      keys,
      ask,
      ({ rows: [row, ...more] }, key) =>
        row.key === key && row.tenant_id === tenantId && more.length === 0,
    ),
    close: () => pool.end(),
  })
  switch (name) {
    case 'bare query':
      return operation((key) => pool.query(unscoped, [tenantId, key]))
    case 'by hand':
      return operation((key) => byHand(pool, key))
    case 'tenantPool': {
      const tenants = tenantPool(pool)
      const { run, ...others } = operation((key) => tenants.query(scoped, [key]))
      return { ...others, run: (times) => withTenant(tenantId, () => run(times)) }
    }
    default:
      throw new Error(`There is no way ${name}.`)
  }
}

/** What a careful program does without a library. */
async function byHand(pool: pg.Pool, key: number): Promise<pg.QueryResult> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query("select set_config('app.tenant_id', $1, true)", [tenantId])
    const result = await client.query(scoped, [key])
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}

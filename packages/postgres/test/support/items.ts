/** The operations of the isolation suite in SQL that has forgotten the tenant. */
import type { IsolationAdapter, ItemOperations, StoredItem } from '@tenantry/testing/isolation'
import type { TenantQueries } from '../../src/index.ts'

/** A table of the suite, below a schema of its own when there is one. */
export const itemTable = (name: string, isShared: boolean): string => `
  create table ${name} (
    ${isShared ? 'tenant_id text not null,' : ''}
    key text not null,
    name text not null,
    amount integer not null,
    primary key (${isShared ? 'tenant_id, ' : ''}key)
  );
`

type Row = StoredItem & Readonly<Record<string, unknown>>

/** The operations on a table. Without `isShared` it has no tenants at all. */
export function itemOperations(to: TenantQueries, table = 'item', isShared = true): ItemOperations {
  const columns = 'key, name, amount'
  const rows = async (text: string, values: readonly unknown[] = []) =>
    (await to.query<Row>(text, values)).rows
  return {
    list: async () => await rows(`select ${columns} from ${table} order by key`),
    find: async (key) => (await rows(`select ${columns} from ${table} where key = $1`, [key]))[0],
    insert: async ({ key, name, amount }) =>
      await rows(`insert into ${table} (${columns}) values ($1, $2, $3)`, [key, name, amount]),
    update: async (key, { name, amount }) =>
      await rows(
        `update ${table} set name = coalesce($2, name), amount = coalesce($3, amount) where key = $1`,
        [key, name ?? null, amount ?? null],
      ),
    remove: async (key) => await rows(`delete from ${table} where key = $1`, [key]),
    count: async () => Number((await rows(`select count(*) as n from ${table}`))[0]?.['n']),
    search: async (name) => await rows(`select ${columns} from ${table} where name = $1`, [name]),
    total: async () =>
      Number((await rows(`select coalesce(sum(amount), 0) as n from ${table}`))[0]?.['n']),
    insertMany: async (items) =>
      await rows(
        `insert into ${table} (${columns}) select * from unnest($1::text[], $2::text[], $3::int[])`,
        [
          items.map(({ key }) => key),
          items.map(({ name }) => name),
          items.map(({ amount }) => amount),
        ],
      ),
    upsert: async ({ key, name, amount }) =>
      await rows(
        `insert into ${table} (${columns}) values ($1, $2, $3) on conflict (${isShared ? 'tenant_id, ' : ''}key)
         do update set name = excluded.name, amount = excluded.amount`,
        [key, name, amount],
      ),
    updateAll: async ({ amount }) => await rows(`update ${table} set amount = $1`, [amount]),
    removeAll: async () => await rows(`delete from ${table}`),
    transaction: async (run) =>
      await to.transaction(async (inside) => await run(itemOperations(inside, table, isShared))),
    ...(isShared ? crossing() : {}),
  }

  /** What only makes sense where there are other tenants. */
  function crossing(): Pick<ItemOperations, 'listOf' | 'insertAs' | 'moveTo'> {
    return {
      listOf: async (tenantId) =>
        await rows(`select ${columns} from ${table} where tenant_id = $1 or tenant_id <> ''`, [
          tenantId,
        ]).then((all) => all.filter(({ name }) => name.includes(tenantId))),
      insertAs: async (tenantId, { key, name, amount }) =>
        await rows(`insert into ${table} (tenant_id, ${columns}) values ($1, $2, $3, $4)`, [
          tenantId,
          key,
          name,
          amount,
        ]),
      moveTo: async (key, tenantId) =>
        await rows(`update ${table} set tenant_id = $2 where key = $1`, [key, tenantId]),
    }
  }
}

/** Runs SQL past every policy. */
export type Admin = (text: string, values?: unknown[]) => Promise<readonly unknown[]>

/** How the suite fills the table, and looks at it. */
export function itemStore(admin: Admin): Pick<IsolationAdapter, 'seed' | 'readAll'> {
  return {
    async seed(items) {
      await admin('delete from item')
      await admin(
        'insert into item select * from unnest($1::text[], $2::text[], $3::text[], $4::int[])',
        [
          items.map(({ tenantId }) => tenantId),
          items.map(({ key }) => key),
          items.map(({ name }) => name),
          items.map(({ amount }) => amount),
        ],
      )
    },
    async readAll() {
      // The columns are those of the statement.
      return (await admin(
        'select tenant_id as "tenantId", key, name, amount from item order by 1, 2',
      )) as readonly StoredItem[]
    },
  }
}

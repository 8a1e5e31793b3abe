/** Rows P1 to P22 that are about policies and privileges, on PostgreSQL and on PGlite. */
import { withTenant } from '@tenantry/core/context'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditRowLevelSecurity, rowLevelSecurity } from '../../src/index.ts'
import { type Engine, engineNames, engines } from '../support/engines.ts'
import { answerOf, codeOf, prove } from '../support/prove.ts'

const ownOfA = [
  { tenant_id: 'a', id: 1, name: 'a one', price: 10 },
  { tenant_id: 'a', id: 2, name: 'a two', price: 20 },
]

describe.each(engines.map((create, index) => ({ create, name: engineNames[index] })))(
  '$name',
  ({ create }) => {
    let engine: Engine
    beforeAll(async () => {
      engine = await create()
    })
    beforeEach(async () => await engine.reset())
    afterAll(async () => await engine.close())

    /** Ids and objects of what the audit finds for the application's role. */
    async function findings(): Promise<readonly string[]> {
      const found = await auditRowLevelSecurity(
        { query: async (text) => ({ rows: await engine.admin(text) }) },
        { role: engine.roles.app },
      )
      return found.map(({ id, object }) => `${id} ${object}`)
    }

    /** Runs statements as the superuser, then the test, then undoes them. */
    async function altered(text: string, run: () => Promise<void>, undo: string): Promise<void> {
      await engine.admin(text)
      try {
        await run()
      } finally {
        await engine.admin(undo)
      }
    }

    it('the audit finds nothing in a database that is as it should be', async () => {
      expect(await findings()).toEqual([])
    })

    it('P1 the owner of a table: FORCE holds for him, and the audit finds a table without it', async () => {
      const asOwner = () =>
        engine.bare(engine.roles.owner, (query) => query('select count(*)::int as n from product'))
      expect(await asOwner()).toEqual([{ n: 0 }])
      await altered(
        'alter table product no force row level security',
        async () => {
          expect(await asOwner()).toEqual([{ n: 4 }])
          expect(await findings()).toEqual(['table_without_force public.product'])
        },
        'alter table product force row level security',
      )
      expect(await prove(engine, (to) => to.query('select * from product order by id'))).toEqual({
        rows: ownOfA,
      })
    })

    it('P2 a superuser and BYPASSRLS see all, and the audit finds both and every way to become one', async () => {
      const { app, bypass, owner } = engine.roles
      expect(await engine.bare(bypass, (query) => query('select 1 as one'))).toEqual([{ one: 1 }])
      await altered(
        `grant ${bypass} to ${app}; grant ${owner} to ${app}`,
        async () => {
          expect(await findings()).toEqual([
            `role_member_of_bypassrls ${bypass}`,
            'role_owns_table public.product',
          ])
          expect(
            await prove(engine, (to) => to.query('select * from product order by id')),
          ).toEqual({ rows: ownOfA })
        },
        `revoke ${bypass} from ${app}; revoke ${owner} from ${app}`,
      )
      await altered(
        `alter role ${app} bypassrls`,
        async () => {
          expect(await findings()).toEqual([`role_bypassrls ${app}`])
          await expect(
            withTenant('a', () => engine.reconnect().query('select * from product')),
          ).rejects.toMatchObject({ code: 'row_security_bypassed' })
        },
        `alter role ${app} nobypassrls`,
      )
      await altered(
        `alter role ${app} superuser`,
        async () => {
          expect(await findings()).toEqual([`role_superuser ${app}`])
          await expect(
            withTenant('a', () => engine.reconnect().query('select * from product')),
          ).rejects.toMatchObject({ code: 'row_security_bypassed' })
        },
        `alter role ${app} nosuperuser`,
      )
    })

    it('P2 a role that makes roles, or reaches the files of the server, is found', async () => {
      const { app, owner } = engine.roles
      await altered(
        `alter role ${app} createrole`,
        async () => expect(await findings()).toEqual([`role_createrole ${app}`]),
        `alter role ${app} nocreaterole`,
      )
      await altered(
        `create role ${app}_admin createrole; grant ${app}_admin to ${app}`,
        async () => expect(await findings()).toEqual([`role_createrole ${app}_admin`]),
        `drop role ${app}_admin`,
      )
      for (const files of ['pg_read_server_files', 'pg_execute_server_program']) {
        await altered(
          `grant ${files} to ${app}`,
          async () => expect(await findings()).toEqual([`role_reaches_files ${files}`]),
          `revoke ${files} from ${app}`,
        )
      }
      expect(await findings()).toEqual([])
      expect(owner).not.toBe(app)
    })

    it('P28 large objects know no policies, and the audit finds those that the role can use', async () => {
      const made = "select lo_from_bytea(0, 'secret of b') as oid"
      const [{ oid } = { oid: 0 }] = (
        await withTenant('b', () => engine.database.query<{ oid: number }>(made))
      ).rows
      // The control: this is why.
      const read = "select convert_from(lo_get($1), 'utf8') as text"
      const { rows } = await withTenant('a', () => engine.database.query(read, [oid]))
      expect(rows).toEqual([{ text: 'secret of b' }])
      expect(await findings()).toEqual(['large_object_readable pg_largeobject'])
      await engine.admin(`alter large object ${oid} owner to ${engine.roles.owner}`)
      expect(await findings()).toEqual([])
      await engine.admin(`grant select on large object ${oid} to public`)
      expect(await findings()).toEqual(['large_object_readable pg_largeobject'])
      await engine.admin(`select lo_unlink(${oid})`)
      expect(await findings()).toEqual([])
    })

    it('P3 without a tenant there are no rows, and none can be written', async () => {
      await engine.bare(engine.roles.app, async (query) => {
        expect(await query('select * from product')).toEqual([])
        expect(await answerOf(query("insert into product values ('a', 9, 'x', 1)"))).toBe('42501')
        expect(await query('delete from product returning *')).toEqual([])
      })
      await expect(engine.database.query('select 1')).rejects.toMatchObject({ status: 401 })
    })

    it('P4 after a transaction the setting is empty and not NULL, which no type stumbles over', async () => {
      const { app } = engine.roles
      await altered(
        `create table typed (org uuid, id int, primary key (org, id));
       ${rowLevelSecurity('typed', { column: 'org', type: 'uuid', role: app })}`,
        async () => {
          await engine.bare(app, async (query) => {
            await query('begin')
            await query(
              "select set_config('app.tenant_id', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', true)",
            )
            await query('commit')
            const after = await query("select current_setting('app.tenant_id', true) as setting")
            expect(after).toEqual([{ setting: '' }])
            expect(await query('select * from typed')).toEqual([])
          })
          const twice = async () => await engine.database.query('select * from product order by id')
          await withTenant('a', twice)
          expect(
            await prove(engine, (to) => to.query('select * from product order by id')),
          ).toEqual({ rows: ownOfA })
        },
        'drop table typed',
      )
    })

    it('P11 a row for another tenant is neither inserted nor made by an update; a new one is its own', async () => {
      const insert = "insert into product values ('b', 9, 'x', 1)"
      expect(await prove(engine, (to) => to.query(insert))).toEqual({ code: '42501' })
      const move = "update product set tenant_id = 'b', id = 9 where id = 1"
      expect(await prove(engine, (to) => to.query(move))).toEqual({ code: '42501' })
      const none = 'insert into product (tenant_id, id, name) values (null, 9, $1)'
      expect((await prove(engine, (to) => to.query(none, ['x']))).code).toMatch(/^42501|23502$/)
      const own = 'insert into product (id, name) values (9, $1) returning tenant_id'
      expect(await prove(engine, (to) => to.query(own, ['x']))).toEqual({
        rows: [{ tenant_id: 'a' }],
      })
    })

    it('P12 ON CONFLICT on a unique index across tenants is an oracle, which the audit finds', async () => {
      await altered(
        'create unique index product_name on product (name)',
        async () => {
          const upsert = (action: string) =>
            `insert into product (id, name) values (9, 'b one') on conflict (name) do ${action} returning id`
          expect(await prove(engine, (to) => to.query(upsert('update set price = 7')))).toEqual({
            code: '42501',
          })
          expect(await prove(engine, (to) => to.query(upsert('nothing')))).toEqual({ rows: [] })
          expect(await findings()).toEqual(['unique_without_tenant public.product_name'])
        },
        'drop index product_name',
      )
      const own = `insert into product (id, name) values (1, 'new') on conflict (tenant_id, id)
      do update set name = excluded.name returning name`
      expect(await prove(engine, (to) => to.query(own))).toEqual({ rows: [{ name: 'new' }] })
    })

    it('P13 a key that starts with the tenant has no conflict with another one, and no detail is told', async () => {
      await engine.admin("delete from product where tenant_id = 'a' and id = 2")
      const insert = "insert into product (id, name) values (2, 'again') returning id"
      expect(await prove(engine, (to) => to.query(insert))).toEqual({ rows: [{ id: 2 }] })
      const error = await withTenant('a', () => engine.database.query(insert)).then(
        () => undefined,
        (caught: unknown) => caught,
      )
      expect(codeOf(error)).toBe('23505')
      expect(Reflect.get(error ?? {}, 'detail') ?? '').toBe('')
    })

    it('P14 a foreign key without the tenant tells of rows of others, and the audit finds it', async () => {
      const { app } = engine.roles
      const child = (columns: string, referred: string) => `
      create table part (tenant_id text not null, id int, product int, primary key (tenant_id, id),
        constraint to_product foreign key (${columns}) references product (${referred}));
      ${rowLevelSecurity('part', { column: 'tenant_id', role: app })}`
      await engine.admin("insert into product values ('b', 7, 'b seven', 1)")
      await altered(
        `create unique index product_id on product (id) where false; drop index product_id;
       delete from product where tenant_id = 'a'; create unique index product_id on product (id);
       ${child('product', 'id')}`,
        async () => {
          const probe = (id: number) =>
            `insert into part (id, product) values (${id}, ${id}) returning id`
          expect(await prove(engine, (to) => to.query(probe(7)))).toEqual({ rows: [{ id: 7 }] })
          expect(await prove(engine, (to) => to.query(probe(8)))).toEqual({ code: '23503' })
          expect(await findings()).toEqual([
            'foreign_key_without_tenant public.part: to_product',
            'unique_without_tenant public.product_id',
          ])
        },
        'drop table part; drop index product_id',
      )
      await engine.reset()
      await engine.admin("insert into product values ('b', 7, 'b seven', 1)")
      await altered(
        child('tenant_id, product', 'tenant_id, id'),
        async () => {
          const insert = 'insert into part (id, product) values (1, 7)'
          expect(await prove(engine, (to) => to.query(insert))).toEqual({ code: '23503' })
          expect(await findings()).toEqual([])
        },
        'drop table part',
      )
    })

    it('P15 a view of its owner shows all tenants, and the audit finds it; security_invoker does not', async () => {
      const { app } = engine.roles
      const count = 'select count(distinct tenant_id)::int as n from everything'
      await altered(
        `create view everything as select * from product; grant select on everything to ${app}`,
        async () => {
          const leak = await withTenant('a', () => engine.database.query(count))
          expect(leak.rows).toEqual([{ n: 2 }])
          expect(await findings()).toEqual(['view_definer public.everything'])
          await engine.admin('alter view everything set (security_invoker = true)')
          expect(await prove(engine, (to) => to.query(count))).toEqual({ rows: [{ n: 1 }] })
          expect(await findings()).toEqual([])
        },
        'drop view everything',
      )
    })

    it('P16 a materialized view holds all tenants, and the audit finds it', async () => {
      const { app } = engine.roles
      await altered(
        `create materialized view snapshot as select * from product; grant select on snapshot to ${app}`,
        async () => {
          const leak = await withTenant('a', () => engine.database.query('select * from snapshot'))
          expect(leak.rows).toHaveLength(4)
          expect(await findings()).toEqual(['materialized_view public.snapshot'])
          await engine.admin(`revoke select on snapshot from ${app}`)
          expect(await prove(engine, (to) => to.query('select * from snapshot'))).toEqual({
            code: '42501',
          })
          expect(await findings()).toEqual([])
        },
        'drop materialized view snapshot',
      )
    })

    it('P17 a function of its owner sees all tenants, and the audit finds it', async () => {
      const count = 'select how_many()::int as n'
      await altered(
        `create function how_many() returns bigint language sql security definer
       set search_path = pg_catalog, public as 'select count(*) from product'`,
        async () => {
          const leak = await withTenant('a', () => engine.database.query(count))
          expect(leak.rows).toEqual([{ n: 4 }])
          expect(await findings()).toEqual(['function_security_definer public.how_many()'])
          await engine.admin('alter function how_many() security invoker')
          expect(await prove(engine, (to) => to.query(count))).toEqual({ rows: [{ n: 2 }] })
          expect(await findings()).toEqual([])
        },
        'drop function how_many()',
      )
    })

    it('P18 a new table without policies, or with none that hold, is found', async () => {
      const { app } = engine.roles
      await altered(
        `create table forgotten (tenant_id text, id int); grant select on forgotten to ${app}`,
        async () => {
          expect(await findings()).toEqual(['table_without_rls public.forgotten'])
          await engine.admin('alter table forgotten enable row level security')
          expect(await findings()).toEqual([
            'table_without_force public.forgotten',
            'table_without_policy public.forgotten',
          ])
          await engine.admin(rowLevelSecurity('forgotten', { column: 'tenant_id', role: app }))
          await engine.admin("insert into forgotten values ('b', 1), ('a', 2)")
          expect(await findings()).toEqual([])
          expect(await prove(engine, (to) => to.query('select id from forgotten'))).toEqual({
            rows: [{ id: 2 }],
          })
        },
        'drop table forgotten',
      )
    })

    it('P19 a partition that can be used by its own name is found', async () => {
      const { app } = engine.roles
      await altered(
        `create table event (tenant_id text not null, id int not null) partition by range (id);
       create table event_1 partition of event for values from (0) to (100);
       insert into event values ('a', 1), ('b', 2);
       ${rowLevelSecurity('event', { column: 'tenant_id', role: app })}`,
        async () => {
          expect(await findings()).toEqual([])
          expect(await prove(engine, (to) => to.query('select id from event'))).toEqual({
            rows: [{ id: 1 }],
          })
          expect(await prove(engine, (to) => to.query('select id from event_1'))).toEqual({
            code: '42501',
          })
          await engine.admin(`grant select on event_1 to ${app}`)
          const leak = await withTenant('a', () => engine.database.query('select id from event_1'))
          expect(leak.rows).toHaveLength(2)
          expect(await findings()).toEqual(['partition_without_rls public.event_1'])
          await engine.admin(rowLevelSecurity('event_1', { column: 'tenant_id', role: app }))
          expect(await findings()).toEqual([])
          expect(await prove(engine, (to) => to.query('select id from event_1'))).toEqual({
            rows: [{ id: 1 }],
          })
        },
        'drop table event',
      )
    })

    it('P20 one more permissive policy opens nothing, and opens a table that has only permissive ones', async () => {
      await altered(
        'create policy oops on product using (true)',
        async () => {
          expect(
            await prove(engine, (to) => to.query('select * from product order by id')),
          ).toEqual({ rows: ownOfA })
          expect(await findings()).toEqual([])
          await engine.admin('drop policy tenantry_tenant_only on product')
          const leak = await withTenant('a', () => engine.database.query('select * from product'))
          expect(leak.rows).toHaveLength(4)
          expect(await findings()).toEqual(['policy_open public.product: oops'])
          await engine.admin('drop policy oops on product')
          expect(await findings()).toEqual(['policy_not_restrictive public.product'])
          await engine.admin('create policy unchecked on product for insert with check (true)')
          expect(await findings()).toEqual(['policy_open public.product: unchecked'])
        },
        `drop policy if exists oops on product; drop policy if exists unchecked on product;
       ${rowLevelSecurity('product', { column: 'tenant_id', role: 'public' }).split('revoke')[0]}`,
      )
      expect(await findings()).toEqual([])
    })

    it('P21 TRUNCATE, REFERENCES and TRIGGER know no policies, are taken away, and are found', async () => {
      const { app } = engine.roles
      expect(await prove(engine, (to) => to.query('truncate product'))).toEqual({ code: '42501' })
      await altered(
        `grant truncate, references, trigger on product to ${app}`,
        async () => {
          expect(await findings()).toEqual([
            'grant_references public.product',
            'grant_trigger public.product',
            'grant_truncate public.product',
          ])
          await withTenant('a', () => engine.database.query('truncate product'))
          expect(await engine.everything()).toEqual([])
        },
        `revoke truncate, references, trigger on product from ${app}`,
      )
    })
  },
)

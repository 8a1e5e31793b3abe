/** `tenantDatabase` is the same over a pool of pg and over PGlite, also where something goes wrong. */
import { PGlite } from '@electric-sql/pglite'
import { asSystem, withTenant } from '@tenantry/core/context'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TenantQueries, tenantDatabase } from '../src/index.ts'
import { type Engine, engineNames, engines } from './support/engines.ts'
import { tables } from './support/test-database.ts'

const names = 'select name from product order by id'

describe.each(engines.map((create, index) => ({ create, name: engineNames[index] })))(
  '$name',
  ({ create }) => {
    let engine: Engine
    beforeAll(async () => {
      engine = await create()
    })
    beforeEach(async () => await engine.reset())
    afterAll(async () => await engine.close())

    it('answers with rows and how many there were', async () => {
      await withTenant('a', async () => {
        expect(await engine.database.query(names)).toEqual({
          rows: [{ name: 'a one' }, { name: 'a two' }],
          rowCount: 2,
        })
        expect(await engine.database.query('delete from product where id = $1', [1])).toEqual({
          rows: [],
          rowCount: 1,
        })
      })
    })

    it('a transaction holds as a whole, or not at all', async () => {
      const failure = new Error('On purpose')
      const attempt = withTenant('a', () =>
        engine.database.transaction(async (to) => {
          await to.query('delete from product')
          throw failure
        }),
      )
      await expect(attempt).rejects.toBe(failure)
      const { rows } = await withTenant('a', () => engine.database.query(names))
      expect(rows).toHaveLength(2)
    })

    it('a transaction whose error was swallowed is not reported as done', async () => {
      const attempt = withTenant('a', () =>
        engine.database.transaction(async (to) => {
          await to.query("update product set name = 'new' where id = 1")
          await to.query('select 1 / 0').catch(() => undefined)
        }),
      )
      await expect(attempt).rejects.toThrow()
      const { rows } = await withTenant('a', () => engine.database.query(names))
      expect(rows).toEqual([{ name: 'a one' }, { name: 'a two' }])
    })

    it('a transaction is over when it is over, and stays with its tenant', async () => {
      let kept: TenantQueries | undefined
      let inner: TenantQueries | undefined
      await withTenant('a', () =>
        engine.database.transaction(async (to) => {
          kept = to
          await to.transaction(async (nested) => {
            inner = nested
            await nested.query(names)
          })
          await expect(withTenant('a', async () => await to.query(names))).resolves.toBeDefined()
          await expect(to.query(names)).resolves.toBeDefined()
        }),
      )
      for (const to of [kept, inner]) {
        await expect(withTenant('a', async () => await to?.query(names))).rejects.toThrow()
        await expect(withTenant('b', async () => await to?.query(names))).rejects.toThrow()
      }
    })

    it('asSystem is refused without something that serves it', async () => {
      const reason = { reason: 'report' }
      await expect(asSystem(reason, () => engine.database.query(names))).rejects.toMatchObject({
        code: 'call_refused',
      })
    })
  },
)

describe('PGlite', () => {
  let pglite: PGlite
  beforeAll(async () => {
    pglite = await PGlite.create()
    await pglite.exec(`create role app; grant usage on schema public to app; ${tables('app')};
      insert into product values ('a', 1, 'a one', 1), ('b', 1, 'b one', 1)`)
  })
  afterAll(async () => await pglite.close())

  it('without a role is a superuser, and refused', async () => {
    const database = tenantDatabase(pglite)
    await expect(withTenant('a', () => database.query(names))).rejects.toMatchObject({
      code: 'row_security_bypassed',
      message: expect.stringMatching(/the role "postgres".+PGlite.+option "role"/),
    })
  })

  it('refuses a query beside an open transaction, which would wait for ever', async () => {
    const database = tenantDatabase(pglite, { role: 'app' })
    const attempt = withTenant('a', () =>
      database.transaction(async () => {
        await database.query(names)
      }),
    )
    await expect(attempt).rejects.toMatchObject({ code: 'call_refused' })
  })

  it('refuses it from a second database over the same PGlite as well, and not when it is over', async () => {
    const database = tenantDatabase(pglite, { role: 'app' })
    const second = tenantDatabase(pglite, { role: 'app' })
    let later: Promise<unknown> = Promise.resolve()
    let finish = () => {}
    const isOver = new Promise<void>((resolve) => {
      finish = resolve
    })
    await withTenant('a', async () => {
      await database.transaction(async () => {
        await expect(second.query(names)).rejects.toMatchObject({ code: 'call_refused' })
        later = isOver.then(() => database.query(names))
      })
      finish()
      await expect(later).resolves.toMatchObject({ rows: [{ name: 'a one' }] })
    })
  })

  it('refuses what the next tenant would find on its one connection', async () => {
    const database = tenantDatabase(pglite, { role: 'app' })
    for (const change of [
      "set app.user_id = '7'",
      "select set_config('app.user_id', '7', false)",
      "select set_config('role', 'postgres', false)",
      "prepare kept as select 'secret'",
      'select pg_advisory_lock(7)',
    ]) {
      const attempt = withTenant('a', () => database.query(change))
      await expect(attempt, change).rejects.toMatchObject({ code: 'call_refused' })
    }
    await withTenant('a', () => database.query("set local timezone = 'Pacific/Auckland'"))
    await withTenant('a', () => database.query("select set_config('app.user_id', '7', true)"))
  })

  it('may serve the system itself', async () => {
    const database = tenantDatabase(pglite, { role: 'app', system: pglite })
    const all = await asSystem({ reason: 'report' }, () => database.query(names))
    expect(all.rows).toHaveLength(2)
    const own = await withTenant('a', () => database.query(names))
    expect(own.rows).toEqual([{ name: 'a one' }])
  })
})

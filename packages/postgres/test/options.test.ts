/** What the program passes in: names are quoted, and a mistake throws when it is made. */
import { withTenant } from '@tenantry/core/context'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { isOutdated } from '../src/audit/passages.ts'
import {
  auditRowLevelSecurity,
  prismaTenancy,
  rowLevelSecurity,
  tenantDatabase,
  tenantPool,
} from '../src/index.ts'
import {
  beginsTransaction,
  closesTransaction,
  escapesTransaction,
  firstWord,
  mayHoldSeveral,
} from '../src/statement.ts'

/** Calls past the types, as JavaScript does. */
// biome-ignore lint/complexity/noBannedTypes: any function of the package
const loosely = (call: Function, ...args: unknown[]): unknown =>
  Reflect.apply(call, undefined, args)
const invalid = expect.objectContaining({ code: 'option_invalid', status: 500 })

describe('rowLevelSecurity', () => {
  it('quotes every name and every value', () => {
    const sql = rowLevelSecurity('wid"gets; drop', {
      column: 'ten"ant',
      schema: 'sh"op',
      role: 'a"pp',
      setting: 'my.tenant',
    })
    expect(sql).toContain('alter table "sh""op"."wid""gets; drop" enable row level security;')
    expect(sql).toContain('"ten""ant" = nullif(current_setting(\'my.tenant\', true), \'\')')
    expect(sql).toContain('to "a""pp";')
  })

  it('casts the setting, and compares the text as well', () => {
    const sql = rowLevelSecurity('w', { column: 'org', type: 'uuid' })
    expect(sql).toContain(
      `using ("org" = nullif(current_setting('app.tenant_id', true), '')::uuid)`,
    )
    expect(sql).toContain(
      `using ("org"::text collate "C" = nullif(current_setting('app.tenant_id', true), ''))`,
    )
  })

  it.each([
    ['', { column: 'c' }],
    ['w', {}],
    ['w', undefined],
    ['w', { column: '' }],
    ['w', { column: 'c', type: 'jsonb' }],
    ['w', { column: 'c', setting: 'tenant' }],
    ['w', { column: 'c', setting: "app.x', true)--" }],
    ['w', { column: 'c', role: 'nul\0' }],
    ['w', { column: 'c', colunm: 'c' }],
    ['shop.w', { column: 'c' }],
    [7, { column: 'c' }],
  ])('refuses %j with %j', (table, options) => {
    expect(() => loosely(rowLevelSecurity, table, options)).toThrow(invalid)
  })
})

it('a name with a dot is one name where the schema is said as well', () => {
  const sql = rowLevelSecurity('w.old', { column: 'c', schema: 'shop' })
  expect(sql).toContain('alter table "shop"."w.old" enable row level security;')
  expect(() => rowLevelSecurity('shop.w', { column: 'c' })).toThrow('{ schema: "shop"')
})

describe('the other options', () => {
  const pool = new pg.Pool()

  it('are refused when they are not right', async () => {
    for (const [source, options] of [
      [undefined],
      [{}],
      [new pg.Client()],
      [pool, { settings: 'app.x' }],
      [pool, { setting: 'x' }],
      [pool, { system: pool }],
      [pool, { system: {} }],
      [pool, 'app.x'],
      [tenantPool(pool)],
    ] as const) {
      expect(() => loosely(tenantPool, source, options)).toThrow(invalid)
    }
    for (const [source, options] of [
      [undefined],
      [{}],
      [new pg.Client()],
      [pool, { rolle: 'app' }],
      [pool, { system: {} }],
      [tenantPool(pool), { role: 'app' }],
    ] as const) {
      expect(() => loosely(tenantDatabase, source, options)).toThrow(invalid)
    }
    for (const options of [
      { globals: [] },
      { global: 'x' },
      { ignore: ['x'] },
      { ignore: ['view_definer'] },
      { role: '' },
    ]) {
      await expect(
        loosely(auditRowLevelSecurity, { query: async () => ({ rows: [] }) }, options),
      ).rejects.toEqual(invalid)
    }
    for (const client of [undefined, {}, 'postgres://app@localhost/shop']) {
      await expect(loosely(auditRowLevelSecurity, client)).rejects.toEqual(invalid)
    }
    await expect(auditRowLevelSecurity(tenantPool(pool))).rejects.toThrow('tenantPool was given')
  })

  it('refuse a client that does not say in which state it is', async () => {
    const old = tenantPool({
      connect: async () => ({ query: async () => ({}), release() {} }),
      end: async () => {},
      on() {},
    })
    await expect(
      withTenant('a', () => Reflect.get(old, 'query')('select 1')),
    ).rejects.toMatchObject({
      code: 'call_refused',
    })
  })

  it('an old server is known by its number', () => {
    expect([130_000, 140_018, 150_013, 160_009, 170_005].map(isOutdated)).not.toContain(false)
    expect([140_019, 150_014, 160_010, 170_006, 180_000, 190_001].map(isOutdated)).not.toContain(
      true,
    )
  })

  it('prismaTenancy is an extension and nothing else', () => {
    expect(prismaTenancy().name).toBe('tenantry')
  })
})

describe('the text of a statement', () => {
  it.each([
    ['select 1', 'select'],
    ['  \n\tBEGIN', 'begin'],
    ['-- begin\nselect', 'select'],
    ['/* a /* b */ c */ start transaction', 'start'],
    [';; -- x\n ; commit', 'commit'],
    ['/* never closed begin', ''],
    ['-- only', ''],
    ['', ''],
    ['(select 1)', ''],
  ])('%j begins with %j', (text, word) => {
    expect(firstWord(text)).toBe(word)
  })

  it('begins, ends and escapes a transaction, or is several', () => {
    expect(beginsTransaction('Start Transaction isolation level serializable')).toBe(true)
    expect(closesTransaction('rollback')).toBe(true)
    expect(closesTransaction('rollback to savepoint x')).toBe(false)
    expect(mayHoldSeveral('begin; ; -- x')).toBe(false)
    expect(mayHoldSeveral('begin; select 1')).toBe(true)
    for (const text of [
      'commit',
      'reset role',
      '/**/ set local role x',
      'SET SESSION AUTHORIZATION x',
      'discard all',
    ]) {
      expect(escapesTransaction(text)).toBe(true)
    }
    for (const text of ['set local statement_timeout = 1', 'select 1', 'update x set role = 1']) {
      expect(escapesTransaction(text)).toBe(false)
    }
  })
})

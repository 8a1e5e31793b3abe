/** Options are read once; what is misspelt or makes no sense is refused where it is written. */
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { createTenantDatabases } from '../src/index.ts'
import { mongooseDatabases, sharedMongooseDatabases } from '../src/mongoose/index.ts'
import { pgDatabases } from '../src/pg/index.ts'
import { pgliteDatabases } from '../src/pglite/index.ts'
import { codeOf, createWorld } from './support/fakes.ts'

const good = {
  registry: { find: async () => undefined },
  connect: async () => ({}),
  disconnect: async () => undefined,
}

describe('createTenantDatabases', () => {
  it.each([
    ['maximum', 5],
    ['max', 0],
    ['max', 1.5],
    ['max', undefined],
    ['idleTimeout', -1],
    ['idleTimeout', Number.NaN],
    // Milliseconds.
    ['idleTimeout', 300_000],
    ['acquireTimeout', 5_000],
    ['connectTimeout', 10_000],
    ['registryTtl', 5_000],
    ['pingAfter', 30_000],
    ['acquireTimeout', '5'],
    ['connectTimeout', 0],
    ['connectTimeout', 2_147_484],
    ['registryTtl', Number.POSITIVE_INFINITY],
    ['pingAfter', null],
    ['tenantIdPattern', /a/g],
    ['tenantIdPattern', /a/y],
    ['tenantIdPattern', 'a'],
    ['registry', {}],
    ['registry', undefined],
    ['connect', 'postgres://'],
    ['disconnect', undefined],
    ['ping', true],
    ['isHealthy', 1],
  ])('refuses %s: %j, and names it', (name, value) => {
    const options = { ...good, [name]: value }
    expect(() => createTenantDatabases(options)).toThrow(
      expect.objectContaining({ code: 'option_invalid', message: expect.stringContaining(name) }),
    )
  })

  it.each([undefined, null, 'options', []])('refuses %j in the place of options', (options) => {
    expect(() => createTenantDatabases(options as never)).toThrow(
      /options must be an object with registry, /,
    )
  })

  it('takes another form of tenant ids', async () => {
    const { databases } = createWorld(['acme'], { tenantIdPattern: /^[a-z]{4}$/ })
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
    expect(await codeOf(databases.use('acme1', () => undefined))).toBe('tenant_invalid')
  })
})

describe('a deadline', () => {
  it.each([-1, '5', Number.NaN, 10_000])('refuses %j', async (deadline) => {
    const { databases } = createWorld()
    expect(await codeOf(databases.close({ deadline } as never))).toBe('option_invalid')
    expect(await codeOf(databases.suspend('acme', { deadline } as never))).toBe('option_invalid')
    expect(await codeOf(databases.use('acme', () => undefined))).toBe('none')
  })
})

describe('the bindings', () => {
  it.each([
    () => pgDatabases({ pol: {} } as never),
    () => pgDatabases({ pool: 'postgres://' } as never),
    () => pgDatabases({ pool: new pg.Pool() } as never),
    () => pgDatabases({ pool: null } as never),
    () => pgDatabases({ pool: Promise.resolve({}) } as never),
    () => pgliteDatabases({} as never),
    () => pgliteDatabases({ directory: '' }),
    () => pgliteDatabases({ directory: 'x', createMising: true } as never),
    () => mongooseDatabases({ uri: 'mongodb://x' } as never),
    () => mongooseDatabases({ mongoose: {}, uri: 'mongodb://x' } as never),
    () => mongooseDatabases({ mongoose: { createConnection() {} }, uri: 7 } as never),
    () => sharedMongooseDatabases({ connection: {} } as never),
  ])('refuse what they do not know: %s', (make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'option_invalid' }))
  })
})

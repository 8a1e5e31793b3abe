/** Every member of a pool and of a client of pg has been judged. One that a later version brings fails here. */
import { withTenant } from '@tenantry/core/context'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { tenantPool } from '../src/index.ts'
import { lookAlike } from '../src/look-alike.ts'
import { tenantClient } from '../src/tenant-client.ts'

/** `guarded`: inside of the tenant. `harmless`: sends nothing. `refused`: throws. `hidden`: is not there. */
type Verdict = 'guarded' | 'harmless' | 'refused' | 'hidden'

const emitter: Readonly<Record<string, Verdict>> = {
  on: 'guarded',
  addListener: 'guarded',
  once: 'guarded',
  off: 'guarded',
  removeListener: 'guarded',
  emit: 'refused',
  eventNames: 'refused',
  getMaxListeners: 'refused',
  listenerCount: 'refused',
  listeners: 'refused',
  prependListener: 'refused',
  prependOnceListener: 'refused',
  rawListeners: 'refused',
  removeAllListeners: 'refused',
  setMaxListeners: 'refused',
}

const ofPool: Readonly<Record<string, Verdict>> = {
  ...emitter,
  connect: 'guarded',
  query: 'guarded',
  end: 'harmless',
  ended: 'harmless',
  ending: 'harmless',
  expiredCount: 'harmless',
  idleCount: 'harmless',
  options: 'harmless',
  totalCount: 'harmless',
  waitingCount: 'harmless',
  Client: 'refused',
  Promise: 'refused',
  log: 'refused',
  newClient: 'refused',
}

const ofClient: Readonly<Record<string, Verdict>> = {
  ...emitter,
  query: 'guarded',
  release: 'guarded',
  getTransactionStatus: 'harmless',
  database: 'harmless',
  escapeIdentifier: 'harmless',
  escapeLiteral: 'harmless',
  getTypeParser: 'harmless',
  host: 'harmless',
  port: 'harmless',
  processID: 'harmless',
  user: 'harmless',
  cancel: 'refused',
  connect: 'refused',
  end: 'refused',
  getStartupConf: 'refused',
  ref: 'refused',
  setTypeParser: 'refused',
  unref: 'refused',
  activeQuery: 'hidden',
  binary: 'hidden',
  connection: 'hidden',
  connectionParameters: 'hidden',
  enableChannelBinding: 'hidden',
  password: 'hidden',
  pipeline: 'hidden',
  queryQueue: 'hidden',
  replication: 'hidden',
  scramMaxIterations: 'hidden',
  secretKey: 'hidden',
  ssl: 'hidden',
  sslNegotiation: 'hidden',
}

/** The names of an object and of its prototypes, but for those of every object. */
function membersOf(object: object): readonly string[] {
  const names = new Set<string>()
  for (
    let at: object | null = object;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name)
  }
  // What begins with an underscore is hidden or refused like everything that is not listed.
  return [...names]
    .filter((name) => !name.startsWith('_') && name !== 'constructor' && name !== 'domain')
    .sort()
}

function verdictOf(object: object, name: string, table: Readonly<Record<string, Verdict>>): string {
  const value: unknown = Reflect.get(object, name)
  if (value === undefined) return table[name] === 'harmless' ? 'harmless' : 'hidden'
  if (typeof value !== 'function') return 'harmless'
  try {
    const answer: unknown = Reflect.apply(value, object, [])
    if (answer instanceof Promise) answer.catch(() => undefined)
    return 'called'
  } catch (error) {
    return Reflect.get(error as object, 'code') === 'call_refused' ? 'refused' : 'called'
  }
}

describe('the surface of pg', () => {
  const raw = new pg.Pool({
    password: 'secret',
    connectionString: 'postgres://u:secret@localhost/d',
  })
  const rawClient = new pg.Client({ password: 'secret' })
  Reflect.set(rawClient, 'release', () => undefined)
  // One session after the other has it here, and none of them ends.
  rawClient.setMaxListeners(0)

  it.each(membersOf(raw))('pool.%s is classified', (name) => {
    const verdict = ofPool[name]
    expect(verdict, `Classify pool.${name} in this file and in tenant-pool.ts`).toBeDefined()
    const seen = verdictOf(tenantPool(raw), name, ofPool)
    if (verdict === 'refused' || verdict === 'hidden') expect(seen).toBe(verdict)
    if (verdict === 'harmless' && name !== 'end') expect(seen).toBe('harmless')
  })

  it.each(membersOf(rawClient))('client.%s is classified', (name) => {
    const verdict = ofClient[name]
    expect(verdict, `Classify client.${name} in this file and in tenant-client.ts`).toBeDefined()
    // The types of the driver do not show what its state is read from.
    const client = tenantClient(rawClient as never, 'a', {
      setting: 'app.tenant_id',
      role: undefined,
    })
    const seen = verdictOf(client, name, ofClient)
    if (verdict === 'refused' || verdict === 'hidden') expect(seen).toBe(verdict)
  })

  it('has no verdict for what is not there', () => {
    expect(Object.keys(ofPool).filter((name) => !membersOf(raw).includes(name))).toEqual([])
    expect(Object.keys(ofClient).filter((name) => !membersOf(rawClient).includes(name))).toEqual([])
  })

  it('refuses a method that nobody has judged', () => {
    class Later extends pg.Pool {
      later(): void {}
    }
    const later = tenantPool(new Later())
    expect(() => later.later()).toThrow(expect.objectContaining({ code: 'call_refused' }))
    const extra = lookAlike({ answer: 7, run: () => 7 }, 'thing', new Map())
    expect(Reflect.get(extra, 'answer')).toBeUndefined()
  })

  it('passes for a pool, and gives no secret away', async () => {
    const pool = tenantPool(raw)
    // The matcher for it does not take the type of the constructor.
    expect(pool instanceof pg.Pool).toBe(true)
    expect(Object.getPrototypeOf(pool).constructor.name).toMatch(/Pool/)
    expect(JSON.stringify(pool.options)).not.toContain('secret')
    expect('query' in pool).toBe(true)
    expect(Reflect.get(pool, '_clients')).toBeUndefined()
    expect(() => Reflect.get(pool, '_acquireClient')()).toThrow()
    await expect(
      Reflect.apply(Reflect.get(pool, 'query'), raw, ['select 1']),
    ).rejects.toMatchObject({
      code: 'tenant_context_missing',
    })
    await expect(withTenant('a', () => pool.query('begin'))).rejects.toMatchObject({
      code: 'call_refused',
    })
  })
})

/** Real databases of PGlite, each in its folder. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTenantDatabases, type TenantDatabases } from '../../src/index.ts'
import { pgliteDatabases } from '../../src/pglite/index.ts'
import { codeOf, createFakeRegistry, type FakeRegistry, settle } from '../support/fakes.ts'

let directory: string
let registry: FakeRegistry
let databases: TenantDatabases<PGlite>

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tenantry-databases-'))
  registry = createFakeRegistry('acme', 'globex', 'nobody')
  // As provisioning does it.
  const made = await PGlite.create(join(directory, 'acme_7f3a'))
  await made.exec('create table widgets (name text)')
  const copy = await made.dumpDataDir('none')
  await made.close()
  const other = await PGlite.create({
    dataDir: join(directory, 'globex_7f3a'),
    loadDataDir: copy,
  })
  await other.close()
  databases = createTenantDatabases({
    registry,
    ...pgliteDatabases({ directory }),
    max: 1,
    acquireTimeout: 25,
    connectTimeout: 25,
  })
}, 120_000)
afterAll(async () => {
  await databases.close()
  rmSync(directory, { recursive: true, force: true })
})

const names = async (tenantId: string) =>
  await databases.use(tenantId, async (database) => {
    const { rows } = await database.query<{ name: string }>(
      'select name from widgets order by name',
    )
    return rows.map(({ name }) => name)
  })

describe('PGlite', { timeout: 60_000 }, () => {
  it('says that there is no database, and makes one, with the folders above it, when it is told to', async () => {
    const [row] = registry.rows.values()
    if (row === undefined) throw new Error('There is no tenant.')
    const signal = new AbortController().signal
    const folder = join(directory, 'made', 'when', 'needed')
    const given = pgliteDatabases({ directory: folder })
    await expect(given.connect(row, { signal })).rejects.toThrow(/has no database.*createMissing/)
    expect(existsSync(join(directory, 'made'))).toBe(false)
    const made = pgliteDatabases({ directory: folder, createMissing: true })
    const database = await made.connect(row, { signal })
    await database.query('select 1')
    await made.disconnect(database, { row, force: false })
    await (await given.connect(row, { signal })).close()
    rmSync(join(directory, 'made'), { recursive: true })
  })

  it('has the rows of each tenant in its own folder, also after it was closed for another one', async () => {
    await databases.use('acme', (database) =>
      database.query("insert into widgets values ('wheel')"),
    )
    await databases.use('globex', (database) =>
      database.query("insert into widgets values ('gear')"),
    )
    expect(await names('acme')).toEqual(['wheel'])
    expect(await names('globex')).toEqual(['gear'])
    expect(databases.stats()).toMatchObject({ live: 1, opened: 4, evicted: 3 })
  })

  it('does not make a database that nobody provisioned', async () => {
    expect(await codeOf(databases.use('nobody', () => undefined))).toBe('database_unavailable')
    expect(existsSync(join(directory, 'nobody_7f3a'))).toBe(false)
  })

  it('refuses a name that leads out of the folder, before anything is opened', async () => {
    registry.change('nobody', { databaseName: '../elsewhere' })
    databases.forget('nobody')
    const error = await databases.use('nobody', () => undefined).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'database_unavailable', cause: { code: 'option_invalid' } })
    expect(readdirSync(directory).sort()).toEqual(['acme_7f3a', 'globex_7f3a'])
  })

  it('opens a folder again only when the one before is closed', async () => {
    const roomy = createTenantDatabases({
      registry,
      ...pgliteDatabases({ directory }),
      connectTimeout: 25,
    })
    await databases.evict('globex')
    const old = await roomy.lease('acme')
    const evicted = roomy.evict('acme')
    const used = roomy.use('acme', async (database) => (await database.query('select 1')).rows)
    await settle()
    expect(roomy.stats()).toMatchObject({ live: 2, opening: 1 })
    old.release()
    expect(await used).toHaveLength(1)
    await evicted
    expect(await roomy.close()).toEqual({ forced: [], abandoned: [] })
  })

  it('opens a folder once at a time, whoever asks: several wait for the end of one', async () => {
    await databases.evict('acme')
    const { connect, disconnect } = pgliteDatabases({ directory })
    const row = {
      tenantId: 'acme',
      status: 'active',
      databaseName: 'acme_7f3a',
      version: 1,
    } as const
    const { signal } = new AbortController()
    let open = 0
    let most = 0
    const create = PGlite.create.bind(PGlite)
    const spy = vi.spyOn(PGlite, 'create').mockImplementation(((options: PGliteOptions) => {
      most = Math.max(most, ++open)
      return create(options)
    }) as typeof PGlite.create)
    onTestFinished(() => spy.mockRestore())
    await Promise.all(
      [1, 2, 3].map(async () => {
        const database = await connect(row, { signal })
        open--
        await disconnect(database, { row, force: false })
      }),
    )
    expect([spy.mock.calls.length, most]).toEqual([3, 1])
  })

  it('is replaced when somebody has closed it', async () => {
    await databases.use('acme', (database) => database.close())
    expect(await names('acme')).toEqual(['wheel'])
  })
})

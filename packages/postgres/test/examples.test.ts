/** The examples of Drizzle and Kysely, run as a reader runs them. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createTestDatabase, onServer, server } from './support/test-database.ts'

const run = promisify(execFile)

/** Starts it with these variables besides. */
async function start(name: string, urls: NodeJS.ProcessEnv): Promise<string> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const { stdout } = await run(
    process.execPath,
    ['--conditions=@tenantry/source', '--import', 'tsx', 'main.ts'],
    { cwd: join(import.meta.dirname, '../../../docs/examples', name), env: { ...env, ...urls } },
  )
  return stdout
}

it.each(['drizzle', 'kysely'])('%s touches no database that was not named', async (name) => {
  await expect(start(name, { OWNER_URL: '', APP_URL: '' })).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('Set OWNER_URL and APP_URL'),
  })
})

describe.skipIf(server === undefined)(onServer('the example of'), () => {
  it.each(['drizzle', 'kysely'])('%s keeps each tenant to its own rows', async (name) => {
    const db = await createTestDatabase()
    const at = `${server?.host}:${server?.port}/${db.admin.options.database}`
    const stdout = await start(name, {
      OWNER_URL: `postgres://${db.roles.owner}@${at}`,
      APP_URL: `postgres://${db.roles.app}@${at}`,
    })
    await db.drop()
    expect(stdout.split('\n')).toEqual([
      'findings: 0',
      'acme has: gear of acme, wheel of acme',
      'globex has: 2',
      'outside of any tenant: tenant_context_missing',
      '',
    ])
  })
})

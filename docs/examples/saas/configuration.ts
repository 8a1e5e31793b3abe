/** The environment, read once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

export interface Configuration {
  readonly database: 'pglite' | 'postgres' | 'mongodb'
  /** Where PGlite has its directories. */
  readonly directory: () => string
  readonly databaseUrl: string
  readonly adminDatabase: string
  /** What administrators send. Without one there are none. */
  readonly adminToken: string | undefined
  readonly port: number
  /** Whether tenants are added whose passwords everybody can read in data.ts. */
  readonly isSeeded: boolean
}

/** An empty variable is one that is not set. */
const text = z
  .string()
  .optional()
  .transform((value) => value || undefined)

const environment = z.object({
  DATABASE: text.pipe(z.enum(['pglite', 'postgres', 'mongodb']).default('pglite')),
  DATA_DIRECTORY: text,
  DATABASE_URL: text.pipe(z.url().default('postgres://postgres@127.0.0.1:5432/postgres')),
  ADMIN_DATABASE: text.pipe(z.string().default('saas_admin')),
  ADMIN_TOKEN: text.pipe(z.string().min(16).optional()),
  PORT: text.transform((value) => Number(value ?? 3000)).pipe(z.int().min(0).max(65_534)),
  NODE_ENV: text,
})

/** What is wrong is named, and not shown. */
export function readConfiguration(env: NodeJS.ProcessEnv): Configuration {
  const read = environment.safeParse(env)
  if (!read.success) {
    const names = new Set(read.error.issues.map(({ path }) => path.join('.')))
    console.error(`These variables are not right: ${[...names].join(', ')}.`)
    process.exit(1)
  }
  const { DATABASE, DATA_DIRECTORY, DATABASE_URL, ADMIN_DATABASE, ADMIN_TOKEN } = read.data
  return {
    database: DATABASE,
    directory: () => DATA_DIRECTORY ?? temporary(),
    databaseUrl: DATABASE_URL,
    adminDatabase: ADMIN_DATABASE,
    adminToken: ADMIN_TOKEN,
    port: read.data.PORT,
    isSeeded: read.data.NODE_ENV !== 'production',
  }
}

/** Gone when the program ends. */
function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tenantry-saas-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}

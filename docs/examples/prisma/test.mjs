// Installs Prisma (300 MB, apart from the workspace), makes a database of its own on the server of PGHOST or
// 127.0.0.1:5432, and runs the test and the program on it: npm run test:prisma, from the root.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const windows = process.platform === 'win32'

function run(command, args, env = {}) {
  const options = { cwd: folder, stdio: 'inherit', shell: windows, env: { ...process.env, ...env } }
  execFileSync(command, args, options)
}

if (!existsSync(join(folder, 'node_modules/@prisma/client'))) {
  console.log('Installing Prisma (once, 300 MB) ...')
  // Its install script fetches a binary that nothing here needs.
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'])
}
mkdirSync(join(folder, 'node_modules/@tenantry'), { recursive: true })
for (const name of ['core', 'postgres']) {
  const link = join(folder, 'node_modules/@tenantry', name)
  if (!existsSync(link)) symlinkSync(join(folder, '../../../packages', name), link, 'junction')
}
// Only migrations use the schema engine, so that a program that does nothing stands in for it.
const quiet = { PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' }
const engine = windows ? {} : { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' }
run('npx', ['--no-install', 'prisma', 'generate'], { ...quiet, ...engine })

const { default: pg } = await import(createRequire(import.meta.url).resolve('pg'))
const host = process.env.PGHOST ?? '127.0.0.1'
const port = process.env.PGPORT ?? '5432'
const user = process.env.PGUSER ?? userInfo().username
const id = randomBytes(6).toString('hex')
const names = { admin: user, owner: `owner_${id}`, app: `app_${id}` }
const server = new pg.Client({
  host,
  port: Number(port),
  user,
  database: process.env.PGDATABASE ?? 'postgres',
})
await server.connect()

/** Runs `use` with the URLs of a new database. */
async function withDatabase(use) {
  const database = `tenantry_${randomBytes(6).toString('hex')}`
  await server.query(`create database ${database}`)
  const url = (name) => `postgres://${name}@${host}:${port}/${database}`
  const setup = new pg.Client({ connectionString: url(user) })
  await setup.connect()
  await setup.query(
    `grant usage, create on schema public to ${names.owner}; grant usage on schema public to ${names.app}`,
  )
  await setup.end()
  try {
    use({ ADMIN_URL: url(names.admin), OWNER_URL: url(names.owner), APP_URL: url(names.app) })
  } finally {
    await server.query(`drop database ${database} with (force)`)
  }
}

const flags = ['--conditions=@tenantry/source', '--import', 'tsx']
try {
  await server.query(`create role ${names.owner} login`)
  await server.query(`create role ${names.app} login`)
  await withDatabase((urls) => run(process.execPath, [...flags, '--test', 'prisma.test.ts'], urls))
  await withDatabase((urls) => run(process.execPath, [...flags, 'main.ts'], urls))
} finally {
  await server.query(`drop role if exists ${names.owner}`)
  await server.query(`drop role if exists ${names.app}`)
  await server.end()
}

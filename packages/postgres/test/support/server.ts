/** A PostgreSQL server for the tests: a running one, else a temporary one of the installed binaries. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import pg from 'pg'

/** How a superuser gets in. */
export interface Server {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  stop(): Promise<void>
}

/** The server of PGHOST, or the local one; undefined where none answers. */
async function running(): Promise<Server | undefined> {
  const host = process.env['PGHOST'] ?? '127.0.0.1'
  const port = Number(process.env['PGPORT'] ?? 5432)
  for (const user of new Set([process.env['PGUSER'] ?? userInfo().username, 'postgres'])) {
    const database = process.env['PGDATABASE'] ?? 'postgres'
    const client = new pg.Client({ host, port, user, database, connectionTimeoutMillis: 2_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query("select current_setting('is_superuser') as is_superuser")
      await client.end()
      if (rows[0]?.is_superuser === 'on') {
        return { host, port, user, database, stop: async () => undefined }
      }
    } catch {
      await client.end().catch(() => undefined)
    }
  }
  return undefined
}

/** Where initdb and postgres are, or undefined. */
function binaries(): string | undefined {
  const debian = [18, 17, 16, 15, 14].map((version) => `/usr/lib/postgresql/${version}/bin`)
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...debian]
  return folders.find((folder) =>
    ['initdb', 'postgres'].every((name) => {
      try {
        accessSync(join(folder, name), constants.X_OK)
        return true
      } catch {
        return false
      }
    }),
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The server refuses to run as root, so that root starts it as the user of the package. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** A cluster of its own, gone afterwards. */
async function temporary(): Promise<Server | undefined> {
  const folder = binaries()
  if (folder === undefined) return undefined
  const data = mkdtempSync(join(tmpdir(), 'tenantry-postgres-'))
  try {
    const as = unprivileged()
    if (as.uid !== undefined && as.gid !== undefined) chownSync(data, as.uid, as.gid)
    const initdb = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8']
    execFileSync(join(folder, 'initdb'), initdb, { ...as, stdio: 'ignore' })
    const port = await freePort()
    const flags = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1']
    const fast = ['-c', 'fsync=off', '-c', `unix_socket_directories=${data}`]
    const child = spawn(join(folder, 'postgres'), [...flags, ...fast], { ...as })
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('The temporary server ended.')))
      child.stderr.on('data', (chunk) => {
        if (String(chunk).includes('ready to accept connections')) resolve()
      })
    })
    // For a run that is cut short.
    const kill = () => child.kill('SIGQUIT')
    process.once('exit', kill)
    const stop = async () => {
      process.removeListener('exit', kill)
      const exited = once(child, 'exit')
      child.kill('SIGINT')
      await exited
      rmSync(data, { recursive: true, force: true })
    }
    return { host: '127.0.0.1', port, user: 'postgres', database: 'postgres', stop }
  } catch {
    rmSync(data, { recursive: true, force: true })
    return undefined
  }
}

/** The server to test with, or undefined: then only PGlite is tested, and that is said visibly. */
export async function findServer(): Promise<Server | undefined> {
  return (await running()) ?? (await temporary())
}

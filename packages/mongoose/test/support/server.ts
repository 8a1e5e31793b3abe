/**
 * A server that speaks the protocol of MongoDB: the one that MONGODB_URI names, else a stand-in,
 * which is not MongoDB. What the stand-in cannot do is proven on the wire, and listed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const standIn = '@jongodb/memory-server-bin-linux-x64-gnu'

/** The binary that was looked at, by its hash. */
const sha256 = 'c53888f078d7f5f38d5386685044cf54dd94aaf831ebc09c76f1d4fbc321b625'

export interface TestServer {
  readonly uri: (database: string) => string
  /** False for the stand-in. */
  readonly isMongoDB: boolean
  stop(): Promise<void>
}

/** Why there is no server, to be shown beside what is skipped. */
export const absence: string | undefined = findAbsence()

function findAbsence(): string | undefined {
  if (process.env['MONGODB_URI'] || binary() !== undefined) return undefined
  return `no MONGODB_URI, and the stand-in is for Linux on x64 with glibc only`
}

function binary(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${standIn}/package.json`)
    return join(dirname(manifest), 'bin/jongodb')
  } catch {
    return undefined
  }
}

export async function startServer(): Promise<TestServer> {
  const uri = process.env['MONGODB_URI']
  if (uri) {
    const url = new URL(uri)
    const at = (database: string): string => {
      const copy = new URL(url)
      copy.pathname = `/${database}`
      return copy.href
    }
    return { uri: at, isMongoDB: true, stop: async () => undefined }
  }
  const path = binary()
  if (path === undefined) throw new Error(absence)
  const found = createHash('sha256').update(readFileSync(path)).digest('hex')
  if (found !== sha256) throw new Error('The stand-in is not the binary that was looked at.')
  return await startStandIn(path)
}

async function startStandIn(path: string): Promise<TestServer> {
  const args = ['--host=127.0.0.1', '--port=0', '--database=test']
  const child = spawn(path, [...args, '--topology-profile=singleNodeReplicaSet'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const started = await readUri(child)
  const at = (database: string): string => {
    const url = new URL(started)
    url.pathname = `/${database}`
    // It does not speak the streaming heartbeat: without polling, the connection flaps.
    url.searchParams.set('serverMonitoringMode', 'poll')
    return url.href
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  return { uri: at, isMongoDB: false, stop }
}

async function readUri(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The stand-in has no output.')
  for await (const line of createInterface({ input: child.stdout })) {
    const uri = /JONGODB_URI=(\S+)/.exec(line)?.[1]
    if (uri !== undefined) return uri
  }
  throw new Error('The stand-in stopped before it said where it listens.')
}

/** A server that speaks the protocol of MongoDB, for the examples. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export interface MongoServer {
  readonly name: string
  readonly uri: string
  readonly isStandIn: boolean
  stop(): void
}

// biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo starts an example.
const given = process.env['MONGODB_URI']

/** Why there is none, to be shown. */
export const absence: string | undefined =
  given || standIn() !== undefined
    ? undefined
    : 'there is no MONGODB_URI, and the stand-in is for Linux on x64 with glibc only.'

/** The server that MONGODB_URI names, else a stand-in for trying things out; undefined where there is neither. */
export async function findMongo(): Promise<MongoServer | undefined> {
  if (given) return { name: 'MongoDB', uri: given, isStandIn: false, stop: () => undefined }
  const binary = standIn()
  return binary === undefined ? undefined : await start(binary)
}

function standIn(): string | undefined {
  try {
    const manifest = '@jongodb/memory-server-bin-linux-x64-gnu/package.json'
    return join(dirname(createRequire(import.meta.url).resolve(manifest)), 'bin/jongodb')
  } catch {
    return undefined
  }
}

/** Of the binary that was looked at: what is run here comes from somebody else. */
const sha256 = 'c53888f078d7f5f38d5386685044cf54dd94aaf831ebc09c76f1d4fbc321b625'

async function start(binary: string): Promise<MongoServer> {
  const found = createHash('sha256').update(readFileSync(binary)).digest('hex')
  if (found !== sha256) throw new Error('The stand-in is not the binary that was looked at.')
  const child = spawn(binary, ['--host=127.0.0.1', '--port=0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Ctrl-C is for this program: requests that are going on need the server a little longer.
    detached: true,
  })
  const stop = () => void child.kill('SIGKILL')
  // A signal has to end this program by `process.exit`, for this to be called.
  process.once('exit', stop)
  for await (const line of createInterface({ input: child.stdout })) {
    const uri = /JONGODB_URI=(\S+)/.exec(line)?.[1]
    if (uri !== undefined) {
      return { name: 'a stand-in for MongoDB', uri: withPolling(uri), isStandIn: true, stop }
    }
  }
  throw new Error('The stand-in stopped before it said where it listens.')
}

/** It does not speak the streaming heartbeat. */
function withPolling(uri: string): string {
  const url = new URL(uri)
  url.searchParams.set('serverMonitoringMode', 'poll')
  return url.href
}

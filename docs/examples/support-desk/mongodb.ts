/** A server that speaks the protocol of MongoDB. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export interface MongoServer {
  readonly name: string
  readonly uri: string
}

/** Why there is none, to be shown. */
export const absence: string | undefined =
  process.env['MONGODB_URI'] || standIn() !== undefined
    ? undefined
    : 'there is no MONGODB_URI, and the stand-in is for Linux on x64 with glibc only.'

/** The server that MONGODB_URI names, else a stand-in for trying things out; undefined where there is neither. */
export async function findMongo(): Promise<MongoServer | undefined> {
  const uri = process.env['MONGODB_URI']
  if (uri) return { name: 'MongoDB', uri }
  const binary = standIn()
  if (binary === undefined) return undefined
  return { name: 'a stand-in for MongoDB', uri: await start(binary) }
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

async function start(binary: string): Promise<string> {
  const found = createHash('sha256').update(readFileSync(binary)).digest('hex')
  if (found !== sha256) throw new Error('The stand-in is not the binary that was looked at.')
  const child = spawn(binary, ['--host=127.0.0.1', '--port=0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  // It ends with this program, however that ends.
  process.once('exit', () => child.kill('SIGKILL'))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit())
  for await (const line of createInterface({ input: child.stdout })) {
    const uri = /JONGODB_URI=(\S+)/.exec(line)?.[1]
    if (uri !== undefined) return withPolling(uri)
  }
  throw new Error('The stand-in stopped before it said where it listens.')
}

/** It does not speak the streaming heartbeat. */
function withPolling(uri: string): string {
  const url = new URL(uri)
  url.searchParams.set('serverMonitoringMode', 'poll')
  return url.href
}

/** A server that speaks the protocol of MongoDB. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export interface MongoServer {
  readonly name: string
  readonly uri: string
  readonly isStandIn: boolean
  stop(): void
}

/** Why there is none, to be shown. */
export const absence: string | undefined =
  process.env['MONGODB_URI'] || standIn() !== undefined
    ? undefined
    : 'there is no MONGODB_URI, and the stand-in is for Linux on x64 with glibc only.'

/** The server that MONGODB_URI names, else a stand-in for trying things out; undefined where there is neither. */
export async function findMongo(): Promise<MongoServer | undefined> {
  const uri = process.env['MONGODB_URI']
  if (uri) return { name: 'MongoDB', uri, isStandIn: false, stop: () => undefined }
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

async function start(binary: string): Promise<MongoServer> {
  const child = spawn(binary, ['--host=127.0.0.1', '--port=0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Ctrl-C is for this program: requests that are going on need the server a little longer.
    detached: true,
  })
  const stop = () => child.kill('SIGKILL')
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

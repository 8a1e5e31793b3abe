/**
 * What is really sent to the server, out of the bytes of the protocol (version 3.0, frontend messages), and
 * the tenant that the transaction was bound to when it was sent.
 */
import type { PGlite } from '@electric-sql/pglite'
import type { WireCommand } from '@tenantry/testing/isolation'
import type pg from 'pg'

/** A statement, and for which tenant it was. */
interface Sent {
  readonly text: string
  tenantId: string | undefined
}

/** Listens to one connection. */
interface Line {
  /** The bytes of one or more whole messages. */
  hear(bytes: Uint8Array): void
}

/** Collects what all the connections of a pool, or PGlite, send. */
export interface Wire {
  readonly sent: readonly WireCommand[]
  /** Begins anew, and answers with a function for what came since. */
  record(): () => readonly WireCommand[]
}

const binding = /set_config\('app\.tenant_id', '((?:[^']|'')*)', true\)/
const closing = /^\s*(?:commit|rollback|end|abort)(?:;|\s*$)/i

function createLine(sent: Sent[]): Line {
  const prepared = new Map<string, string>()
  let tenantId: string | undefined
  let open: Sent[] = []

  function statement(text: string): void {
    const bound = binding.exec(text)?.[1]?.replaceAll("''", "'")
    const command: Sent = { text, tenantId: bound ?? tenantId }
    sent.push(command)
    if (bound !== undefined) {
      tenantId = bound
      // PGlite sends BEGIN on its own, just before: it is for the tenant that is bound next.
      for (const earlier of open) earlier.tenantId = bound
    }
    open = /^begin$/i.test(text.trim()) ? [command] : []
    if (closing.test(text)) tenantId = undefined
  }

  return {
    hear(bytes) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let at = 0; at < buffer.length; ) {
        const type = String.fromCharCode(buffer[at] ?? 0)
        const body = buffer.subarray(at + 5, at + 1 + buffer.readInt32BE(at + 1))
        const strings = body.toString('utf8').split('\0')
        if (type === 'Q') statement(strings[0] ?? '')
        if (type === 'P') prepared.set(strings[0] ?? '', strings[1] ?? '')
        // Bind names the portal and the statement; what runs is what was parsed under that name.
        if (type === 'B') statement(prepared.get(strings[1] ?? '') ?? 'unknown statement')
        at += 1 + buffer.readInt32BE(at + 1)
      }
    },
  }
}

function wireOf(sent: Sent[]): Wire {
  return {
    sent,
    record() {
      const from = sent.length
      return () => sent.slice(from)
    },
  }
}

/** Listens to every connection that a pool opens from now on. */
export function watchPool(pool: pg.Pool): Wire {
  const sent: Sent[] = []
  pool.on('connect', (client) => {
    const line = createLine(sent)
    const connection: unknown = Reflect.get(client, 'connection')
    if (typeof connection !== 'object' || connection === null) throw new Error('No connection')
    const stream: unknown = Reflect.get(connection, 'stream')
    if (typeof stream !== 'object' || stream === null) throw new Error('No stream')
    const write: unknown = Reflect.get(stream, 'write')
    if (typeof write !== 'function') throw new Error('Nothing to write to')
    Reflect.set(stream, 'write', (...args: unknown[]) => {
      if (args[0] instanceof Uint8Array) line.hear(args[0])
      return Reflect.apply(write, stream, args)
    })
  })
  return wireOf(sent)
}

/** Listens to PGlite. */
export function watchPglite(pglite: PGlite): Wire {
  const sent: Sent[] = []
  const line = createLine(sent)
  const execProtocol = pglite.execProtocol.bind(pglite)
  pglite.execProtocol = async (message, options) => {
    line.hear(message)
    return await execProtocol(message, options)
  }
  const execProtocolStream = pglite.execProtocolStream.bind(pglite)
  pglite.execProtocolStream = async (message, options) => {
    line.hear(message)
    return await execProtocolStream(message, options)
  }
  return wireOf(sent)
}

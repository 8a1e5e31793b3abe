/** The end of a response, also of one that is cut off before its turn has come. */
import type { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { isOver } from '@tenantry/core/http'

/**
 * Whether nobody is there for the response any more. What `isOver` asks of a response is not known of
 * one of HTTP/2, nor of one that waits behind others of its connection.
 */
export function isGone(response: ServerResponse): boolean {
  if (isOver(response)) return true
  const stream: unknown = Reflect.get(response, 'stream')
  return isDestroyed(stream ?? response.req?.socket)
}

function isDestroyed(connection: unknown): boolean {
  return Reflect.get(Object(connection), 'destroyed') === true
}

/** What has to end with a connection: one listener for all of them, however many requests are sent at once. */
const waiting = new WeakMap<EventEmitter, Set<() => void>>()

/** Calls this when the response has ended or broken off, perhaps more than once. */
export function onEnd(response: ServerResponse, end: () => void): void {
  response.once('close', end)
  // A client may send requests before the ones before are answered. Their responses wait, and are told
  // nothing when the connection breaks (node:http gives each of them the socket when its turn comes).
  const socket = response.socket === null ? response.req?.socket : undefined
  if (socket === undefined || socket === null) return
  const ends = endsOf(socket)
  ends.add(end)
  response.once('close', () => ends.delete(end))
}

function endsOf(socket: EventEmitter): Set<() => void> {
  const known = waiting.get(socket)
  if (known !== undefined) return known
  const ends = new Set<() => void>()
  waiting.set(socket, ends)
  socket.once('close', () => {
    for (const end of ends) end()
  })
  return ends
}

/** Writes a refusal as it is: Express adds a charset and an ETag to what goes through `send`. */
import type { ServerResponse } from 'node:http'
import { type Refusal, replacedHeaders } from '@tenantry/core/http'

/** Whether nobody is waiting for an answer: it was given, or the client has gone. */
export function isOver(response: ServerResponse): boolean {
  return response.destroyed || response.writableEnded
}

/** Node leaves out the body for HEAD, but then does not count it. */
export function answer(response: ServerResponse, refusal: Refusal): void {
  response.statusCode = refusal.status
  // A response of HTTP/2 has none, and would throw.
  Reflect.set(response, 'statusMessage', '')
  for (const name of replacedHeaders) response.removeHeader(name)
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  response.setHeader('content-length', Buffer.byteLength(refusal.body))
  response.end(refusal.body)
}

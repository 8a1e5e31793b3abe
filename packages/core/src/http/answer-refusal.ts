/** Writes a refusal as it is, to a response of Node: frameworks add things to what goes through them. */
import type { ServerResponse } from 'node:http'
import { type Refusal, replacedHeaders } from './refusal.ts'

/** Whether nobody is waiting for an answer: it was given, or the client has gone. */
export function isOver(response: ServerResponse): boolean {
  return response.destroyed || response.writableEnded
}

/** Node leaves out the body for HEAD, but then does not count it. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  response.statusCode = refusal.status
  // A response of HTTP/2 has none, and would throw.
  Reflect.set(response, 'statusMessage', '')
  for (const name of replacedHeaders) response.removeHeader(name)
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  response.setHeader('content-length', new TextEncoder().encode(refusal.body).byteLength)
  response.end(refusal.body)
}

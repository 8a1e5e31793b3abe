/** Writes a refusal as it is. */
import { validateHeaderValue } from 'node:http'
import { type Refusal, replacedHeaders } from '@tenantry/core/http'
import type { FastifyReply } from 'fastify'

/** Whether somebody else has answered by now, or nobody is there to be answered. */
export function isOver(reply: FastifyReply): boolean {
  return reply.sent || reply.raw.destroyed
}

/** Answers with exactly this, apart from what the application's own onSend hooks do. */
export function answer(reply: FastifyReply, refusal: Refusal): void {
  // Node would refuse them too late: an error could not be answered with them on the reply either.
  for (const [name, value] of Object.entries(refusal.headers)) validateHeaderValue(name, value)
  for (const name of replacedHeaders) reply.removeHeader(name)
  // Bytes, because Fastify adds a charset to the content type of a string.
  void reply.code(refusal.status).headers(refusal.headers).send(Buffer.from(refusal.body))
}

/** Writes refusals, and tells the operator of those that are the program's fault. */
import { validateHeaderValue } from 'node:http'
import type { TenantryError } from '@tenantry/core'
import type { Refusal } from '@tenantry/core/http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answers with exactly this, apart from what the application's own onSend hooks do. */
export function answer(reply: FastifyReply, refusal: Refusal): void {
  // Node would refuse them too late: an error could not be answered with them on the reply either.
  for (const [name, value] of Object.entries(refusal.headers)) validateHeaderValue(name, value)
  // Bytes, because Fastify adds a charset to the content type of a string.
  void reply.code(refusal.status).headers(refusal.headers).send(Buffer.from(refusal.body))
}

/** Whether somebody else has answered by now, or nobody is there to be answered. */
export function isOver(reply: FastifyReply): boolean {
  return reply.sent || reply.raw.destroyed
}

/** Reports the first mistake in the program that it is shown. Nothing in it is out of a token. */
export function createReport(): (error: TenantryError, request: FastifyRequest) => void {
  let isReported = false
  return (error, request) => {
    if (error.status !== 500 || isReported) return
    isReported = true
    process.emitWarning(error.message, { type: 'TenantryWarning', code: error.code })
    request.log.error({ code: error.code, route: request.routeOptions.url }, error.message)
  }
}

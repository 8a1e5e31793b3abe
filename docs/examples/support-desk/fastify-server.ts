/** The API on Fastify. */
import { isTenantryError, type Verifier } from '@tenantry/core'
import { tenantry } from '@tenantry/fastify'
import Fastify, { type FastifyError, type FastifyReply } from 'fastify'
import { type Desk, newTicket, orderNumber, ticketChanges, ticketWhere } from './desk.ts'

interface OfTicket {
  readonly Params: { readonly orderNumber: string }
}

/** Listens on loopback, and answers with the URL. */
export async function startFastify(verifier: Verifier, desk: Desk, port: number): Promise<string> {
  const app = Fastify()
  // Strict: a route of a tenant that has no guard keeps the server from starting.
  await app.register(tenantry, { verifier, strict: true })
  // What a desk throws has a status and a code: 409 for a number that is taken. A body that is no JSON is
  // the client's fault; of what is ours it is told nothing.
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (isTenantryError(error) && error.status < 500) {
      return reply.code(error.status).headers(error.headers).send({ code: error.code })
    }
    const { statusCode = 500 } = error
    if (statusCode >= 400 && statusCode < 500) return invalid(reply, statusCode)
    console.error(error)
    return reply.code(500).send({ code: 'internal' })
  })
  const member = { preHandler: app.requireTenant() }
  const agent = { preHandler: app.requireRole('agent') }

  app.get('/newsfeed', { preHandler: app.requireAuth() }, () => desk.newsfeed())
  app.get('/tenants/:tenantId/organization', member, async (_request, reply) =>
    found(reply, await desk.organization()),
  )
  app.get('/tenants/:tenantId/users', member, () => desk.users())

  const tickets = '/tenants/:tenantId/tickets'
  app.get(tickets, member, async (request, reply) => {
    const where = ticketWhere.safeParse(request.query)
    return where.success ? await desk.tickets(where.data) : invalid(reply)
  })
  app.post(tickets, agent, async (request, reply) => {
    const ticket = newTicket.safeParse(request.body)
    if (!ticket.success) return invalid(reply)
    return reply.code(201).send(await desk.addTicket(ticket.data))
  })

  const ticket = '/tenants/:tenantId/tickets/:orderNumber'
  app.get<OfTicket>(ticket, member, async (request, reply) => {
    const number = orderNumber.safeParse(request.params.orderNumber)
    return found(reply, number.success ? await desk.ticket(number.data) : undefined)
  })
  app.patch<OfTicket>(ticket, agent, async (request, reply) => {
    const number = orderNumber.safeParse(request.params.orderNumber)
    const changes = ticketChanges.safeParse(request.body)
    if (!changes.success) return invalid(reply)
    const changed = number.success && (await desk.changeTicket(number.data, changes.data))
    return found(reply, changed || undefined)
  })
  app.delete<OfTicket>(ticket, agent, async (request, reply) => {
    const number = orderNumber.safeParse(request.params.orderNumber)
    const isRemoved = number.success && (await desk.removeTicket(number.data))
    return isRemoved ? reply.code(204).send() : found(reply, undefined)
  })

  return await app.listen({ port, host: '127.0.0.1' })
}

function found(reply: FastifyReply, value: object | undefined): object {
  return value ?? reply.code(404).send({ code: 'not_found' })
}

function invalid(reply: FastifyReply, status = 400): FastifyReply {
  return reply.code(status).send({ code: 'body_or_query_invalid' })
}

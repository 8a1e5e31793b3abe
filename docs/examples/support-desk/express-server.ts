/** The API on Express. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Verifier } from '@tenantry/core'
import { auditRoutes, createGuard } from '@tenantry/express'
import express, { type NextFunction, type Request, type Response } from 'express'
import { type Desk, newTicket, orderNumber, ticketChanges, ticketWhere } from './desk.ts'

/** Listens on loopback, and answers with the URL. */
export async function startExpress(verifier: Verifier, desk: Desk, port: number): Promise<string> {
  const guard = createGuard({ verifier })
  const app = express()
  app.use(express.json())

  app.get('/newsfeed', guard.requireAuth(), async (_req, res) => {
    res.json(await desk.newsfeed())
  })
  app.get('/tenants/:tenantId/organization', guard.requireTenant(), async (_req, res) => {
    found(res, await desk.organization())
  })
  app.get('/tenants/:tenantId/users', guard.requireTenant(), async (_req, res) => {
    res.json(await desk.users())
  })

  const tickets = '/tenants/:tenantId/tickets'
  app.get(tickets, guard.requireTenant(), async (req, res) => {
    const where = ticketWhere.safeParse(req.query)
    if (!where.success) invalid(res)
    else res.json(await desk.tickets(where.data))
  })
  app.post(tickets, guard.requireRole('agent'), async (req, res) => {
    const ticket = newTicket.safeParse(req.body)
    if (!ticket.success) invalid(res)
    else res.status(201).json(await desk.addTicket(ticket.data))
  })

  const ticket = '/tenants/:tenantId/tickets/:orderNumber'
  app.get(ticket, guard.requireTenant(), async (req, res) => {
    const number = orderNumber.safeParse(req.params['orderNumber'])
    found(res, number.success ? await desk.ticket(number.data) : undefined)
  })
  app.patch(ticket, guard.requireRole('agent'), async (req, res) => {
    const number = orderNumber.safeParse(req.params['orderNumber'])
    const changes = ticketChanges.safeParse(req.body)
    if (!changes.success) invalid(res)
    else found(res, number.success ? await desk.changeTicket(number.data, changes.data) : undefined)
  })
  app.delete(ticket, guard.requireRole('agent'), async (req, res) => {
    const number = orderNumber.safeParse(req.params['orderNumber'])
    if (number.success && (await desk.removeTicket(number.data))) res.status(204).end()
    else found(res, undefined)
  })

  // What a desk throws has a status and a code: 409 for a number that is taken.
  app.use(guard.errorHandler())
  app.use(answerOthers)
  const open = auditRoutes(app).filter(({ guarded }) => !guarded)
  if (open.length > 0) throw new Error(`No guard: ${open.map(({ path }) => path).join(', ')}`)

  const server = app.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function found(res: Response, value: object | undefined): void {
  if (value === undefined) res.status(404).json({ code: 'not_found' })
  else res.json(value)
}

/** A body that is no JSON is the client's fault; of what is ours it is told nothing. */
function answerOthers(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  const status: unknown = Object(error).status
  if (res.headersSent) next(error)
  else if (typeof status === 'number' && status >= 400 && status < 500) invalid(res, status)
  else {
    console.error(error)
    res.status(500).json({ code: 'internal' })
  }
}

function invalid(res: Response, status = 400): void {
  res.status(status).json({ code: 'body_or_query_invalid' })
}

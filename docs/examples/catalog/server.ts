/** The API: everything is reached through its organization. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Verifier } from '@tenantry/core'
import { currentTenantId } from '@tenantry/core/context'
import { auditRoutes, createGuard } from '@tenantry/express'
import { organization } from '@tenantry/mongoose'
import express, { type NextFunction, type Request, type Response } from 'express'
import mongoose from 'mongoose'
import { newOrder, newProduct, readWhere } from './input.ts'
import { models } from './models.ts'

/** The models of the organization that the guard has checked. */
const own = () => organization(currentTenantId(), models)

/** Listens on loopback, and answers with the URL. */
export async function startServer(verifier: Verifier, port: number): Promise<string> {
  const guard = createGuard({ verifier, tenantParam: 'organizationId' })
  const member = guard.requireTenant()
  const editor = guard.requireRole('editor')
  const app = express()
  app.use(express.json())

  app.get('/organizations/:organizationId/products', member, async (req, res) => {
    const where = readWhere(req.query['where'])
    if (where === undefined) invalid(res)
    else res.json(await own().products.find(where).sort('name'))
  })
  app.post('/organizations/:organizationId/products', editor, async (req, res) => {
    const product = newProduct.safeParse(req.body)
    if (!product.success) invalid(res)
    else res.status(201).json(await own().products.create(product.data))
  })
  app.get('/organizations/:organizationId/catalogs', member, async (_req, res) => {
    res.json(await own().catalogs.find().populate('products'))
  })
  app.get('/organizations/:organizationId/orders', member, async (_req, res) => {
    res.json(await own().orders.find())
  })
  app.post('/organizations/:organizationId/orders', member, async (req, res) => {
    const order = newOrder.safeParse(req.body)
    if (!order.success) invalid(res)
    else res.status(201).json(await own().orders.create(order.data))
  })
  app.get('/organizations/:organizationId/users', member, async (_req, res) => {
    res.json(await own().users.find())
  })

  // The direct calls, as they come to mind. They belong to no organization, so that there is nothing
  // to ask: each throws TenantContextError, and the answer is 401.
  app.get('/products', guard.requireAuth(), async (_req, res) => {
    res.json(await models.products.find({ name: 'Product-A' }))
  })
  app.post('/products', guard.requireAuth(), async (req, res) => {
    const product = newProduct.safeParse(req.body)
    if (!product.success) invalid(res)
    else res.status(201).json(await models.products.create(product.data))
  })

  app.use(guard.errorHandler())
  app.use(answerOthers)
  const open = auditRoutes(app).filter(({ guarded }) => !guarded)
  if (open.length > 0) throw new Error(`No guard: ${open.map(({ path }) => path).join(', ')}`)

  const server = app.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What is no JSON or no id is the client's fault; of what is ours it is told nothing. */
function answerOthers(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  const status: unknown = error instanceof mongoose.Error.CastError ? 400 : Object(error).status
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

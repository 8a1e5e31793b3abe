/** The API on Express. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auditRoutes, createGuard } from '@tenantry/express'
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import type { Application, ApplicationServer } from './application.ts'
import { credentials, idempotencyKey, newProject, newStatus, newTenant } from './input.ts'

export function createExpress<Database>(application: Application<Database>): ApplicationServer {
  const { verifier, databases, login, administration, workspace } = application
  const guard = createGuard({ verifier })
  const database = databases.middleware()
  const app = express()
  app.disable('x-powered-by')
  app.use(express.json({ limit: '10kb' }))

  app.post('/login', async (req, res) => {
    const given = credentials.safeParse(req.body)
    if (!given.success) return invalid(res)
    const loggedIn = await login(given.data.email, given.data.password)
    res.set('cache-control', 'no-store')
    if (loggedIn === undefined) res.status(401).json({ code: 'login_refused' })
    else res.json(loggedIn)
  })

  // First the guard, then the database of the tenant that it has checked.
  const projects = '/tenants/:tenantId/projects'
  app.get(projects, guard.requireTenant(), database, async (req, res) => {
    res.json(await workspace(req).projects())
  })
  app.post(projects, guard.requireRole('admin'), database, async (req, res) => {
    const project = newProject.safeParse(req.body)
    if (!project.success) return invalid(res)
    const added = await workspace(req).addProject(project.data.name)
    if (added === undefined) res.status(409).json({ code: 'duplicate_key' })
    else res.status(201).json(added)
  })
  app.get('/tenants/:tenantId/users', guard.requireRole('admin'), database, async (req, res) => {
    res.json(await workspace(req).users())
  })

  const administrator: RequestHandler = (req, res, next) => {
    if (administration.isAdministrator(req.headers.authorization)) return next()
    res.status(401).set('www-authenticate', 'Bearer realm="admin"')
    res.json({ code: 'administrator_only' })
  }
  app.use('/admin', administrator)
  app.get('/admin/tenants', async (_req, res) => {
    res.json(await administration.tenants())
  })
  app.post('/admin/tenants', async (req, res) => {
    const tenant = newTenant.safeParse(req.body)
    const key = idempotencyKey.safeParse(req.headers['idempotency-key'])
    if (!tenant.success || !key.success) return invalid(res)
    res.status(201).json(await administration.addTenant(key.data, tenant.data))
  })
  app.put('/admin/tenants/:id/status', async (req, res) => {
    const change = newStatus.safeParse(req.body)
    if (!change.success) return invalid(res)
    if (await administration.setStatus(req.params.id, change.data.status)) res.status(204).end()
    else res.status(404).json({ code: 'not_found' })
  })
  app.post('/admin/keys', async (_req, res) => {
    if (await administration.rotateKeys()) res.status(204).end()
    else res.status(409).json({ code: 'rotated_recently' })
  })

  // What Tenantry throws has a status and a code: 409 for a slug that is taken.
  app.use(guard.errorHandler())
  app.use(answerOthers)
  const open = auditRoutes(app).filter(({ guarded }) => !guarded)
  if (open.length > 0) throw new Error(`No guard: ${open.map(({ path }) => path).join(', ')}`)

  const server = createServer(app)
  return {
    server,
    async listen(port) {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
  }
}

/**
 * A body that is no JSON is the client's fault. Express itself would write it to the log, as it came:
 * with a password, when it is one of a login.
 */
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

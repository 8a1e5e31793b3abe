/** One small application, described once and started on each framework. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Verifier } from '@tenantry/core'
import * as onExpress from '@tenantry/express'
import * as onFastify from '@tenantry/fastify'
import type express5 from 'express'
import type { RequestHandler, Router } from 'express'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { verifier } from './callers.ts'
import {
  type CreateFastify,
  expressVersions,
  type FrameworkName,
  fastifyVersions,
} from './framework-versions.ts'

/** What a guard asks; each framework has a method for it. */
type Ask = 'admin' | 'tenant' | 'auth' | 'optional'

interface RouteOptions {
  readonly hideTenants?: boolean
  readonly forbiddenStatus?: 401 | 403
  readonly maxTokenAge?: number
  readonly getTenantId?: (request: object) => string | undefined
}

interface Route {
  readonly method: 'get' | 'post' | 'options'
  readonly path: string
  readonly ask: Ask
  readonly options?: RouteOptions
}

/** `acme` in `acme.example`, for an application with a domain for each tenant. */
function firstLabel(request: object): string | undefined {
  const headers: unknown = Reflect.get(request, 'headers')
  return String(Reflect.get(Object(headers), 'host')).split('.', 1)[0]
}

/** Whatever the client writes there, as JSON, whatever the type says: a program can lie to its types. */
function sentTenant(request: object): string | undefined {
  const headers: unknown = Reflect.get(request, 'headers')
  return JSON.parse(String(Reflect.get(Object(headers), 'x-tenant')))
}

const routes: readonly Route[] = [
  { method: 'get', path: '/tenants/:tenantId/widgets', ask: 'admin' },
  { method: 'post', path: '/tenants/:tenantId/widgets', ask: 'admin' },
  { method: 'get', path: '/tenants/:tenantId/name', ask: 'tenant' },
  { method: 'post', path: '/tenants/:tenantId/name', ask: 'admin' },
  { method: 'options', path: '/preflight/:tenantId', ask: 'tenant' },
  { method: 'get', path: '/me', ask: 'auth' },
  { method: 'get', path: '/open', ask: 'optional' },
  { method: 'get', path: '/no-parameter', ask: 'tenant' },
  { method: 'get', path: '/files/*', ask: 'tenant' },
  { method: 'get', path: '/hidden/:tenantId', ask: 'tenant', options: { hideTenants: true } },
  { method: 'get', path: '/strict/:tenantId', ask: 'admin', options: { forbiddenStatus: 401 } },
  { method: 'get', path: '/fresh/:tenantId', ask: 'tenant', options: { maxTokenAge: 0 } },
  { method: 'get', path: '/domain', ask: 'tenant', options: { getTenantId: firstLabel } },
  { method: 'get', path: '/sent', ask: 'tenant', options: { getTenantId: sentTenant } },
  { method: 'get', path: '/nowhere', ask: 'tenant', options: { getTenantId: () => undefined } },
]

/** How an application differs from the usual one. */
export interface ApplicationOptions {
  readonly verifier?: Verifier
  /** The name of a cookie that may hold the token as well. */
  readonly cookie?: string
  /** A guard before everything, also where no route is. */
  readonly everywhere?: 'auth' | 'optional' | 'tenant'
  /** Node joins repeated headers, instead of keeping the first. */
  readonly joinDuplicateHeaders?: boolean
}

/** An application that is listening. */
export interface Application {
  readonly port: number
  /** The paths of the routes that a request has got to, in turn. */
  readonly reached: string[]
  /** The routes with a tenant, and whether a guard stands before them. */
  audit(): readonly { readonly path: string; readonly guarded: boolean }[]
  close(): Promise<void>
}

/** One of the four. */
export interface Framework {
  readonly name: FrameworkName
  readonly family: 'express' | 'fastify'
  start(options?: ApplicationOptions): Promise<Application>
}

/** What every handler answers. */
function describeCaller(auth: onExpress.RequestAuth | undefined): object {
  return { tenantId: auth?.tenantId ?? null, userId: auth?.userId ?? null }
}

function credentialsOf({ cookie }: ApplicationOptions): onExpress.CredentialSource[] {
  const { bearer } = onExpress
  return cookie === undefined ? [bearer()] : [bearer(), onExpress.cookie(cookie)]
}

async function startExpress(
  express: typeof express5,
  wildcard: string,
  options: ApplicationOptions = {},
): Promise<Application> {
  const reached: string[] = []
  const guard = onExpress.createGuard({
    verifier: options.verifier ?? verifier,
    credentials: credentialsOf(options),
  })
  const app = express()
  const asks = {
    admin: (rule?: RouteOptions) => guard.requireRole('admin', rule),
    tenant: guard.requireTenant,
    auth: guard.requireAuth,
    optional: guard.optionalAuth,
  }
  function handler(path: string): RequestHandler {
    return (req, res) => {
      reached.push(path)
      res.json(describeCaller(req.auth))
    }
  }
  function add(on: Router, path: string, full: string, ...before: RequestHandler[]): void {
    on.get(path, ...before, handler(full))
  }

  // Ahead of the guards, which compare the body; and only where a body belongs.
  const parse = express.json()
  app.use((request, response, next) => {
    if (request.method === 'POST') parse(request, response, next)
    else next()
  })
  if (options.everywhere !== undefined) app.use(asks[options.everywhere]())
  for (const { method, path, ask, options: rule } of routes) {
    const place = path.replace('*', wildcard)
    app[method](place, asks[ask](rule), handler(path))
  }

  // A parent and a child that both name a tenant: with mergeParams the child's wins.
  const nested = express.Router({ mergeParams: true })
  add(nested, '/in/:tenantId', '/nested/:tenantId/in/:tenantId', guard.requireTenant())
  app.use('/nested/:tenantId', guard.requireTenant(), nested)
  const merged = express.Router({ mergeParams: true })
  add(merged, '/widgets', '/merged/:tenantId/widgets', guard.requireRole('admin'))
  app.use('/merged/:tenantId', merged)
  const apart = express.Router()
  add(apart, '/widgets', '/apart/:tenantId/widgets', guard.requireRole('admin'))
  app.use('/apart/:tenantId', apart)

  // A parameter of several segments: a list in Express 5, and a string with slashes in 4.
  const list = wildcard === '*' ? '/list/:tenantId(*)' : '/list/*tenantId'
  add(app, list, list, guard.requireTenant())

  // A guard in one router is none for the router beside it.
  const inside = express.Router({ mergeParams: true })
  add(inside, '/', '/inside/:tenantId')
  app.use('/inside/:tenantId', guard.requireTenant(), inside)
  const sibling = express.Router({ mergeParams: true })
  add(sibling, '/', '/sibling/:tenantId')
  app.use('/sibling/:tenantId', sibling)

  const server = createServer({ joinDuplicateHeaders: options.joinDuplicateHeaders ?? false }, app)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    reached,
    audit: () => onExpress.auditRoutes(app),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An encapsulated plugin. */
async function within(
  app: FastifyInstance,
  prefix: string,
  plugin: FastifyPluginAsync,
): Promise<void> {
  await app.register(plugin, { prefix })
}

async function startFastify(
  fastify: CreateFastify,
  options: ApplicationOptions = {},
): Promise<Application> {
  const reached: string[] = []
  const http = { joinDuplicateHeaders: options.joinDuplicateHeaders ?? false }
  const app = fastify({ forceCloseConnections: true, http })
  await app.register(onFastify.tenantry, {
    verifier: options.verifier ?? verifier,
    credentials: credentialsOf(options),
  })
  const asks = {
    admin: (rule?: RouteOptions) => app.requireRole('admin', rule),
    tenant: app.requireTenant,
    auth: app.requireAuth,
    optional: app.optionalAuth,
  }
  function add(
    on: FastifyInstance,
    path: string,
    full: string,
    ...guards: onFastify.Guard[]
  ): void {
    on.get(path, { preHandler: guards }, async (request) => answer(full, request))
  }
  function answer(path: string, request: onFastify.FastifyMessage & { auth: unknown }): object {
    reached.push(path)
    return describeCaller(request.auth as onFastify.RequestAuth | undefined)
  }

  if (options.everywhere !== undefined) app.addHook('onRequest', asks[options.everywhere]())
  for (const { method, path, ask, options: rule } of routes) {
    const preHandler = asks[ask](rule)
    app[method](path, { preHandler }, async (request) => answer(path, request))
  }
  // A prefix is a part of the path: there is one route, and it has all parameters.
  await within(app, '/nested/:tenantId', async (nested) => {
    nested.addHook('preHandler', nested.requireTenant())
    add(nested, '/in/:tenantId', '/nested/:tenantId/in/:tenantId', nested.requireTenant())
  })
  for (const name of ['merged', 'apart']) {
    await within(app, `/${name}/:tenantId`, async (child) => {
      add(child, '/widgets', `/${name}/:tenantId/widgets`, child.requireRole('admin'))
    })
  }
  await within(app, '', async (inside) => {
    inside.addHook('preHandler', inside.requireTenant())
    add(inside, '/inside/:tenantId', '/inside/:tenantId')
  })
  await within(app, '', async (sibling) => {
    add(sibling, '/sibling/:tenantId', '/sibling/:tenantId')
  })

  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return {
    port,
    reached,
    audit: () => onFastify.auditRoutes(app),
    close: () => app.close(),
  }
}

/** All four. */
export const frameworks: readonly Framework[] = [
  ...expressVersions.map(({ name, express }): Framework => {
    const wildcard = name === 'Express 4' ? '*' : '*rest'
    return {
      name,
      family: 'express',
      start: (options) => startExpress(express, wildcard, options),
    }
  }),
  ...fastifyVersions.map(
    ({ name, fastify }): Framework => ({
      name,
      family: 'fastify',
      start: (options) => startFastify(fastify, options),
    }),
  ),
]

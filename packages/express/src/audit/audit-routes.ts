/** Which routes name a tenant, and whether a guard that checks the tenant stands before them. */
import { METHODS } from 'node:http'
import { ConfigurationError } from '@tenantry/core'
import { type AuditOptions, readAuditOptions } from '@tenantry/core/http'
import { meetsGuard } from './guards-ahead.ts'
import { isRouter, type PlacedRoute, type Router, routesOf } from './layers.ts'
import { startsWithGuard } from './marked-guards.ts'
import { mayName, timesNamed } from './tenant-names.ts'

/** A route that names a tenant. */
export interface AuditedRoute {
  /** `GET`; `ALL` for a route of every method. */
  readonly method: string
  /** The path as it was written, with those of the routers around it. */
  readonly path: string
  /** Whether `requireTenant`, `requireRole` or the like runs before its handler. */
  readonly guarded: boolean
}

/**
 * Every route with the tenant parameter, and whether a guard that checks this parameter runs before
 * every other handler: on the route itself, or put on earlier with `use` or as a route, on a path with
 * which the route's begins word for word. `requireAuth` and `optionalAuth` do not check the tenant, and
 * do not count; nor does a guard with another `tenantParam` or with `getTenantId`.
 *
 * It errs on the side of false: for a path that names the parameter twice, for a guard inside of
 * another function, for one with an error handler between it and the route, for one on a path that is
 * more than text and whole parameters, for one behind another handler in a router that the route is not
 * in, and on Express 5.0 to 5.2, which do not keep the path of `use`, for one on such a path. A mounted
 * application is audited by itself. With another `tenantParam` in `createGuard`, say it here too.
 *
 * @throws {ConfigurationError} `option_invalid` for what is no Express application or router, and for
 * an option that does not exist
 *
 * @example
 * ```ts
 * import { auditRoutes } from '@tenantry/express'
 * import express from 'express'
 *
 * const app = express()
 * app.get('/tenants/:tenantId/widgets', (_req, res) => res.json([]))
 * const open = auditRoutes(app).filter((route) => !route.guarded)
 * if (open.length > 0) throw new Error(`No guard: ${open.map(({ path }) => path).join(', ')}`)
 * ```
 */
export function auditRoutes(app: object, options: AuditOptions = {}): readonly AuditedRoute[] {
  return auditRouter(routerOf(app), readAuditOptions(options).tenantParam)
}

/** The router of an application, or the router that it is. */
export function routerOf(app: unknown): Router {
  if (isRouter(app)) return app
  if (isApplication(app)) {
    // Express 4 throws when its `router` is read, and makes `_router` late.
    const router = Reflect.get(app, 'lazyrouter' in app ? '_router' : 'router')
    if (router === undefined) return {}
    if (isRouter(router)) return router
  }
  throw new ConfigurationError(
    'option_invalid',
    'auditRoutes needs the application that express() returned or a router, not the server of ' +
      'app.listen().',
  )
}

/** What has no routes must not pass for an application whose routes are all guarded. */
function isApplication(value: unknown): value is object {
  return (
    typeof value === 'function' &&
    ['handle', 'use', 'set'].every((name) => typeof Reflect.get(value, name) === 'function')
  )
}

/** The same for a router, and when it is given for one route alone. */
export function auditRouter(
  router: Router,
  tenantParam: string,
  only?: object,
): readonly AuditedRoute[] {
  const audited: AuditedRoute[] = []
  for (const placed of routesOf(router)) {
    if (only !== undefined && placed.route !== only) continue
    if (!mayName(placed.path, tenantParam)) continue
    const { methods } = placed.route
    const findings = Object.keys(methods).map((key) => {
      const method = key === '_all' ? undefined : key
      const guarded = isGuarded(placed, method, tenantParam)
      return { method: method?.toUpperCase() ?? 'ALL', path: placed.path, guarded }
    })
    // `app.all` defines every method by itself.
    const isAll = METHODS.every((method) => methods[method.toLowerCase()])
    const guarded = findings.every((finding) => finding.guarded)
    audited.push(...(isAll ? [{ method: 'ALL', path: placed.path, guarded }] : findings))
  }
  return audited
}

function isGuarded(placed: PlacedRoute, method: string | undefined, tenantParam: string): boolean {
  // A guard would check one of the two, and a handler could read the other.
  if (timesNamed(placed.path, tenantParam) > 1) return false
  return (
    startsWithGuard(placed.route, method, tenantParam) || meetsGuard(placed, method, tenantParam)
  )
}

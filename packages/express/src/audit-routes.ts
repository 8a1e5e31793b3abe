/** Which routes name a tenant, and whether a guard that checks the tenant stands before them. */
import { METHODS } from 'node:http'
import { ConfigurationError } from '@tenantry/core'
import {
  type Layer,
  matchedPart,
  type PlacedRoute,
  routesOf,
  takesAnyPath,
  unknownMount,
} from './layers.ts'

/** A route that names a tenant. */
export interface AuditedRoute {
  /** `GET`; `ALL` for a route of every method. */
  readonly method: string
  /** The path as it was written, with those of the routers around it. */
  readonly path: string
  /** Whether `requireTenant`, `requireRole` or the like runs before its handler. */
  readonly guarded: boolean
}

// In the registry, so that the ESM and the CommonJS build know each other's guards.
const brand = Symbol.for('tenantry.express.guard')

/** Makes middleware known to the audit. */
export function markGuard<Handler extends object>(
  handler: Handler,
  checksTenant: boolean,
): Handler {
  return Object.defineProperty(handler, brand, { value: checksTenant })
}

/**
 * Every route with the tenant parameter, and whether a guard that checks the tenant runs before its
 * handler: on the route itself, or on a path that covers all of it, put on earlier with `use` or as
 * a route. `requireAuth` and `optionalAuth` do not check the tenant, and do not count.
 *
 * It errs on the side of false: for a guard inside of another function, for one behind a path that
 * is a regular expression, and on Express 5.0 to 5.2, which do not keep the path of a router, for
 * any but the guards of that router and those on no path. A mounted application is audited by
 * itself.
 *
 * @throws {ConfigurationError} `option_invalid` for what is no Express application or router
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
export function auditRoutes(
  app: object,
  options: { readonly tenantParam?: string } = {},
): readonly AuditedRoute[] {
  return auditStack(stackOf(app), options.tenantParam ?? 'tenantId')
}

/** The layers of an application or a router; an application without routes has none. */
export function stackOf(app: object): readonly Layer[] {
  // Express 4 throws when its `router` is read, and makes `_router` late.
  const router = 'stack' in app ? app : Reflect.get(app, 'lazyrouter' in app ? '_router' : 'router')
  const stack: unknown = router === undefined ? [] : Reflect.get(Object(router), 'stack')
  if (Array.isArray(stack)) return stack
  throw new ConfigurationError('option_invalid', 'auditRoutes needs an application or a router.')
}

/** The same for a stack, and when it is given for one route alone. */
export function auditStack(
  stack: readonly Layer[],
  tenantParam: string,
  only?: object,
): readonly AuditedRoute[] {
  const name = tenantParam.replace(/[\\^$*+?.()[\]|{}]/g, '\\$&')
  const hasTenant = new RegExp(`[:*]"?${name}(?![\\w$])|\\(\\?<${name}>`)
  const audited: AuditedRoute[] = []
  for (const placed of routesOf(stack)) {
    if (only !== undefined && placed.route !== only) continue
    if (!hasTenant.test(placed.path) && !placed.path.includes(unknownMount)) continue
    const { methods } = placed.route
    const findings = Object.keys(methods).map((key) => {
      const method = key === '_all' ? undefined : key
      const guarded = isGuarded(placed, method)
      return { method: method?.toUpperCase() ?? 'ALL', path: placed.path, guarded }
    })
    // `app.all` defines every method by itself.
    const isAll = METHODS.every((method) => methods[method.toLowerCase()])
    const guarded = findings.every((finding) => finding.guarded)
    audited.push(...(isAll ? [{ method: 'ALL', path: placed.path, guarded }] : findings))
  }
  return audited
}

function isGuarded(placed: PlacedRoute, method: string | undefined): boolean {
  const handlers = placed.route.stack.filter((layer) => isFor(layer, method))
  const first = handlers.findIndex(({ handle }) => isGuard(handle))
  // Behind the last handler a guard would come too late.
  if (first === 0 || (first > 0 && first < handlers.length - 1)) return true
  const answers = samplesOf(placed.path)
    .map((path) => meetsGuard(placed.place, path, method))
    .filter((answer) => answer !== undefined)
  if (answers.length > 0) return answers.every(Boolean)
  return placed.place.some(({ stack, layer }) =>
    stack
      .slice(0, stack.indexOf(layer))
      .some((earlier) => isGuard(earlier.handle) && takesAnyPath(earlier)),
  )
}

/** Follows a request to the route as Express does; undefined when it does not get there. */
function meetsGuard(
  place: PlacedRoute['place'],
  path: string,
  method: string | undefined,
): boolean | undefined {
  let rest = path
  let met = false
  for (const { stack, layer } of place) {
    met ||= stack.slice(0, stack.indexOf(layer)).some((earlier) => guards(earlier, rest, method))
    const part = matchedPart(layer, rest)
    if (part === undefined) return undefined
    rest = without(part, rest)
  }
  return met
}

/** Whether a layer that comes earlier runs a guard for every request to this path. */
function guards(layer: Layer, path: string, method: string | undefined): boolean {
  const part = matchedPart(layer, path)
  if (part === undefined) return false
  const { route, handle } = layer
  // A handler before the guard could go on with another route.
  if (route !== undefined) return isGuard(route.stack.find((own) => isFor(own, method))?.handle)
  if (isGuard(handle)) return true
  return handle.stack?.some((inner) => guards(inner, without(part, path), method)) ?? false
}

function isFor(layer: Layer, method: string | undefined): boolean {
  return layer.method === undefined || layer.method === method
}

function isGuard(handle: object | undefined): boolean {
  return handle !== undefined && Reflect.get(handle, brand) === true
}

/** The path of a request as a router below sees it. */
function without(part: string, path: string): string {
  const rest = path.slice(part.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/**
 * Paths of requests to a route: with optional parts and without, as written and in capitals. Those
 * that do not get to the route say nothing of it.
 */
function samplesOf(path: string): readonly string[] {
  const short = path.replace(/\{[^{}]*\}/g, '').replace(/\/:\w+(?:\([^()]*\))?[?*]/g, '')
  return [path.replace(/[{}]/g, ''), short]
    .flatMap((pattern) => values.map((value) => pattern.replace(parameter, value)))
    .map((concrete) => concrete.replace(/\\(.)/g, '$1') || '/')
    .flatMap((concrete) => [concrete, concrete.toUpperCase()])
}

const parameter = /(?:[:*]"[^"]+"|[:*][\w$]+)(?:\([^()]*\))?[?*+]?|\*/g

/** Nothing that a path would have as a name: one that patterns for numbers and ObjectIds take, one not. */
const values = ['900719925474099390071992', '-any.Value_~1']

/** Which routes name a tenant, and whether a guard that checks the tenant stands before them. */
import { METHODS } from 'node:http'
import { ConfigurationError } from '@tenantry/core'
import { type AuditOptions, readAuditOptions } from '@tenantry/core/http'
import {
  isRouter,
  type Layer,
  matchOf,
  type PlacedRoute,
  routesOf,
  type Step,
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

/** Makes middleware known to the audit: with the parameter that it checks, or undefined for none. */
export function markGuard<Handler extends object>(
  handler: Handler,
  tenantParam: string | undefined,
): Handler {
  return Object.defineProperty(handler, brand, { value: tenantParam })
}

/**
 * Every route with the tenant parameter, and whether a guard that checks this parameter runs before
 * every other handler: on the route itself, or on a path that covers all of it, put on earlier with
 * `use` or as a route. `requireAuth` and `optionalAuth` do not check the tenant, and do not count;
 * nor does a guard with another `tenantParam` or with `getTenantId`.
 *
 * It errs on the side of false: for a path that names the parameter twice, for a guard inside of
 * another function, for one behind a path that is a regular expression, and on Express 5.0 to 5.2, which do not keep the path of a router, for
 * any but the guards of that router and those on no path. A mounted application is audited by
 * itself. With another `tenantParam` in `createGuard`, say it here too.
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
  return auditStack(stackOf(app), readAuditOptions(options).tenantParam)
}

/** The layers of an application or a router; an application without routes has none. */
export function stackOf(app: unknown): readonly Layer[] {
  if (isRouter(app)) return app.stack
  if (isApplication(app)) {
    // Express 4 throws when its `router` is read, and makes `_router` late.
    const router = Reflect.get(app, 'lazyrouter' in app ? '_router' : 'router')
    if (router === undefined) return []
    if (isRouter(router)) return router.stack
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

/** The same for a stack, and when it is given for one route alone. */
export function auditStack(
  stack: readonly Layer[],
  tenantParam: string,
  only?: object,
): readonly AuditedRoute[] {
  const audited: AuditedRoute[] = []
  for (const placed of routesOf(stack)) {
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

/** How often a path has the parameter. */
function timesNamed(path: string, tenantParam: string): number {
  const name = tenantParam.replace(/[\\^$*+?.()[\]|{}]/g, '\\$&')
  return [...path.matchAll(new RegExp(`[:*]"?${name}(?![\\w$])|\\(\\?<${name}>`, 'g'))].length
}

function mayName(path: string, tenantParam: string): boolean {
  return timesNamed(path, tenantParam) > 0 || path.includes(unknownMount)
}

function isGuarded(placed: PlacedRoute, method: string | undefined, tenantParam: string): boolean {
  // A guard would check one of the two, and a handler could read the other.
  if (timesNamed(placed.path, tenantParam) > 1) return false
  if (startsWithGuard(placed.route.stack, method, tenantParam)) return true
  const answers = samplesOf(placed.path)
    .map((path) => meetsGuard(placed.place, path, method, tenantParam))
    .filter((answer) => answer !== undefined)
  if (answers.length > 0) return answers.every(Boolean)
  return placed.place.some(
    ({ stack, layer }, depth) =>
      // What is bound further in is not what a guard out here checks.
      !placed.place.slice(depth).some(({ own }) => mayName(own, tenantParam)) &&
      stack
        .slice(0, stack.indexOf(layer))
        .some((earlier) => isGuard(earlier.handle, tenantParam) && takesAnyPath(earlier)),
  )
}

/** Whether nothing but other guards, which never answer with data, runs before one of the tenant. */
function startsWithGuard(
  stack: readonly Layer[],
  method: string | undefined,
  tenantParam: string,
): boolean {
  const first = stack
    .filter((layer) => layer.method === undefined || layer.method === method)
    .find(({ handle }) => !(brand in handle) || isGuard(handle, tenantParam))
  return first !== undefined && isGuard(first.handle, tenantParam)
}

/** A request where a stack gets it, with the tenant that the routers around have bound, if any. */
interface Arrival {
  readonly path: string
  readonly method: string | undefined
  readonly tenantParam: string
  readonly outer: unknown
}

/** Follows a request to the route as Express does; undefined when it does not get there. */
function meetsGuard(
  place: readonly Step[],
  path: string,
  method: string | undefined,
  tenantParam: string,
): boolean | undefined {
  let arrival: Arrival = { path, method, tenantParam, outer: undefined }
  let tenant: unknown
  const passed: { readonly layer: Layer; readonly arrival: Arrival }[] = []
  for (const { stack, layer } of place) {
    for (const earlier of stack.slice(0, stack.indexOf(layer))) {
      passed.push({ layer: earlier, arrival })
    }
    const met = meet(layer, arrival)
    if (met === undefined) return undefined
    // The path has it once: this is the route's, even where a router does not pass it on.
    tenant = met.tenant ?? tenant
    arrival = met.inside
  }
  return passed.some((earlier) => guards(earlier.layer, earlier.arrival, tenant))
}

/** What a layer binds, and what a router in it gets. */
function meet(
  layer: Layer,
  arrival: Arrival,
): { readonly tenant: unknown; readonly inside: Arrival } | undefined {
  const match = matchOf(layer, arrival.path)
  if (match === undefined) return undefined
  const { tenantParam, outer } = arrival
  const tenant = Object.hasOwn(match.params, tenantParam)
    ? Reflect.get(match.params, tenantParam)
    : outer
  const path = without(match.path, arrival.path)
  const inherited = layer.handle.mergeParams === true ? tenant : undefined
  return { tenant, inside: { ...arrival, path, outer: inherited } }
}

/** Whether a layer that comes earlier checks this tenant for every request to this path. */
function guards(layer: Layer, arrival: Arrival, tenant: unknown): boolean {
  const met = meet(layer, arrival)
  if (met === undefined) return false
  const { route, handle } = layer
  const { method, tenantParam } = arrival
  // Another segment under the same name is another tenant.
  if (route !== undefined) {
    // A handler before the guard could go on with another route.
    return met.tenant === tenant && startsWithGuard(route.stack, method, tenantParam)
  }
  if (isGuard(handle, tenantParam)) return met.tenant === tenant
  return handle.stack?.some((inner) => guards(inner, met.inside, tenant)) ?? false
}

function isGuard(handle: object, tenantParam: string): boolean {
  return Reflect.get(handle, brand) === tenantParam
}

/** The path of a request as a router below sees it. */
function without(part: string, path: string): string {
  const rest = path.slice(part.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/**
 * Paths of requests to a route: with optional parts and without, as written and in capitals, with a
 * slash at the end and without, and another value for every parameter. Those that do not get to the
 * route say nothing of it.
 */
function samplesOf(path: string): readonly string[] {
  const short = path.replace(/\{[^{}]*\}/g, '').replace(/\/:\w+(?:\([^()]*\))?[?*]/g, '')
  return [path.replace(/[{}]/g, ''), short]
    .flatMap((pattern) =>
      values.map((value) => {
        let count = 100
        return pattern.replace(parameter, () => `${value}${count++}`)
      }),
    )
    .map((concrete) => concrete.replace(/\\(.)/g, '$1') || '/')
    .flatMap((concrete) => [concrete, concrete.toUpperCase()])
    .flatMap((concrete) => (concrete.endsWith('/') ? [concrete] : [concrete, `${concrete}/`]))
}

const parameter = /(?:[:*]"[^"]+"|[:*][\w$]+)(?:\([^()]*\))?[?*+]?|\*/g

/**
 * Nothing that a path would have as a name: one that patterns for numbers and, with three digits
 * more, for ObjectIds take, and one that they do not.
 */
const values = ['900719925474099390071', '-any.Value_~']

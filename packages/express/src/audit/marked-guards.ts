/** Which middleware is a guard, and whether a route begins with one. */
import type { Layer, Route } from './layers.ts'

// In the registry, so that the ESM and the CommonJS build know each other's guards.
const brand = Symbol.for('tenantry.express.guard')

/** Makes middleware known to the audit: with the parameter that it checks, or undefined for none. */
export function markGuard<Handler extends object>(
  handler: Handler,
  tenantParam: string | undefined,
): Handler {
  return Object.defineProperty(handler, brand, { value: tenantParam })
}

/** Whether it is a guard that checks the tenant in this parameter. */
export function isTenantGuard(handle: object, tenantParam: string): boolean {
  return Reflect.get(handle, brand) === tenantParam
}

/** Whether it is any guard: one that refuses or goes on, and never answers with data. */
export function isGuard(handle: object): boolean {
  return brand in handle
}

/** Express gives errors to a function of four arguments, which may go on as if there were none. */
export function isErrorHandler({ handle }: Layer): boolean {
  return Reflect.get(handle, 'length') === 4
}

/** Whether nothing but other guards runs before one of the tenant, and no handler after a refusal. */
export function startsWithGuard(
  { stack }: Route,
  method: string | undefined,
  tenantParam: string,
): boolean {
  const handlers = stack.filter((layer) => layer.method === undefined || layer.method === method)
  const first = handlers.find(
    ({ handle }) => !isGuard(handle) || isTenantGuard(handle, tenantParam),
  )
  if (first === undefined || !isTenantGuard(first.handle, tenantParam)) return false
  const failed = handlers.findIndex(isErrorHandler)
  return failed === -1 || handlers.slice(failed).every(isErrorHandler)
}

/** Whether a route checks the tenant of every request of this method before it goes on to another route. */
export function guardsWhatFollows(
  route: Route,
  method: string | undefined,
  tenantParam: string,
): boolean {
  // HEAD is answered as GET, unless the route has a handler of its own for it.
  const isHeadApart = method === 'get' && route.methods['head'] === true
  return (
    startsWithGuard(route, method, tenantParam) &&
    (!isHeadApart || startsWithGuard(route, 'head', tenantParam)) &&
    !route.stack.some(isErrorHandler)
  )
}

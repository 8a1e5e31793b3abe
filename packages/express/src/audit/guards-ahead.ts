/** Whether a guard that was put on earlier checks the tenant of a route. */
import { restBehind, takesAllOf } from './covered-path.ts'
import {
  join,
  type Layer,
  matchOf,
  type PlacedRoute,
  pathsOf,
  type Router,
  type Step,
  takesAnyPath,
} from './layers.ts'
import { guardsWhatFollows, isErrorHandler, isGuard, isTenantGuard } from './marked-guards.ts'
import { samplesOf } from './samples.ts'
import { mayName } from './tenant-names.ts'

/** A request where a router gets it. */
interface Arrival {
  readonly path: string
  readonly method: string | undefined
  readonly tenantParam: string
  /** The tenant that the routers around have bound, if any. */
  readonly outer: unknown
  /** The path of the route from here on, as it is written. */
  readonly written: string
}

/**
 * Whether every request to a route meets a guard of the tenant that stands ahead of it: by what is
 * written, and by requests that are tried out, since a router may mind capitals and slashes.
 */
export function meetsGuard(
  placed: PlacedRoute,
  method: string | undefined,
  tenantParam: string,
): boolean {
  const answers = samplesOf(placed.path)
    .map((path) => follow(placed, { path, method, tenantParam, outer: undefined, written: '' }))
    .filter((answer) => answer !== undefined)
  if (answers.length > 0) return answers.every(Boolean)
  return placed.place.some(
    (step, depth) =>
      // What is bound further in is not what a guard out here checks.
      !placed.place.slice(depth).some(({ own }) => mayName(own, tenantParam)) &&
      layersAhead(step).some(
        (earlier) => isTenantGuard(earlier.handle, tenantParam) && takesAnyPath(earlier),
      ),
  )
}

/** Those before a route or a router in its own one, from which a refused request does not get to it. */
function layersAhead({ router: { stack = [] }, layer }: Step): readonly Layer[] {
  const earlier = stack.slice(0, stack.indexOf(layer))
  return earlier.slice(earlier.findLastIndex(isErrorHandler) + 1)
}

/** Follows a request to the route as Express does; undefined when it does not get there. */
function follow({ place }: PlacedRoute, request: Arrival): boolean | undefined {
  let arrival = request
  let tenant: unknown
  const ahead: { readonly layer: Layer; readonly arrival: Arrival }[] = []
  for (const [depth, step] of place.entries()) {
    const written = writtenFrom(place, depth)
    for (const layer of layersAhead(step)) ahead.push({ layer, arrival: { ...arrival, written } })
    const met = meet(step.layer, arrival)
    if (met === undefined) return undefined
    // The path has it once: this is the route's, even where a router does not pass it on.
    tenant = met.tenant ?? tenant
    arrival = met.inside
  }
  return ahead.some((earlier) => guards(earlier.layer, earlier.arrival, tenant))
}

function writtenFrom(place: PlacedRoute['place'], depth: number): string {
  const [step, ...inner] = place.slice(depth)
  if (step === undefined) return ''
  // What `param` has put on a router may pass over a guard by its parameter, and not over a router
  // whose own path does not name it.
  if (hasCallbacks(step.router)) return step.own
  return inner.reduce((path, { own }) => join(path, own), join('', step.own))
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

/** The path of a request as a router below sees it. */
function without(part: string, path: string): string {
  const rest = path.slice(part.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** Whether a layer that comes earlier checks this tenant for every request to this path. */
function guards(layer: Layer, arrival: Arrival, tenant: unknown): boolean {
  const { route, handle } = layer
  const { method, tenantParam, written } = arrival
  const met = meet(layer, arrival)
  const [path, another] = pathsOf(layer)
  if (met === undefined || path === undefined || another !== undefined) return false
  // Another segment under the same name is another tenant.
  const isSame = met.tenant === tenant
  if (route !== undefined) {
    return isSame && takesAllOf(path, written) && guardsWhatFollows(route, method, tenantParam)
  }
  const rest = restBehind(path, written)
  if (rest === undefined) return false
  if (isTenantGuard(handle, tenantParam)) return isSame
  return beginsWithGuard(handle, { ...met.inside, written: rest }, tenant)
}

/** The same for a router: what is in it before a guard could leave it, for the routes behind it. */
function beginsWithGuard(router: Router, arrival: Arrival, tenant: unknown): boolean {
  const { stack = [] } = router
  if (hasCallbacks(router) || stack.some(isErrorHandler)) return false
  const first = stack.find((layer) => !isGuard(layer.handle) || guards(layer, arrival, tenant))
  return first !== undefined && guards(first, arrival, tenant)
}

/** Whether `param` was called on a router. */
function hasCallbacks({ params = {} }: Router): boolean {
  return Object.keys(params).length > 0
}

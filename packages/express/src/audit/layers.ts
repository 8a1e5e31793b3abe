/** Reads the routes of Express 4 and 5, which keep them in layers that they share a form of. */
import { isPlain } from './covered-path.ts'

/** One handler at one path. */
export interface Layer {
  readonly handle: Router
  readonly route?: Route | undefined
  /** Only in a route: the method in lower case, undefined for any. */
  readonly method?: string | undefined
  /** Express 4 and the first ones of 5 answer true and leave the match in the layer. */
  match(path: string): boolean | Match
  readonly path?: string | undefined
  readonly params?: Match['params'] | undefined
  /** Express 5: whether it takes every path. */
  readonly slash?: boolean
  /** Express from 5.3. */
  readonly rawPath?: RoutePath
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean }
  readonly keys?: readonly { readonly name: string | number }[]
}

/** What handles a request; only a router has these. */
export interface Router {
  readonly stack?: readonly Layer[]
  readonly mergeParams?: boolean
  /** Functions by the parameter for which they run, before what is at a path with it. */
  readonly params?: object
}

/** The part of a path that a layer takes, and the parameters in it. */
export interface Match {
  readonly path: string
  readonly params: object
}

/** A path with its methods. */
export interface Route {
  readonly path: RoutePath
  readonly stack: readonly Layer[]
  readonly methods: Readonly<Record<string, boolean>>
}

type RoutePath = string | RegExp | readonly (string | RegExp)[]

/** A route under the routers that it is in: where each of them is, and the route's own path. */
export interface PlacedRoute {
  readonly route: Route
  /** From the outside in; the last one is the route. */
  readonly place: readonly Step[]
  readonly path: string
}

/** A layer on the way to a route, and the router that it is in. */
export interface Step {
  readonly router: Router
  readonly layer: Layer
  /** Its own path, without those around it. */
  readonly own: string
}

/** Whether `express.Router()` made it. The application that `express()` returns is none. */
export function isRouter(value: unknown): value is Router {
  return (
    typeof value === 'function' &&
    Array.isArray(Reflect.get(value, 'stack')) &&
    typeof Reflect.get(value, 'route') === 'function'
  )
}

/** Every route of a router and of those in it, once for each of its paths. */
export function* routesOf(
  router: Router,
  prefix: string = '',
  outer: PlacedRoute['place'] = [],
): Generator<PlacedRoute> {
  for (const layer of router.stack ?? []) {
    const { route, handle } = layer
    if (route !== undefined) {
      for (const own of pathsOf(layer)) {
        const place = [...outer, { router, layer, own }]
        yield { route, place, path: join(prefix, own) }
      }
    } else if (handle.stack !== undefined) {
      for (const own of pathsOf(layer)) {
        const place = [...outer, { router, layer, own }]
        yield* routesOf(handle, join(prefix, own), place)
      }
    }
  }
}

/** A path behind that of the router that it is in. */
export function join(prefix: string, path: string): string {
  const whole = `${prefix}${path}`
  let end = whole.length
  while (end > 1 && whole[end - 1] === '/') end--
  return whole.slice(0, end)
}

/** A mount path that Express did not keep, as it is written in the result. */
export const unknownMount = '(unknown)'

/** Whether it was put on without a path. */
export function takesAnyPath({ slash, regexp }: Layer): boolean {
  return slash === true || regexp?.fast_slash === true
}

/** The paths of a layer as they were written, and '' when it was put on without one. */
export function pathsOf(layer: Layer): readonly string[] {
  const { route, regexp, rawPath, keys = [] } = layer
  if (route !== undefined) return [route.path].flat(9).map(String)
  if (takesAnyPath(layer)) return ['']
  if (rawPath !== undefined) return [rawPath].flat(9).map(String)
  if (regexp === undefined) return [unknownMount]
  // Express 4 keeps what it made of the path. Only its simplest form is read back.
  let index = 0
  const path = regexp.source
    .replace(/^\^(.*)\\\/\?\(\?=\\\/\|\$\)$/, '$1')
    .replace(compiled, (_, pattern?: string) => {
      const name = `/:${keys[index++]?.name}`
      return pattern === undefined ? name : `${name}(${pattern})`
    })
    .replace(/\\([/.-])/g, '$1')
  if (isPlain(path)) return [path]
  return [`(${regexp.source} ${keys.map(({ name }) => `:${name}`).join(' ')})`]
}

/** A parameter in Express 4, with its pattern if it has one; the slash was outside before 4.20. */
const compiled =
  /(?:\(\?:\\\/|\\\/\(\?:)\((?:\[\^\\?\/\]\+\?|((?:\\[dw]|\[[\w-]+\])(?:[+*]|\{[\d,]+\})?))\)\)/g

/** What a layer takes of a path, or undefined when it does not match. */
export function matchOf(layer: Layer, path: string): Match | undefined {
  const match = layer.match(path)
  if (typeof match === 'object') return match
  return match ? { path: layer.path ?? '', params: layer.params ?? {} } : undefined
}

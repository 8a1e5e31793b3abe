/** Reads the routes of Express 4 and 5, which keep them in layers that they share a form of. */

/** One handler at one path. */
export interface Layer {
  readonly handle: { readonly stack?: readonly Layer[]; readonly mergeParams?: boolean }
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

/** A layer on the way to a route, in its stack. */
export interface Step {
  readonly stack: readonly Layer[]
  readonly layer: Layer
  /** Its own path, without those around it. */
  readonly own: string
}

/** Whether `express.Router()` made it. The application that `express()` returns is none. */
export function isRouter(value: unknown): value is { readonly stack: readonly Layer[] } {
  return (
    typeof value === 'function' &&
    Array.isArray(Reflect.get(value, 'stack')) &&
    typeof Reflect.get(value, 'route') === 'function'
  )
}

/** Every route of a stack and of the routers in it, once for each of its paths. */
export function* routesOf(
  stack: readonly Layer[],
  prefix: string = '',
  outer: PlacedRoute['place'] = [],
): Generator<PlacedRoute> {
  for (const layer of stack) {
    const { route, handle } = layer
    if (route !== undefined) {
      for (const path of [route.path].flat(9)) {
        const place = [...outer, { stack, layer, own: String(path) }]
        yield { route, place, path: join(prefix, path) }
      }
    } else if (handle.stack !== undefined) {
      for (const path of mountPaths(layer)) {
        const place = [...outer, { stack, layer, own: String(path) }]
        yield* routesOf(handle.stack, join(prefix, path), place)
      }
    }
  }
}

function join(prefix: string, path: unknown): string {
  return `${prefix}${String(path)}`.replace(/(.)\/+$/, '$1')
}

/** A mount path that Express did not keep, as it is written in the result. */
export const unknownMount = '(unknown)'

/** Whether it was put on without a path. */
export function takesAnyPath({ slash, regexp }: Layer): boolean {
  return slash === true || regexp?.fast_slash === true
}

function mountPaths(layer: Layer): readonly unknown[] {
  const { regexp, rawPath, keys = [] } = layer
  if (takesAnyPath(layer)) return ['']
  if (rawPath !== undefined) return [rawPath].flat(9)
  if (regexp === undefined) return [unknownMount]
  // Express 4 keeps what it made of the path. Only its simplest form is read back.
  let index = 0
  const path = regexp.source
    .replace(/^\^(.*)\\\/\?\(\?=\\\/\|\$\)$/, '$1')
    .replaceAll('(?:\\/([^/]+?))', () => `/:${keys[index++]?.name}`)
    .replace(/\\([/.-])/g, '$1')
  if (!/[\\^$*+?()[\]|{}]/.test(path)) return [path]
  return [`(${regexp.source} ${keys.map(({ name }) => `:${name}`).join(' ')})`]
}

/** What a layer takes of a path, or undefined when it does not match. */
export function matchOf(layer: Layer, path: string): Match | undefined {
  const match = layer.match(path)
  if (typeof match === 'object') return match
  return match ? { path: layer.path ?? '', params: layer.params ?? {} } : undefined
}

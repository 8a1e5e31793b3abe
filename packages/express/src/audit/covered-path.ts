/**
 * Whether the path of a guard is the beginning of a route's path, word for word. Everything else
 * counts as not covered: what two different patterns have in common cannot be tried out.
 */

/**
 * Segments that are text, or one whole parameter: with no pattern, or with one that is a single class of
 * characters and so stays inside of its segment.
 */
const plain =
  /^(?:\/(?:[\w.~@-]+|:\w+(?:\((?:\\[dw]|\[(?:\w-\w|\w)+-?\])(?:[+*]|\{\d+(?:,\d*)?\})?\))?))*$/

/** Whether a path can be compared with others as it is written. */
export function isPlain(path: string): boolean {
  return plain.test(path)
}

/** What may follow: nothing, another segment, or optional ones of Express 5 and then one of these. */
const boundary = /^(?:\{\/[^{}]*\})*(?:\/[\w:*.~@-]|\/?$)/

/**
 * What is left of the path of a route behind the one of middleware, which takes all that begins so;
 * undefined when it is not the beginning.
 */
export function restBehind(middleware: string, route: string): string | undefined {
  const path = middleware.replace(/\/$/, '')
  if (path === '') return route
  const rest = route.slice(path.length)
  const isBeginning = route.slice(0, path.length).toLowerCase() === path.toLowerCase()
  // In Express 4 a bar has another path behind it.
  const isCovered = isBeginning && isPlain(path) && boundary.test(rest) && !rest.includes('|')
  return isCovered ? rest : undefined
}

/** Whether a route at this path takes all that another route takes: the same path, or `/*` behind it. */
export function takesAllOf(earlier: string, route: string): boolean {
  const path = earlier.replace(/\/\*\w*$/, '')
  const rest = restBehind(path, route)
  return rest !== undefined && (path === earlier ? /^\/?$/ : /^\/[\w:*.~@-]/).test(rest)
}

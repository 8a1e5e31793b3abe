/** Paths of requests, to try out on the layers of an application. */

/**
 * Paths of requests to a route: with optional parts and without, as written and in capitals, with a
 * slash at the end and without, and another value for every parameter. Those that do not get to the
 * route say nothing of it.
 */
export function samplesOf(path: string): readonly string[] {
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

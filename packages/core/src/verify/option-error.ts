/** Says which option is wrong, and which one was probably meant. */
import type { z } from 'zod'

/** The first issue of a failed parse, in a sentence. */
export function explainIssue(error: z.ZodError, schema: z.ZodObject): string {
  const [issue] = error.issues
  if (issue === undefined) return 'The options are not valid.'
  const path = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') {
    return path === '' ? 'The options must be an object.' : `Option "${path}" ${issue.message}.`
  }
  const [unknown = ''] = issue.keys
  const known = knownKeys(schema, issue.path)
  const nearest = closest(unknown, known)
  const where = path === '' ? `"${unknown}"` : `"${path}.${unknown}"`
  const hint = nearest === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${nearest}"?`
  return `Option ${where} does not exist. ${hint}`
}

function knownKeys(schema: z.ZodObject, path: readonly PropertyKey[]): readonly string[] {
  let keys: z.ZodObject = schema
  for (const step of path) {
    const inner = unwrap(keys.shape[String(step)])
    if (inner === undefined) return []
    keys = inner
  }
  return Object.keys(keys.shape)
}

/** The object schema inside an optional one, or among alternatives. */
function unwrap(schema: unknown): z.ZodObject | undefined {
  const inner = schema as
    | { unwrap?: () => unknown; shape?: unknown; options?: readonly unknown[] }
    | undefined
  if (inner?.shape !== undefined) return schema as z.ZodObject
  if (Array.isArray(inner?.options)) {
    return inner.options.map(unwrap).find((option) => option !== undefined)
  }
  return typeof inner?.unwrap === 'function' ? unwrap(inner.unwrap()) : undefined
}

/** The known name that takes the fewest edits, if that is no more than a third of its letters. */
function closest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase())
    if (edits < fewest && edits <= Math.max(1, candidate.length / 3)) {
      best = candidate
      fewest = edits
    }
  }
  return best
}

/** Levenshtein's distance. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

/** Says which options are wrong, and which ones were probably meant. */
import type * as z from 'zod/mini'
import { knownOptions } from './option-schema.ts'

/** What is wrong with options that did not parse, a sentence for each. Unknown names come first. */
export function explainIssues({ issues }: z.core.$ZodError): string {
  const isUnknown = (issue: z.core.$ZodIssue): boolean => issue.code === 'unrecognized_keys'
  const inOrder = [...issues.filter(isUnknown), ...issues.filter((issue) => !isUnknown(issue))]
  return inOrder.map(explainIssue).join(' ')
}

function explainIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => explainUnknown(key, path)).join(' ')
  }
  return `Option "${path}" ${issue.message}.`
}

function explainUnknown(key: string, path: string): string {
  const known = knownOptions(path)
  const nearest = closest(key, known)
  const hint = nearest === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${nearest}"?`
  return `Option "${path === '' ? key : `${path}.${key}`}" does not exist. ${hint}`
}

/** The known name that takes the fewest edits, if those are no more than a third of its letters. */
function closest(name: string, known: readonly string[]): string | undefined {
  for (const edits of [0, 1, 2, 3, 4]) {
    const found = known.find(
      (candidate) =>
        edits <= Math.max(1, candidate.length / 3) &&
        isWithin(edits, name.toLowerCase(), candidate.toLowerCase()),
    )
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether so many insertions, deletions and substitutions make one of the other. */
function isWithin(edits: number, from: string, to: string): boolean {
  if (from === to) return true
  if (from.charAt(0) === to.charAt(0)) return isWithin(edits, from.slice(1), to.slice(1))
  if (edits === 0) return false
  const [inserted, deleted] = [to.slice(1), from.slice(1)]
  return (
    isWithin(edits - 1, deleted, inserted) ||
    isWithin(edits - 1, from, inserted) ||
    isWithin(edits - 1, deleted, to)
  )
}

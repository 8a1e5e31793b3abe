/** What was probably meant by a name that does not exist. */

/** The known name that begins with what was typed, or else takes few edits. */
export function closest(typed: string, known: readonly string[]): string | undefined {
  // Longer than any name here: not a slip of a finger, and slow to compare.
  if (typed.length > 40) return undefined
  const begun = known.filter((name) => typed.length > 2 && name.startsWith(typed))
  if (begun.length === 1) return begun[0]
  let best: string | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const name of known) {
    const edits = distance(typed.toLowerCase(), name.toLowerCase())
    if (edits < fewest && edits <= Math.max(1, Math.floor(name.length / 3))) {
      best = name
      fewest = edits
    }
  }
  return best
}

/**
 * The known name that somebody meant who wrote this one: it differs in case, spaces, hyphens or
 * underscores, or by a slip of a finger or two. Shorter names have neighbours that are names too.
 */
export function slipOf(written: string, known: readonly string[]): string | undefined {
  if (written.length > 40 || known.includes(written)) return undefined
  const folded = fold(written)
  const alike = known.find((name) => fold(name) === folded)
  if (alike !== undefined) return alike
  return known.find((name) => {
    const allowed = name.length < 4 ? 0 : name.length < 8 ? 1 : 2
    return Math.abs(name.length - written.length) <= 2 && distance(folded, fold(name)) <= allowed
  })
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '')
}

/** Letters to insert, delete, replace or swap with a neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replace = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1)
      let fewest = Math.min(replace, at(row, j) + 1, at(next, j - 1) + 1)
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (isSwap) fewest = Math.min(fewest, at(before, j - 2) + 1)
      next.push(fewest)
    }
    before = row
    row = next
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}

/** The outcome as a Markdown table. */
import type { Outcome, Verdict } from './measure.ts'

/** One table, and a sentence for each target. */
export function toMarkdown(outcome: Outcome): string {
  const { name, question, measurements, verdicts, yardstick, rounds } = outcome
  const rows = measurements.map(({ name: contender, median, ratio }) => [
    contender,
    formatTime(median),
    contender === yardstick ? '1.00' : ratio.toFixed(2),
    targetOf(verdicts, contender),
  ])
  return [
    `### ${name}`,
    '',
    `${question} Medians of ${rounds} rounds; ratio to "${yardstick}" in the same round.`,
    '',
    ...columns([['contender', 'median', 'ratio', 'target'], ...rows]),
    '',
    ...verdicts.map(sentence),
  ].join('\n')
}

function targetOf(verdicts: readonly Verdict[], contender: string): string {
  const verdict = verdicts.find((one) => one.contender === contender)
  if (verdict === undefined) return ''
  return `at most ${verdict.maxRatio.toFixed(2)}: ${verdict.isHeld ? 'held' : 'MISSED'}`
}

function sentence({ contender, maxRatio, ratio, isHeld }: Verdict): string {
  if (isHeld) return `"${contender}" holds its target.`
  const by = ((ratio / maxRatio - 1) * 100).toFixed(0)
  return `"${contender}" misses its target by ${by} %.`
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)]
}

/** Three digits, in the unit that they fit. */
export function formatTime(milliseconds: number): string {
  if (milliseconds >= 1) return `${milliseconds.toPrecision(3)} ms`
  if (milliseconds >= 1e-3) return `${(milliseconds * 1e3).toPrecision(3)} us`
  return `${(milliseconds * 1e6).toPrecision(3)} ns`
}

/** The outcomes as Markdown tables. */
import { formatValue } from './format.ts'
import type { Outcome } from './measure.ts'
import type { Verdict } from './verdict.ts'

/** One table of the contenders, and a sentence for each target. */
export function toMarkdown(outcome: Outcome): string {
  const { name, question, measurements, verdicts, yardstick, rounds, unit } = outcome
  const rows = measurements.map(({ name: contender, median, ratio }) => [
    contender,
    formatValue(median, unit),
    contender === yardstick ? '1.00' : ratio.toFixed(2),
  ])
  const quantity = unit === 'bytes' ? 'bytes' : 'time'
  return [
    `### ${name}`,
    '',
    `${question} ${rounds === 1 ? 'One round' : `Medians of ${rounds} rounds`}; ratio of ${quantity} to "${yardstick}" in the same round.`,
    '',
    ...columns([['contender', 'median', 'ratio'], ...rows]),
    '',
    ...verdicts.map((verdict) => `- ${sentence(verdict)}`),
  ].join('\n')
}

/** Every target of every bench in one table: what was asked for, and what came of it. */
export function toSummary(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ name, verdicts }) =>
    verdicts.map((verdict) => [
      name,
      verdict.contender,
      verdict.wanted,
      verdict.found,
      verdict.isHeld ? 'held' : `MISSED by ${percent(verdict)}`,
    ]),
  )
  const missed = rows.filter(([, , , , result]) => result !== 'held').length
  const end =
    missed === 0
      ? `All ${rows.length} targets are held.`
      : `${missed} of ${rows.length} targets are missed.`
  return [
    '### Targets',
    '',
    ...columns([['bench', 'contender', 'target', 'found', 'result'], ...rows]),
    '',
    end,
  ].join('\n')
}

function sentence(verdict: Verdict): string {
  const { contender, wanted, found, isHeld } = verdict
  if (isHeld) return `"${contender}" holds its target, ${wanted}: ${found}.`
  return `"${contender}" MISSES its target, ${wanted}, by ${percent(verdict)}: ${found}.`
}

function percent({ missedBy }: Verdict): string {
  return `${(missedBy * 100).toFixed(0)} %`
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

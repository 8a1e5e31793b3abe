/** The report of `inspect` on a screen of 80 columns. */
import {
  clip,
  formatBytes,
  kindInWords,
  type Note,
  plainName,
  printableValue,
} from '@tenantry/report'
import { hang, wrap } from '../output/lines.ts'
import type { Style } from '../output/style.ts'
import { checkLines } from '../verification/check-lines.ts'
import { verdictLines } from '../verification/verdict.ts'
import { accessLines } from './access-lines.ts'
import { type Inspection, missingNames } from './inspection.ts'
import { lifeLines } from './life-lines.ts'
import { LABEL, labelled } from './margin.ts'
import { originLines } from './origin-lines.ts'
import { suggestion } from './suggestion.ts'

/** From what it is to what to do next. */
export function inspectText(inspection: Inspection, style: Style): string {
  const { report, checks, context, verdict, listsClaims } = inspection
  const failed = checks.filter(({ state }) => state === 'failed')
  const sections = [
    headline(inspection, style),
    labelled('Life', lifeLines(report.life, style)),
    [...originLines(inspection, style), ...labelled('Size', [formatBytes(report.bytes)])],
    labelled('Tenants', accessLines(report.access, missingNames(inspection), style)),
    listsClaims ? claimLines(inspection, style) : [],
    labelled(
      'Notes',
      report.notes.flatMap((note) => noteLines(note, style)),
    ),
    labelled(
      'Failed',
      failed.flatMap((check) => checkLines(check, context, style, LABEL)),
    ),
    labelled('Try', [style.hint(suggestion(inspection))]),
    verdict.code === 'inspected' ? [] : [verdictLines(verdict, style)],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** Who, what, and whether anybody checked it. */
function headline({ report, context, checks, verdict }: Inspection, style: Style): string[] {
  const { symbols } = style
  const { header } = context
  const parts = [
    report.subject,
    kindInWords(report.kind),
    ...(header?.['alg'] === undefined ? [] : [word(header['alg'])]),
  ]
  const line = `  ${parts.join(`  ${symbols.dot}  `)}`
  const signature = checks.find(({ name }) => name === 'signature')
  const [paint, words] =
    signature?.state === 'passed'
      ? [style.good, `${symbols.yes} signature matches`]
      : signature?.state === 'failed'
        ? [style.bad, `${symbols.no} signature does not match`]
        : verdict.exitCode === 0
          ? [style.dim, `${symbols.none} signature not checked`]
          : [style.warn, `${symbols.warn} signature not checked`]
  const room = 80 - line.length - words.length
  return room >= 2
    ? [line + ' '.repeat(room) + paint(words)]
    : [...hang('  ', line.trimStart(), 2).split('\n'), `  ${paint(words)}`]
}

/** An algorithm is a word, unless somebody made it something else. */
function word(value: unknown): string {
  const text = printableValue(value, 20)
  return /^"[\w-]+"$/.test(text) ? text.slice(1, -1) : text
}

function noteLines({ level, text }: Note, style: Style): readonly string[] {
  const { symbols } = style
  const width = Math.max(symbols.no.length, symbols.none.length)
  const [mark, paint] =
    level === 'problem'
      ? [symbols.no, style.bad]
      : level === 'warning'
        ? [symbols.warn, style.warn]
        : [symbols.none, style.dim]
  const first = mark.padEnd(width)
  return hang('', text, LABEL + width + 1)
    .split('\n')
    .map(
      (line, index) =>
        (index === 0 ? `${paint(first)} ` : ' '.repeat(width + 1)) + line.trimStart(),
    )
}

/** Every claim: its name and value, and below them what it means. */
function claimLines({ report }: Inspection, style: Style): readonly string[] {
  const width = Math.max(...report.claims.map(({ name }) => claimName(name).length)) + 2
  return labelled(
    'Claims',
    report.claims.flatMap(({ name, words, meaning }) => [
      claimName(name).padEnd(width) + clip(words, 80 - LABEL - width),
      ...(meaning === undefined ? [] : wrap(meaning, LABEL + 2)).map((line) =>
        style.dim(`  ${line}`),
      ),
    ]),
  )
}

function claimName(name: string): string {
  return plainName(name, 24)
}

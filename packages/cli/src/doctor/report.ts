/** What doctor found, for a person and as data. */
import type { ExitCode } from '../failure.ts'
import type { Answer } from '../output/answer.ts'
import { hang } from '../output/lines.ts'
import type { Style } from '../output/style.ts'
import { type CheckId, checks, type Finding, groups, NOT_REACHED, type State } from './check.ts'

/** The page with a heading for every id. */
const PAGE = 'docs/reference/doctor.md'

const TITLE_COLUMN = 24

/** What was asked for. */
export interface ReportWishes {
  /** Warnings count as failures. */
  readonly isStrict: boolean
  /** No whole answer came, so that something was left undecided. */
  readonly isUndecided: boolean
}

/** The answer of the command. */
export function reportAnswer(findings: readonly Finding[], wishes: ReportWishes): Answer {
  const count = (state: State): number => findings.filter((one) => one.state === state).length
  const counts = { failed: count('fail'), warnings: count('warn'), passed: count('ok') }
  const isBad = counts.failed > 0 || (wishes.isStrict && counts.warnings > 0)
  const exitCode: ExitCode = wishes.isUndecided ? 3 : isBad ? 1 : 0
  return {
    exitCode,
    ok: exitCode === 0,
    code: wishes.isUndecided ? 'keys_unavailable' : isBad ? 'checks_failed' : 'healthy',
    data: { ...counts, checks: findings.map(toData) },
    text: (style) => reportText(findings, counts, wishes.isStrict, style),
  }
}

function toData({ id, state, detail, fix }: Finding): Readonly<Record<string, unknown>> {
  const { group, title } = checks.get(id) ?? {}
  return {
    id,
    group,
    title,
    state,
    detail,
    ...(fix === undefined ? {} : { fix, docs: `${PAGE}#${id.toLowerCase()}` }),
  }
}

interface Counts {
  readonly failed: number
  readonly warnings: number
  readonly passed: number
}

function reportText(
  findings: readonly Finding[],
  counts: Counts,
  isStrict: boolean,
  style: Style,
): string {
  const shown = groups.flatMap((group) => {
    const own = findings.filter(({ id }) => checks.get(id)?.group === group)
    if (own.length === 0) return []
    return [`  ${style.strong(group)}`, ...findingLines(own, style)]
  })
  const { failed, warnings, passed } = counts
  const parts = [
    `${failed} failed`,
    `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    `${passed} ok`,
  ]
  const isBad = failed > 0 || (isStrict && warnings > 0)
  const paint = isBad ? style.bad : warnings > 0 ? style.warn : style.good
  const sum = `  ${paint(parts.join(` ${style.symbols.dot} `))}`
  return [...shown, '', sum, ...nextLines(findings, isStrict, style)].join('\n')
}

/** Checks that were not reached, one after the other, have one line. */
function findingLines(findings: readonly Finding[], style: Style): readonly string[] {
  const lines: string[] = []
  for (let index = 0; index < findings.length; ) {
    const rest = findings.slice(index)
    const end = rest.findIndex((finding) => !isUnreached(finding))
    const run = rest.slice(0, end === -1 ? rest.length : end)
    const [first] = rest
    if (run.length > 1) lines.push(unreachedLine(run, style))
    else if (first !== undefined) lines.push(findingLine(first, style))
    index += Math.max(1, run.length)
  }
  return lines
}

function isUnreached({ state, detail }: Finding): boolean {
  return state === 'none' && detail === NOT_REACHED
}

function unreachedLine(run: readonly Finding[], style: Style): string {
  const mark = style.symbols.none.padEnd(markWidth(style))
  return style.dim(`  ${mark} ${run[0]?.id} to ${run.at(-1)?.id} ${NOT_REACHED}`)
}

/** The marks have one width, so that the words behind them stand in a column. */
function markWidth({ symbols }: Style): number {
  const { yes, no, warn, none } = symbols
  return Math.max(...[yes, no, warn, none].map((symbol) => symbol.length))
}

function findingLine({ id, state, detail, fix }: Finding, style: Style): string {
  const { symbols } = style
  const [mark, paint] = {
    ok: [symbols.yes, style.good] as const,
    warn: [symbols.warn, style.warn] as const,
    fail: [symbols.no, style.bad] as const,
    none: [symbols.none, style.dim] as const,
  }[state]
  const head = `  ${mark.padEnd(markWidth(style))} ${id} `
  const title = checks.get(id)?.title ?? ''
  const text = hang(head + title, detail, head.length + TITLE_COLUMN)
  const [first = '', ...rest] = text.split('\n')
  const indent = head.length + TITLE_COLUMN
  const advice = fix === undefined || state === 'ok' ? [] : [hang('', fix, indent)]
  return [paint(first), ...rest, ...advice.map((line) => style.dim(line))].join('\n')
}

/** What to do first: what failed, in the order of the work. */
function nextLines(
  findings: readonly Finding[],
  isStrict: boolean,
  style: Style,
): readonly string[] {
  const first =
    urgent(findings) ??
    findings.find(({ state }) => state === 'fail') ??
    (isStrict ? findings.find(({ state }) => state === 'warn') : undefined)
  if (first?.fix === undefined) return []
  return [
    hang(`  first   ${first.id}`, first.fix, 16),
    `  then    the same command with ${style.hint(`--only ${first.id}`)}`,
    `  why     ${style.hint(`tenantry explain ${first.id}`)}`,
  ]
}

/** Anybody can sign: nothing else matters until that is over. */
const mostUrgent: readonly CheckId[] = ['D21', 'D22']

function urgent(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ id, state }) => state === 'fail' && mostUrgent.includes(id))
}

/** What `diff` prints for a person. */
import {
  clip,
  count,
  formatInstant,
  formatLength,
  type MemberChange,
  plainName,
  printableValue,
  type RowState,
  readTimeClaim,
  type TenantChange,
} from '@tenantry/report'
import { wrap } from '../output/lines.ts'
import type { Style } from '../output/style.ts'
import type { Comparison } from './comparison.ts'

const NAME = 14

const times: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat', 'auth_time'])

/** Header, claims, tenants, and how many differences there are. */
export function diffText(comparison: Comparison, style: Style): string {
  const { changes, isSameToken, isSameSignature } = comparison
  if (isSameToken) return style.good(`${style.symbols.yes} the same token`)
  const sections = [
    section('Header', changes.header, memberLines, style),
    section('Claims', changes.claims, memberLines, style),
    section('Tenants', changes.tenants, tenantLines, style),
  ]
  return [
    ...sections.filter((text) => text !== ''),
    summary(changes.count, isSameSignature, style),
  ].join('\n\n')
}

/** Nobody reads more of one kind; a program has them all. */
const MANY = 40

function section<Change>(
  title: string,
  changes: readonly Change[],
  linesOf: (change: Change, style: Style) => readonly string[],
  style: Style,
): string {
  if (changes.length === 0) return ''
  const shown = changes.slice(0, MANY).flatMap((change) => linesOf(change, style))
  const rest = changes.length - MANY
  const more = rest > 0 ? [style.dim(`    ${style.symbols.more} ${rest} more: --json`)] : []
  return [`  ${style.strong(title)}`, ...shown, ...more].join('\n')
}

function summary(amount: number, isSameSignature: boolean, style: Style): string {
  const { symbols } = style
  const signatures = isSameSignature
    ? 'the signature is the same, so one of them is not genuine'
    : 'signed anew'
  const words = amount === 0 ? 'they say the same' : count(amount, 'difference')
  return style.warn(`${symbols.warn} ${words}; ${signatures}`)
}

function memberLines(change: MemberChange, style: Style, indent: number = 4): readonly string[] {
  const [mark, paint] = markOf(change, style)
  const margin = ' '.repeat(indent)
  const first = `${mark} ${plainName(change.name, 24).padEnd(NAME - 1)} `
  const room = 80 - indent - first.length
  const side = Math.floor((room - style.symbols.arrow.length - 2) / 2)
  const [before, after] = [change.before, change.after].map((value) =>
    value === undefined ? undefined : shownValue(change.name, value),
  )
  const distance = timeDistance(change)
  const body =
    before === undefined || after === undefined
      ? clip(after ?? before ?? '', room)
      : `${clip(before, side)} ${style.symbols.arrow} ${clip(after, side)}`
  const line = `${margin}${paint(`${first}${body}`)}`
  if (distance === undefined) return [line]
  return [line, ' '.repeat(indent + first.length) + style.dim(distance)]
}

function markOf({ change }: Pick<MemberChange, 'change'>, style: Style): [string, Style['good']] {
  if (change === 'added') return ['+', style.good]
  return change === 'removed' ? ['-', style.bad] : ['~', style.warn]
}

function shownValue(name: string, value: unknown): string {
  const time = times.has(name) ? readTimeClaim(value) : undefined
  return time === undefined ? printableValue(value) : formatInstant(time)
}

function timeDistance({ name, before, after }: MemberChange): string | undefined {
  if (!times.has(name)) return undefined
  const [from, to] = [readTimeClaim(before), readTimeClaim(after)]
  if (from === undefined || to === undefined) return undefined
  const seconds = (to.getTime() - from.getTime()) / 1000
  return `${formatLength(seconds)} ${seconds < 0 ? 'earlier' : 'later'}`
}

const states: Readonly<Record<RowState, string>> = {
  roles: 'roles',
  empty: 'no roles',
  unreadable: 'roles that cannot be read',
  ignored: 'no tenant',
}

function tenantLines(change: TenantChange, style: Style): readonly string[] {
  const [mark, paint] = markOf(change, style)
  const roles = [
    ...change.added.map((role) => `+ ${plainName(role, 40)}`),
    ...change.removed.map((role) => `- ${plainName(role, 40)}`),
  ]
  const shown = change.change === 'changed' ? roles : roles.map((role) => role.slice(2))
  const many = shown.slice(0, 50)
  const rest = shown.length > 50 ? [`and ${shown.length - 50} more`] : []
  const [first, indent] = [`${mark} ${plainName(change.tenant, 32).padEnd(NAME)}`, 4]
  const words = [...many, ...rest].join('  ') || stateWords(change, style)
  const [line = '', ...more] = wrap(words, indent + first.length + 1)
  return [
    `${' '.repeat(indent)}${paint(`${first} ${line}`.trimEnd())}`,
    ...more.map((text) => ' '.repeat(indent + first.length + 1) + text),
    ...change.members.flatMap((member) => memberLines(member, style, 8)),
  ]
}

function stateWords({ before, after, members }: TenantChange, style: Style): string {
  if (before !== undefined && after !== undefined) {
    if (before === after) return members.length === 0 ? '' : 'the same roles'
    return `${states[before]} ${style.symbols.arrow} ${states[after]}`
  }
  const only = after ?? before
  return only === undefined ? '' : states[only]
}

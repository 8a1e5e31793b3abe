/** The tenants of a token: as a table of roles where that fits, and else as a list. */
import { type AccessMatrix, count, type MatrixRow, plainName, quote } from '@tenantry/report'
import { hang } from '../output/lines.ts'
import type { Style } from '../output/style.ts'
import type { MissingName } from './inspection.ts'
import { LABEL } from './margin.ts'

const WIDTH = 80 - LABEL
const GAP = 3

/** Names that were looked for, and what was probably meant by them. */
interface Missing {
  readonly tenants: readonly MissingName[]
  readonly roles: readonly MissingName[]
}

function meant({ name, meant }: MissingName): string {
  const hint = meant === undefined ? '' : `; did you mean ${quote(meant, 20)}?`
  return `${quote(name, 20)}${hint}`
}

/** How many there are, each of them, and what was looked for in vain. */
export function accessLines(access: AccessMatrix, missing: Missing, style: Style): string[] {
  const { totalTenants, totalRoles, folded, rows } = access
  const { symbols } = style
  const sum =
    totalTenants === 0
      ? 'none'
      : `${count(totalTenants, 'tenant')} ${symbols.dot} ${count(totalRoles, 'role')}`
  const table = gridLines(access, sum, style) ?? [
    sum,
    ...rows.flatMap((row) => listLines(row, style)),
  ]
  return [
    ...table,
    ...(folded === 0 ? [] : [style.dim(`${symbols.more} ${folded} more: --all, or --tenant ID`)]),
    ...missing.tenants.map((name) => style.warn(`${symbols.warn} no tenant ${meant(name)}`)),
    ...missing.roles.map((name) => style.warn(`${symbols.warn} no role ${meant(name)}`)),
  ]
}

/** Undefined when it does not fit, or there is nothing to compare. */
function gridLines(access: AccessMatrix, sum: string, style: Style): string[] | undefined {
  const { rows, roles, isWide } = access
  if (isWide || roles.length === 0) return undefined
  const { symbols } = style
  const names = roles.map((role) => plainName(role, 24))
  const tenants = rows.map(({ tenant }) => plainName(tenant, 32))
  const first = Math.max(sum.length, ...tenants.map((tenant) => tenant.length)) + GAP
  const mark = Math.max(symbols.yes.length, symbols.none.length)
  const widths = names.map((name) => Math.max(name.length, mark) + GAP)
  const remark = rows.some(({ state }) => state !== 'roles') ? 16 : 0
  if (first + widths.reduce((sum, width) => sum + width, remark) > WIDTH) return undefined
  const head =
    sum.padEnd(first) + names.map((name, index) => name.padEnd(widths[index] ?? 0)).join('')
  const body = rows.map(({ tenant: _, ...row }, index) => {
    const cells = roles.map((role, column) =>
      cell(row.roles.includes(role), widths[column] ?? 0, style),
    )
    return ((tenants[index] ?? '').padEnd(first) + cells.join('') + remarkOf(row, style)).trimEnd()
  })
  return [head.trimEnd(), ...body]
}

/** Centred below nothing: under the first letter of the role. */
function cell(isHeld: boolean, width: number, style: Style): string {
  const { yes, none } = style.symbols
  const mark = isHeld ? yes : none
  return (
    (isHeld ? style.good(mark) : style.dim(mark)) + ' '.repeat(Math.max(0, width - mark.length))
  )
}

function listLines(row: MatrixRow, style: Style): readonly string[] {
  const name = plainName(row.tenant, 32)
  const roles = row.roles.slice(0, 50).map((role) => plainName(role, 40))
  const rest = row.roles.length - roles.length
  const words = roles.join(', ') + (rest > 0 ? `, and ${rest} more` : '')
  const remark = remarkOf(row, style)
  if (words === '') return [`${name.padEnd(20)}   ${remark}`]
  const indent = Math.max(20, name.length) + GAP
  return hang('', words, LABEL + indent)
    .split('\n')
    .map(
      (line, index) => (index === 0 ? name.padEnd(indent) : ' '.repeat(indent)) + line.trimStart(),
    )
}

function remarkOf({ state }: Pick<MatrixRow, 'state'>, style: Style): string {
  const { symbols } = style
  switch (state) {
    case 'roles':
      return ''
    case 'empty':
      return style.warn(`${symbols.warn} no roles`)
    case 'unreadable':
      return style.bad(`${symbols.no} unreadable`)
    case 'ignored':
      return style.bad(`${symbols.no} no tenant`)
  }
}

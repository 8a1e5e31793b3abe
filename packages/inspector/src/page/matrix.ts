/** The tenants of the token and the roles held in each, with a filter. */
import type { DecodedToken } from '@tenantry/core'
import { count, type MatrixRow, matrixOf } from '@tenantry/report'
import { element, find, setText } from './element.ts'
import { nameElement } from './names.ts'

/** What is asked when somebody points at a cell. */
export type Ask = (question: { readonly tenant: string; readonly role?: string }) => void

/** More rows than a screen has; the rest comes when it is asked for. */
const FIRST_ROWS = 40
const MORE_ROWS = 400
/** More columns than a person compares at a glance. */
const MANY_ROLES = 8

/** The table of one token after the other. */
export interface Matrix {
  show(decoded: DecodedToken): void
}

/** Connects the table, its filter and its button. */
export function createMatrix(ask: Ask): Matrix {
  const table = find('matrix')
  const filter = find('filter', HTMLInputElement)
  const more = find('more', HTMLButtonElement)
  let rows: readonly MatrixRow[] = []
  let limit = FIRST_ROWS
  // It scrolls, and whoever has no mouse scrolls what has the focus.
  table.tabIndex = 0

  function draw(): void {
    const matching = rows.filter((row) => matches(row, filter.value))
    const shown = matching.slice(0, limit)
    const rest = matching.length - shown.length
    table.replaceChildren(shown.length === 0 ? emptyText(rows) : tableOf(shown, matching, ask))
    more.hidden = rest === 0
    setText(more, `Show ${Math.min(rest, MORE_ROWS)} more`)
    setText(find('matrix-more'), moreText(rows.length, matching.length, shown.length))
  }

  filter.addEventListener('input', () => {
    limit = FIRST_ROWS
    draw()
  })
  more.addEventListener('click', () => {
    limit += MORE_ROWS
    draw()
    // The button may be gone, and the reader goes on where the new rows are.
    table.focus()
  })
  return {
    show(decoded) {
      rows = matrixOf(decoded, { all: true }).rows
      limit = FIRST_ROWS
      filter.value = ''
      filter.hidden = rows.length < 2
      const roles = new Set(rows.flatMap((row) => row.roles))
      setText(
        find('tenants-count'),
        rows.length === 0 ? '' : `${count(rows.length, 'tenant')} · ${count(roles.size, 'role')}`,
      )
      draw()
    },
  }
}

function matches({ tenant, roles }: MatrixRow, filter: string): boolean {
  const wanted = filter.trim().toLowerCase()
  return [tenant, ...roles].some((name) => name.toLowerCase().includes(wanted))
}

function emptyText(rows: readonly MatrixRow[]): HTMLElement {
  const text =
    rows.length === 0 ? 'The token names no tenant.' : 'No tenant and no role is like it.'
  return element('p', { class: 'hint' }, text)
}

function moreText(all: number, matching: number, shown: number): string {
  if (shown < matching) return `${shown} of ${count(matching, 'tenant')} shown.`
  return matching < all ? `${matching} of ${count(all, 'tenant')}.` : ''
}

function tableOf(
  shown: readonly MatrixRow[],
  matching: readonly MatrixRow[],
  ask: Ask,
): HTMLTableElement {
  const roles = [...new Set(matching.flatMap((row) => row.roles))].sort()
  return roles.length > MANY_ROLES || roles.length === 0
    ? listTable(shown, ask)
    : gridTable(shown, roles, ask)
}

/** A column for each role. */
function gridTable(
  rows: readonly MatrixRow[],
  roles: readonly string[],
  ask: Ask,
): HTMLTableElement {
  const heads = roles.map((role) => element('th', { scope: 'col' }, nameElement(role)))
  const lines = rows.map((row) => {
    const cells = roles.map((role) => gridCell(row, role, ask))
    return element('tr', {}, tenantHead(row), ...cells)
  })
  return wholeTable('grid', heads, lines)
}

function gridCell(row: MatrixRow, role: string, ask: Ask): HTMLTableCellElement {
  const held = row.roles.includes(role)
  const cell = element(
    'td',
    { class: held ? 'held' : 'not-held' },
    element('span', { 'aria-hidden': 'true' }, held ? '✓' : '–'),
    element('span', { class: 'unseen' }, held ? 'yes' : 'no'),
  )
  // Quicker for a mouse. The form above asks the same from the keyboard.
  cell.addEventListener('click', () => ask({ tenant: row.tenant, role }))
  return cell
}

/** A line of roles for each tenant. */
function listTable(rows: readonly MatrixRow[], ask: Ask): HTMLTableElement {
  const lines = rows.map((row) => {
    const roles = row.roles.map((role) => {
      const chip = element('span', { class: 'chip' }, nameElement(role))
      chip.addEventListener('click', () => ask({ tenant: row.tenant, role }))
      return chip
    })
    const cell = element('td', {}, ...roles.flatMap((chip) => [chip, ' ']))
    if (roles.length === 0) cell.append(element('span', { class: 'hint' }, 'none'))
    return element('tr', {}, tenantHead(row), cell)
  })
  return wholeTable('list', [element('th', { scope: 'col' }, 'Roles')], lines)
}

function wholeTable(
  kind: 'grid' | 'list',
  heads: readonly HTMLTableCellElement[],
  lines: readonly HTMLTableRowElement[],
): HTMLTableElement {
  return element(
    'table',
    { class: kind },
    element('caption', { class: 'unseen' }, 'Roles by tenant'),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Tenant'), ...heads)),
    element('tbody', {}, ...lines),
  )
}

/** Why a tenant without roles has none. */
const stateWords: Readonly<Record<MatrixRow['state'], string | undefined>> = {
  roles: undefined,
  empty: 'no roles',
  unreadable: 'roles are no list of names',
  ignored: 'no entry that counts',
}

function tenantHead({ tenant, state }: MatrixRow): HTMLTableCellElement {
  const words = stateWords[state]
  const remark = words === undefined ? undefined : element('span', { class: 'remark' }, words)
  return element('th', { scope: 'row' }, nameElement(tenant), remark)
}

/** Notes on the tenants that a token names. */
import { type MatrixRow, type RowState, rowsOf } from '../access/matrix.ts'
import { hidesSomething, listNames } from '../text/visible.ts'
import { kindOf } from '../token/kind.ts'
import { type Note, note } from './note.ts'
import type { NotedToken } from './noted-token.ts'

/** Names that a note lists before the rest is only counted. */
const MANY = 3

/** The default of tenantIdPattern in the guards. */
const tenantIdPattern = /^[A-Za-z0-9_-](?:[A-Za-z0-9._:-]{0,62}[A-Za-z0-9_-])?$/

/** What is odd about them. */
export function tenantNotes({ decoded }: NotedToken): readonly Note[] {
  if (kindOf(decoded.claims) !== 'access') return []
  const rows = rowsOf(decoded)
  if (rows.length === 0)
    return [note('no_tenants', 'The token names no tenant: it grants nothing.')]
  const notes: Note[] = []
  const ignored = namesOf(rows, 'ignored')
  if (ignored.length > 0) {
    const are = ignored.length === 1 ? 'is no tenant: its entry' : 'are no tenants: their entry'
    notes.push(note('tenant_ignored', `${listNames(ignored, MANY)} ${are} is no object of roles.`))
  }
  const unreadable = namesOf(rows, 'unreadable')
  if (unreadable.length > 0) {
    notes.push(
      note('roles_unreadable', `${grantNothing(unreadable)}: roles must be a list of strings.`),
    )
  }
  const empty = namesOf(rows, 'empty')
  if (empty.length > 0) {
    notes.push(note('roles_empty', `${grantNothing(empty)}: the list of roles is empty.`))
  }
  return [...notes, ...nameNotes(rows.map(({ tenant }) => tenant))]
}

function namesOf(rows: readonly MatrixRow[], state: RowState): readonly string[] {
  return rows.filter((row) => row.state === state).map(({ tenant }) => tenant)
}

function grantNothing(names: readonly string[]): string {
  return `${listNames(names, MANY)} ${names.length === 1 ? 'grants' : 'grant'} nothing`
}

function nameNotes(tenants: readonly string[]): readonly Note[] {
  const notes: Note[] = []
  const hidden = tenants.filter(hidesSomething)
  if (hidden.length > 0) {
    notes.push(
      note(
        'name_hidden',
        `Tenant ids with characters that cannot be seen: ${listNames(hidden, MANY)}.`,
      ),
    )
  }
  const odd = tenants.filter((tenant) => !tenantIdPattern.test(tenant) && !hidesSomething(tenant))
  if (odd.length > 0) {
    notes.push(note('tenant_odd', `No route takes ${listNames(odd, MANY)} as a tenant id.`))
  }
  const alike = firstAlike(tenants)
  if (alike !== undefined) {
    notes.push(
      note(
        'tenant_alike',
        `${alike.map((name) => listNames([name])).join(' and ')} are two tenants.`,
      ),
    )
  }
  return notes
}

function firstAlike(tenants: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>()
  for (const tenant of tenants) {
    const folded = tenant.toLowerCase().replace(/[\s_-]/g, '')
    const other = seen.get(folded)
    if (other !== undefined) return [other, tenant]
    seen.set(folded, tenant)
  }
  return undefined
}

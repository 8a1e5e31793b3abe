/** Notes on the roles that a token holds. */
import { rowsOf } from '../access/matrix.ts'
import { slipOf } from '../text/closest.ts'
import { hidesSomething, listNames, quote } from '../text/visible.ts'
import { type Note, note } from './note.ts'
import type { NotedToken } from './noted-token.ts'

/** The roles that every workspace of Userfront starts with. */
export const userfrontRoles: readonly string[] = [
  'owner',
  'admin',
  'author',
  'editor',
  'member',
  'support',
  'contributor',
  'viewer',
  'subscriber',
]

const MANY = 3
/** So many roles are compared with each other; a token with more has no slips of a finger. */
const COMPARED = 200

/** What is odd about them. */
export function roleNotes({ decoded, knownRoles }: NotedToken): readonly Note[] {
  const tenantsWith = new Map<string, number>()
  for (const { roles } of rowsOf(decoded)) {
    for (const role of new Set(roles)) tenantsWith.set(role, (tenantsWith.get(role) ?? 0) + 1)
  }
  const roles = [...tenantsWith.keys()]
  const hidden = roles.filter(hidesSomething)
  const notes: Note[] = []
  if (hidden.length > 0) {
    notes.push(
      note('name_hidden', `Roles with characters that cannot be seen: ${listNames(hidden, MANY)}.`),
    )
  }
  if (roles.length > COMPARED) return notes
  const known = knownRoles ?? userfrontRoles
  const others = roles.filter((role) => !known.includes(role) && !hidden.includes(role))
  const meantBy = new Map<string, string>()
  for (const role of others) {
    const meant = slipOf(role, known) ?? usualSpelling(role, tenantsWith, knownRoles)
    if (meant !== undefined) meantBy.set(role, meant)
  }
  const slips = [...meantBy.keys()]
  for (const role of slips.slice(0, MANY)) {
    const meant = quote(meantBy.get(role) ?? '', 40)
    notes.push(note('role_typo', `Role ${quote(role, 40)} is not ${meant}. Is it meant to be?`))
  }
  if (slips.length > MANY) {
    notes.push(note('role_typo', `${slips.length - MANY} more roles are close to a known one.`))
  }
  const unknown = others.filter((role) => !slips.includes(role))
  if (knownRoles !== undefined && unknown.length > 0) {
    notes.push(note('role_unlisted', `Not among the known roles: ${listNames(unknown, MANY)}.`))
  }
  return notes
}

/** Without a list of known roles: one that the token itself has in more tenants than this one. */
function usualSpelling(
  role: string,
  tenantsWith: ReadonlyMap<string, number>,
  knownRoles: readonly string[] | undefined,
): string | undefined {
  if (knownRoles !== undefined) return undefined
  const tenants = tenantsWith.get(role) ?? 0
  const usual = [...tenantsWith].filter(([, amount]) => amount > tenants).map(([name]) => name)
  return slipOf(role, usual)
}

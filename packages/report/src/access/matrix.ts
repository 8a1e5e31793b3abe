/** The tenants of a token and the roles held in each, as a table. */
import type { DecodedToken } from '@tenantry/core'
import { unverifiedHoldings } from './holdings.ts'

/**
 * `empty`: a list without a role. `unreadable`: the roles are no list of strings, so core denies
 * everything there. `ignored`: the entry is no object, so core does not see the tenant at all.
 */
export type RowState = 'roles' | 'empty' | 'unreadable' | 'ignored'

/** One tenant. */
export interface MatrixRow {
  readonly tenant: string
  /** As core reads them: empty when the entry is not well formed. */
  readonly roles: readonly string[]
  readonly state: RowState
}

/** The table. */
export interface AccessMatrix {
  /** Columns: the roles that are held in a row that is shown, each once, in alphabetical order. */
  readonly roles: readonly string[]
  readonly rows: readonly MatrixRow[]
  /** Rows that are folded away. */
  readonly folded: number
  /** More roles than a person compares at a glance: show one line of roles for each tenant. */
  readonly isWide: boolean
  /** Of the whole token, whatever is shown. */
  readonly totalTenants: number
  readonly totalRoles: number
}

/** Which part of the table is wanted. */
export interface MatrixOptions {
  /** Only these tenants. */
  readonly tenants?: readonly string[]
  /** Only these roles, and the tenants in which one of them is held. */
  readonly roles?: readonly string[]
  /** Fold nothing. */
  readonly all?: boolean
}

/** More tenants than this are folded, and then so many are left. */
const MANY_TENANTS = 12
const SHOWN_TENANTS = 10
const MANY_ROLES = 8

/** Makes the table of what a token says, believed or not. */
export function matrixOf(decoded: DecodedToken, options: MatrixOptions = {}): AccessMatrix {
  const rows = rowsOf(decoded)
  const { tenants = [], roles = [], all = false } = options
  const isWanted = ({ tenant, roles: held }: MatrixRow): boolean =>
    (tenants.length === 0 || tenants.includes(tenant)) &&
    (roles.length === 0 || held.some((role) => roles.includes(role)))
  const wanted = rows.filter(isWanted)
  const isFolded = !all && tenants.length === 0 && wanted.length > MANY_TENANTS
  const shown = isFolded ? wanted.slice(0, SHOWN_TENANTS) : wanted
  const columns = [...rolesOf(shown)].filter((role) => roles.length === 0 || roles.includes(role))
  return {
    roles: columns.sort(),
    rows: shown,
    folded: wanted.length - shown.length,
    isWide: columns.length > MANY_ROLES,
    totalTenants: rows.length,
    totalRoles: rolesOf(rows).size,
  }
}

/** A decoded token cannot change, and every note asks for its rows. */
const known = new WeakMap<DecodedToken, readonly MatrixRow[]>()

/** Every tenant of the token, in its order. */
export function rowsOf(decoded: DecodedToken): readonly MatrixRow[] {
  const rows = known.get(decoded) ?? readRows(decoded)
  known.set(decoded, rows)
  return rows
}

function readRows(decoded: DecodedToken): readonly MatrixRow[] {
  const map = decoded.claims['authorization']
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return []
  const holdings = unverifiedHoldings(decoded)
  return Object.entries(map).map(([tenant, entry]) => {
    const roles = holdings.rolesIn(tenant)
    return { tenant, roles, state: stateOf(tenant, entry, roles) }
  })
}

function stateOf(tenant: string, entry: unknown, held: readonly string[]): RowState {
  if (held.length > 0) return 'roles'
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return 'ignored'
  if (tenant === '__proto__') return 'ignored'
  const roles: unknown = Object.hasOwn(entry, 'roles') ? Reflect.get(entry, 'roles') : undefined
  return Array.isArray(roles) && roles.length === 0 ? 'empty' : 'unreadable'
}

function rolesOf(rows: readonly MatrixRow[]): Set<string> {
  return new Set(rows.flatMap(({ roles }) => roles))
}

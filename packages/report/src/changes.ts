/** What is different between two tokens: in their headers, their claims, and what they grant. */
import type { DecodedToken, JsonObject, JsonValue } from '@tenantry/core'
import { type MatrixRow, type RowState, rowsOf } from './access/matrix.ts'

export type ChangeKind = 'added' | 'removed' | 'changed'

/** A member of the header or a claim. */
export interface MemberChange {
  readonly name: string
  readonly change: ChangeKind
  /** Undefined when it was added. */
  readonly before: JsonValue | undefined
  /** Undefined when it was removed. */
  readonly after: JsonValue | undefined
}

/** What changed in one tenant. */
export interface TenantChange {
  readonly tenant: string
  readonly change: ChangeKind
  /** Roles that only the second token has. */
  readonly added: readonly string[]
  /** Roles that only the first token has. */
  readonly removed: readonly string[]
  /** The entry in each token; undefined where it is not there. */
  readonly before: RowState | undefined
  readonly after: RowState | undefined
  /** Other members of the entry that differ, such as a name or permissions. */
  readonly members: readonly MemberChange[]
}

/** Everything that is different. */
export interface TokenChanges {
  readonly header: readonly MemberChange[]
  /** All claims but the map of tenants. */
  readonly claims: readonly MemberChange[]
  readonly tenants: readonly TenantChange[]
  /** How many there are. */
  readonly count: number
}

/** Compares what two tokens say. The order of members and of roles does not matter. */
export function compareTokens(before: DecodedToken, after: DecodedToken): TokenChanges {
  const header = compareMembers(before.header, after.header)
  const tenants = compareTenants(before, after)
  const claims = compareMembers(before.claims, after.claims).filter(
    ({ name }) => name !== 'authorization' || !bothAreMaps(before, after),
  )
  return { header, claims, tenants, count: header.length + claims.length + tenants.length }
}

function bothAreMaps(before: DecodedToken, after: DecodedToken): boolean {
  return [before, after].every(({ claims }) => isObject(claims['authorization']))
}

function compareMembers(before: JsonObject, after: JsonObject): MemberChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name): MemberChange[] => {
    const [from, to] = [own(before, name), own(after, name)]
    if (isSame(from, to)) return []
    const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed'
    return [{ name, change, before: from, after: to }]
  })
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** Core lets no JSON through that is nested deeper than 32 levels. */
function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]))
  }
  if (!isObject(one) || !isObject(other)) return false
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  )
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function compareTenants(before: DecodedToken, after: DecodedToken): readonly TenantChange[] {
  const [from, to] = [byTenant(before), byTenant(after)]
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((tenant): readonly TenantChange[] => {
    const [old, now] = [from.get(tenant), to.get(tenant)]
    const [held, holds] = [new Set(old?.roles), new Set(now?.roles)]
    const added = [...holds].filter((role) => !held.has(role))
    const removed = [...held].filter((role) => !holds.has(role))
    const members = compareEntries(old, now)
    const isSameState = old?.state === now?.state
    if (added.length + removed.length + members.length === 0 && isSameState) return []
    const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed'
    return [{ tenant, change, added, removed, before: old?.state, after: now?.state, members }]
  })
}

/** A row with the entry of the map that it was read from. */
interface Entry extends MatrixRow {
  readonly value: JsonValue | undefined
}

/** What is said of a tenant besides the roles that core reads. */
function compareEntries(before: Entry | undefined, after: Entry | undefined): MemberChange[] {
  if (before === undefined || after === undefined) return []
  const isOdd = [before, after].some(({ state }) => state === 'unreadable' || state === 'ignored')
  if (isObject(before.value) && isObject(after.value)) {
    return compareMembers(before.value, after.value).filter(({ name }) => isOdd || name !== 'roles')
  }
  if (isSame(before.value, after.value)) return []
  return [{ name: '', change: 'changed', before: before.value, after: after.value }]
}

function byTenant(decoded: DecodedToken): ReadonlyMap<string, Entry> {
  const map = decoded.claims['authorization']
  const entryOf = (tenant: string): JsonValue | undefined =>
    isObject(map) ? own(map, tenant) : undefined
  return new Map(rowsOf(decoded).map((row) => [row.tenant, { ...row, value: entryOf(row.tenant) }]))
}

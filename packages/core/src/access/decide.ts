/**
 * The one decision that everything else asks for: may the holder of these memberships act as this
 * in that tenant, and why. Pure; never throws on what a token or a request holds.
 */
import type { AccessErrorCode } from '../errors.ts'
import { requireAtOnce } from '../plain-options.ts'
import type { Grant, Membership, Memberships, Standing } from '../token/memberships.ts'
import type { MembershipRequirement, ParsedRequirement } from './requirement.ts'
import type { RoleModel } from './roles.ts'

/** How a verifier was told to read roles. */
export interface AccessPolicy {
  readonly model: RoleModel | undefined
  readonly ancestorsOf: ((tenantId: string) => readonly string[]) | undefined
  /** Seconds since 1970, on the clock of the verifier. */
  readonly now: () => number
  /** Seconds. */
  readonly clockTolerance: number
  /** Seconds. */
  readonly maxTokenAge: number | undefined
}

/** The answer, before anybody puts it into words. */
export interface Verdict {
  readonly code: 'granted' | Extract<AccessErrorCode, 'tenant_forbidden' | 'role_insufficient'>
  readonly membership: Membership | undefined
  readonly grantedBy: Grant | undefined
}

/** Decides about a requirement that has been read. `tenantId` is whatever the caller has. */
export function decide(
  memberships: Memberships,
  policy: Pick<AccessPolicy, 'ancestorsOf'>,
  tenantId: unknown,
  requirement: ParsedRequirement | MembershipRequirement,
): Verdict {
  if (typeof tenantId !== 'string') return forbidden
  const membership = memberships.get(tenantId)
  if (membership !== undefined) {
    const grantedBy = findGrant(requirement, membership.standings)
    if (grantedBy !== undefined) return { code: 'granted', membership, grantedBy }
  }
  if (policy.ancestorsOf === undefined) {
    return membership === undefined
      ? forbidden
      : { code: 'role_insufficient', membership, grantedBy: undefined }
  }
  return decideWithAncestors(memberships, policy.ancestorsOf, tenantId, requirement)
}

const forbidden: Verdict = Object.freeze({
  code: 'tenant_forbidden',
  membership: undefined,
  grantedBy: undefined,
})

function decideWithAncestors(
  memberships: Memberships,
  ancestorsOf: (tenantId: string) => readonly string[],
  tenantId: string,
  requirement: ParsedRequirement | MembershipRequirement,
): Verdict {
  const membership = memberships.get(tenantId)
  const standings: Standing[] = []
  let isMember = false
  for (const id of [tenantId, ...readAncestors(ancestorsOf, tenantId)]) {
    const held = memberships.get(id)
    isMember ||= held !== undefined
    if (held !== undefined) standings.push(...held.standings)
  }
  const grantedBy = findGrant(requirement, standings)
  if (grantedBy !== undefined) return { code: 'granted', membership, grantedBy }
  return isMember ? { code: 'role_insufficient', membership, grantedBy: undefined } : forbidden
}

/**
 * Asks the application, about a tenant id that anybody may have sent. What it throws, and what is no
 * list of ids, means that this tenant has no ancestors.
 */
function readAncestors(
  ancestorsOf: (tenantId: string) => readonly string[],
  tenantId: string,
): readonly string[] {
  let ancestors: readonly unknown[]
  let answer: unknown
  try {
    answer = ancestorsOf(tenantId)
    // Copied: holes become undefined, and what is checked is what is used.
    ancestors = Array.isArray(answer) ? Array.from(answer) : []
  } catch {
    return []
  }
  requireAtOnce('ancestorsOf', answer)
  return ancestors.every((id) => typeof id === 'string') ? ancestors : []
}

function findGrant(
  requirement: ParsedRequirement | MembershipRequirement,
  standings: readonly Standing[],
): Grant | undefined {
  if (typeof requirement === 'string') return findRole(requirement, standings, false)
  switch (requirement.kind) {
    case 'exactly':
      return findRole(requirement.role, standings, true)
    case 'permission':
      return findPermission(requirement.permission, standings)
    case 'member':
      return findMembership(standings)
    case 'any':
      return findAny(requirement.of, standings)
    case 'all':
      return findAll(requirement.of, standings)
  }
}

function findAny(
  of: readonly ParsedRequirement[],
  standings: readonly Standing[],
): Grant | undefined {
  for (const requirement of of) {
    const grant = findGrant(requirement, standings)
    if (grant !== undefined) return grant
  }
  return undefined
}

/** The first grant stands for them all. */
function findAll(
  of: readonly ParsedRequirement[],
  standings: readonly Standing[],
): Grant | undefined {
  let first: Grant | undefined
  for (const requirement of of) {
    const grant = findGrant(requirement, standings)
    if (grant === undefined) return undefined
    first ??= grant
  }
  return first
}

/** Any well-formed entry will do, with roles or without. */
function findMembership([standing]: readonly Standing[]): Grant | undefined {
  return standing === undefined ? undefined : { tenantId: standing.tenantId, role: undefined }
}

function findRole(
  role: string,
  standings: readonly Standing[],
  exactly: boolean,
): Grant | undefined {
  for (const { tenantId, roles } of standings) {
    const by = roles.get(role)
    if (by !== undefined && (!exactly || by === role)) return { tenantId, role: by }
  }
  return undefined
}

function findPermission(permission: string, standings: readonly Standing[]): Grant | undefined {
  for (const { tenantId, permissions } of standings) {
    if (permissions.has(permission)) return { tenantId, role: permissions.get(permission) }
  }
  return undefined
}

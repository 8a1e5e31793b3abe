/**
 * The one decision that everything else asks for: may the holder of these memberships act as this
 * in that tenant, and why. Pure; never throws on what a token or a request holds.
 */
import type { AccessErrorCode } from '../errors.ts'
import { requireAtOnce } from '../plain-options.ts'
import type { Membership, Memberships, Standing } from '../token/memberships.ts'
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

/** What granted it: the role as the token has it, and the tenant in which it is held. */
export interface Grant {
  /** The tenant that was asked about, or the ancestor of it in which the role is held. */
  readonly tenantId: string
  /** The held role; undefined when a permission is written into the token itself. */
  readonly role: string | undefined
}

/** The answer, before anybody puts it into words. */
export interface Verdict {
  readonly code: 'granted' | Extract<AccessErrorCode, 'tenant_forbidden' | 'role_insufficient'>
  readonly membership: Membership | undefined
  readonly grantedBy: Grant | undefined
}

/** A tenant in which something is held. */
interface Place {
  readonly tenantId: string
  readonly standing: Standing
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
  if (membership?.standing !== undefined) {
    const here = [{ tenantId, standing: membership.standing }]
    const grantedBy = findGrant(requirement, here)
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
  const places: Place[] = []
  let isMember = false
  for (const id of [tenantId, ...readAncestors(ancestorsOf, tenantId)]) {
    const held = memberships.get(id)
    isMember ||= held !== undefined
    if (held?.standing !== undefined) places.push({ tenantId: id, standing: held.standing })
  }
  const grantedBy = findGrant(requirement, places)
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
  places: readonly Place[],
): Grant | undefined {
  if (typeof requirement === 'string') return findRole(requirement, places, false)
  switch (requirement.kind) {
    case 'exactly':
      return findRole(requirement.role, places, true)
    case 'permission':
      return findPermission(requirement.permission, places)
    case 'member':
      return findMembership(places)
    case 'any':
      return findAny(requirement.of, places)
    case 'all':
      return findAll(requirement.of, places)
  }
}

/** Any well-formed entry will do. */
function findMembership(places: readonly Place[]): Grant | undefined {
  const [place] = places
  return place === undefined ? undefined : { tenantId: place.tenantId, role: undefined }
}

function findAny(of: readonly ParsedRequirement[], places: readonly Place[]): Grant | undefined {
  for (const requirement of of) {
    const grant = findGrant(requirement, places)
    if (grant !== undefined) return grant
  }
  return undefined
}

/** The first grant stands for them all. */
function findAll(of: readonly ParsedRequirement[], places: readonly Place[]): Grant | undefined {
  let first: Grant | undefined
  for (const requirement of of) {
    const grant = findGrant(requirement, places)
    if (grant === undefined) return undefined
    first ??= grant
  }
  return first
}

function findRole(role: string, places: readonly Place[], exactly: boolean): Grant | undefined {
  for (const { tenantId, standing } of places) {
    const held = standing.roles.get(role)
    if (held !== undefined && (!exactly || held === role)) return { tenantId, role: held }
  }
  return undefined
}

function findPermission(permission: string, places: readonly Place[]): Grant | undefined {
  for (const { tenantId, standing } of places) {
    if (!standing.permissions.has(permission)) continue
    return { tenantId, role: standing.permissions.get(permission) }
  }
  return undefined
}

/** What a token grants, asked in the same way of a verified token and of one that is only read. */
import {
  type AccessToken,
  type Decision,
  type DecodedToken,
  explain,
  explainUnverified,
  type Requirement,
  rolesIn,
  tenantsOf,
} from '@tenantry/core'

/** The grants of one token. Every answer is core's. */
export interface Holdings {
  readonly isVerified: boolean
  /** The tenants that the token names, in its order. */
  tenants(): readonly string[]
  rolesIn(tenantId: string): readonly string[]
  decide(tenantId: string, requirement: Requirement): Decision
}

/** Of a token that a verifier answered with. */
export function verifiedHoldings(token: AccessToken): Holdings {
  return {
    isVerified: true,
    tenants: () => tenantsOf(token),
    rolesIn: (tenantId) => rolesIn(token, tenantId),
    decide: (tenantId, requirement) => explain(token, tenantId, requirement),
  }
}

/** Of a token that anybody can have written. */
export function unverifiedHoldings(decoded: DecodedToken): Holdings {
  const decide: Holdings['decide'] = (tenantId, requirement) =>
    explainUnverified(decoded, tenantId, requirement)
  // Which roles are held does not depend on the one that is asked about.
  const look = (tenantId: string): Decision => decide(tenantId, 'any role')
  const map = decoded.claims['authorization']
  const named = typeof map === 'object' && map !== null ? Object.keys(map) : []
  return {
    isVerified: false,
    tenants: () => named.filter((tenantId) => look(tenantId).code !== 'tenant_forbidden'),
    rolesIn: (tenantId) => look(tenantId).held,
    decide,
  }
}

/** The other tenants in which the requirement is met. */
export function heldElsewhere(
  holdings: Holdings,
  asked: string,
  requirement: Requirement,
): readonly string[] {
  return holdings.tenants().filter((id) => id !== asked && holdings.decide(id, requirement).allowed)
}

/** A tenant of the token that was asked as a role, of somebody who gave a role as the tenant. */
export function swappedNames(
  holdings: Holdings,
  asked: string,
  roles: readonly string[],
): { readonly tenant: string; readonly role: string } | undefined {
  const tenants = holdings.tenants()
  const tenant = roles.find((role) => tenants.includes(role))
  if (tenant === undefined) return undefined
  const isRole = tenants.some((id) => holdings.rolesIn(id).includes(asked))
  return isRole ? { tenant, role: asked } : undefined
}

/** A name that differs from the asked one in case or in spaces around it, and nothing else. */
export function nearMiss(asked: string, names: readonly string[]): string | undefined {
  const fold = (name: string): string => name.trim().toLowerCase()
  const wanted = fold(asked)
  return names.find((name) => name !== asked && fold(name) === wanted)
}

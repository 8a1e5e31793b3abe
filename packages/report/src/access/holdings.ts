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

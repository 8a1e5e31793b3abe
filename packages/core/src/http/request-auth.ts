/** What a handler gets to see of the caller. */
import { can } from '../access/can.ts'
import type { Requirement } from '../access/requirement.ts'
import { ConfigurationError } from '../errors.ts'
import type { AccessToken } from '../token/access-token.ts'

/** The caller of a request that a guard let through. Frozen. */
export interface RequestAuth<Role extends string = string, Permission extends string = string> {
  readonly token: AccessToken<Role, Permission>
  readonly userId: string | number | undefined
  /** The tenant that was checked; undefined behind a guard that asks for none. */
  readonly tenantId: string | undefined
  /** The roles that the token has in that tenant, as they are written there. */
  readonly roles: readonly string[]
  /**
   * Whether the caller may act as this in the tenant that was checked.
   *
   * @throws {ConfigurationError} `tenant_unresolved` behind a guard that asks for no tenant
   */
  can(requirement: Requirement<Role, Permission>): boolean
}

/** Makes it. `tenantId` is the value that was checked, with the roles that the decision saw. */
export function createRequestAuth<Role extends string, Permission extends string>(
  token: AccessToken<Role, Permission>,
  tenantId: string | undefined,
  roles: readonly string[],
): RequestAuth<Role, Permission> {
  return new Caller(token, tenantId, roles)
}

/** A class, so that a request does not make a function of its own. */
class Caller<Role extends string, Permission extends string>
  implements RequestAuth<Role, Permission>
{
  readonly token: AccessToken<Role, Permission>
  readonly userId: string | number | undefined
  readonly tenantId: string | undefined
  readonly roles: readonly string[]

  constructor(
    token: AccessToken<Role, Permission>,
    tenantId: string | undefined,
    roles: readonly string[],
  ) {
    this.token = token
    this.userId = token.userId
    this.tenantId = tenantId
    this.roles = roles
    Object.freeze(this)
  }

  can(requirement: Requirement<Role, Permission>): boolean {
    if (this.tenantId !== undefined) return can(this.token, this.tenantId, requirement)
    throw new ConfigurationError(
      'tenant_unresolved',
      'No tenant was checked for this request. Guard the route with requireTenant or requireRole.',
    )
  }
}

// Nobody answers for all callers.
Object.freeze(Caller.prototype)

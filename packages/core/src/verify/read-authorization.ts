/** Finds the map from tenant to roles in the claims, where the issuer or the application says it is. */
import { isTenantryError } from '../errors.ts'
import { requireAtOnce } from '../plain-options.ts'
import { tokenFault } from '../token/faults.ts'
import { freezeJson, type JsonObject, type ParsedObject } from '../token/json.ts'
import {
  type Compile,
  copyGrants,
  createMemberships,
  isAuthorizationMap,
  type Memberships,
} from '../token/memberships.ts'

/**
 * @throws {TokenError} `token_kind_unexpected` when there is no map, `claim_invalid` when it is none
 * or the application throws
 * @throws {ConfigurationError} `option_invalid` when the application answers with a promise
 */
export function readAuthorization(
  claims: ParsedObject,
  authorizationOf: ((claims: JsonObject) => unknown) | undefined,
  compile: Compile,
): Memberships {
  if (authorizationOf === undefined) {
    return createMemberships(readMap(claims['authorization']), compile)
  }
  try {
    const map = authorizationOf(freezeJson(claims))
    requireAtOnce('authorizationOf', map)
    // Copied: what the application returned may change later.
    return createMemberships(copyGrants(readMap(map)), compile)
  } catch (error) {
    throw isTenantryError(error) ? error : tokenFault('authorization_invalid')
  }
}

function readMap(map: unknown): object {
  if (map === undefined) throw tokenFault('authorization_missing')
  if (!isAuthorizationMap(map)) throw tokenFault('authorization_invalid')
  return map
}

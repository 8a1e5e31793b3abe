/** The refusals of the boundary. No message has a value of a query or a document in it. */
import { AccessError, ConfigurationError } from '@tenantry/core'

/** The call cannot be kept inside of the tenant. It is never let through in part. */
export function refuse(what: string): never {
  throw new ConfigurationError(
    'call_refused',
    `Refused: ${what}. Work across tenants is written out with asSystem.`,
  )
}

/** The data says that it is of another tenant. */
export function refuseMismatch(): never {
  throw new AccessError('tenant_mismatch')
}

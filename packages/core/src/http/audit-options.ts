/** The options of an audit of routes. */
import { checkKeys, checkTenantParam } from './option-checks.ts'

/** What `auditRoutes` can be told where routes are found without the guards of one application. */
export interface AuditOptions {
  /** The name of the route parameter that holds the tenant. Default `tenantId`. */
  readonly tenantParam?: string
}

/**
 * Reads them. Without a check a misspelt name would look for another parameter, and find no route.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 */
export function readAuditOptions(options: AuditOptions): Required<AuditOptions> {
  checkKeys(options, ['tenantParam'])
  const { tenantParam = 'tenantId' } = options
  checkTenantParam(tenantParam)
  return { tenantParam }
}

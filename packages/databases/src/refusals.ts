/** How a caller is told that there is no database for it. The driver's own words are the cause. */
import { AccessError, ConfigurationError, UnavailableError } from '@tenantry/core'
import type { TenantRow } from './registry.ts'

/** Seconds after which another try makes sense where nothing better is known. */
const soon = 1

export function unavailable(cause: unknown, retryAfter: number = soon): UnavailableError {
  return new UnavailableError('database_unavailable', { retryAfter, cause })
}

export function unstable(): UnavailableError {
  return unavailable(new Error('No connection stood for long enough to be used.'))
}

export function exhausted(): UnavailableError {
  return new UnavailableError('pool_exhausted', { retryAfter: soon })
}

export function shuttingDown(): UnavailableError {
  return new UnavailableError('shutting_down', { retryAfter: soon })
}

export function suspended(): AccessError {
  return new AccessError('tenant_suspended')
}

/**
 * Lets an active tenant through.
 *
 * @throws {AccessError} `tenant_forbidden` for one that is not there, `tenant_suspended`
 * @throws {UnavailableError} `database_unavailable` for one that is being made, or was not made
 */
export function requireActive<Row extends TenantRow>(row: Row | undefined): asserts row is Row {
  switch (row?.status) {
    case 'active':
      return
    case 'suspended':
      throw suspended()
    case 'provisioning':
    case 'failed':
      throw unavailable(new Error(`The tenant is ${row.status}.`), 5)
    default:
      throw new AccessError('tenant_forbidden')
  }
}

const statuses: readonly unknown[] = ['provisioning', 'active', 'suspended', 'failed', 'deleting']

/**
 * What a registry answered, as the row of the tenant that was asked for. One that takes `Acme` for
 * `acme` would hand over the database of another tenant.
 *
 * @throws {ConfigurationError} `option_invalid`
 */
export function checkRow<Row extends TenantRow>(
  row: Row | null | undefined,
  tenantId: string,
): Row | undefined {
  if (row === undefined || row === null) return undefined
  if (Array.isArray(row)) throw badRow('a list, and not with one row')
  if (typeof row.tenantId !== 'string') {
    throw badRow('a row without a tenantId: it needs tenantId, status, databaseName and version')
  }
  if (row.tenantId !== tenantId) throw badRow('the row of another tenant than it was asked for')
  if (!statuses.includes(row.status))
    throw badRow(`a status that is none of ${statuses.join(', ')}`)
  if (typeof row.databaseName !== 'string' || row.databaseName === '') {
    throw badRow('a row without a databaseName')
  }
  if (typeof row.version === 'string') {
    throw badRow('a row whose version is text: pg reads a bigint so, and not an integer')
  }
  if (!Number.isFinite(row.version)) throw badRow('a row whose version is no number')
  return row
}

function badRow(what: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option "registry" answered with ${what}.`)
}

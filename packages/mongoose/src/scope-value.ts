/** What a scope can consist of: values that are compared for equality, and nothing that is a query. */
import { ConfigurationError } from '@tenantry/core'

/** An ObjectId of any copy of the `bson` package. */
export interface ObjectIdLike {
  readonly _bsontype: 'ObjectId'
  toHexString(): string
}

/** A value that a member of the scope can have. */
export type ScopeValue = string | number | boolean | ObjectIdLike

export function isObjectId(value: unknown): value is ObjectIdLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, '_bsontype') === 'ObjectId' &&
    typeof Reflect.get(value, 'toHexString') === 'function'
  )
}

export function isScopeValue(value: unknown): value is ScopeValue {
  if (typeof value === 'string') return value !== '' && value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'boolean' || isObjectId(value)
}

/** Equal as MongoDB compares them: `'1'` and `1` are two values, and so are a string and an ObjectId. */
export function isSameValue(value: unknown, expected: ScopeValue): boolean {
  if (!isObjectId(expected)) return value === expected
  return isObjectId(value) && value.toHexString() === expected.toHexString()
}

/**
 * The tenant as it is stored. One tenant id has one stored form, and two have two: an ObjectId of
 * `ABC...` would be the one of `abc...`, so only the canonical spelling is taken.
 */
export function toStored(
  tenantId: string,
  kind: 'String' | 'ObjectId',
  cast: (text: string) => unknown,
): ScopeValue {
  if (kind === 'String') return wellFormed(tenantId)
  const stored = /^[0-9a-f]{24}$/.test(tenantId) ? cast(tenantId) : undefined
  if (isObjectId(stored) && stored.toHexString() === tenantId) return stored
  throw new ConfigurationError(
    'tenant_unresolved',
    'The tenant field is an ObjectId, and the id of the current tenant is not one: 24 hexadecimal digits in lower case.',
  )
}

/** UTF-8 has no lone surrogates: each of them would be stored as the same sign, and two tenants as one. */
function wellFormed(tenantId: string): string {
  if (tenantId.isWellFormed()) return tenantId
  throw new ConfigurationError(
    'tenant_unresolved',
    'The current tenant has a lone surrogate in its id, which MongoDB cannot hold.',
  )
}

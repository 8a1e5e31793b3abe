/** The scope of a tenant, made by hand. */
import type { Scope } from '../../src/declaration.ts'

const field = 'organizationId'

export function scopeOf(tenantId: string): Scope {
  return {
    tenantId,
    field,
    entries: [[field, tenantId]],
    declaration: {
      kind: 'tenant',
      field,
      scope: () => ({ [field]: tenantId }),
      store: (_, value) => value,
      references: [],
      unique: 'compound',
    },
  }
}

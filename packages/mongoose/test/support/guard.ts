/** The guard itself, as what the vectors try. */
import { asSystem, withTenant } from '@tenantry/core/context'
import { installTenantGuard, tenantGlobal, tenantScope } from '../../src/index.ts'
import type { Subject } from './world.ts'

export const guard: Subject = {
  name: 'the guard',
  install: installTenantGuard,
  scope: tenantScope,
  global: tenantGlobal,
  withTenant,
  asSystem: (run) => asSystem({ reason: 'a test' }, run),
}

/** Provisioning: what `@tenantry/databases` says of it. */

export { canonicalEmail } from './email.ts'
export { isSlug } from './names.ts'
export { hashPassword, isAcceptablePassword, verifyPassword } from './password.ts'
export type { ProvisionedTenant, ProvisionTenantOptions } from './provision-tenant.ts'
export { provisionTenant } from './provision-tenant.ts'
export type { FirstUser, Provisioning, TenantStorage } from './provisioning.ts'
export type {
  DirectoryEntry,
  NewTenant,
  ProvisioningRegistry,
  ProvisioningStep,
  TenantChange,
  TenantPage,
  TenantRecord,
} from './provisioning-registry.ts'
export type { SweepReport } from './sweep-tenants.ts'
export { sweepTenants } from './sweep-tenants.ts'

/** `@tenantry/core/http`: what framework adapters are made of. Applications use an adapter. */

export { continueWithAuth } from '../context/context.ts'
export { isTenantryError } from '../errors.ts'
export type { GuardedRequest, Rule } from './authorize-request.ts'
export { authorizeRequest, createRule, readAuth } from './authorize-request.ts'
export type { CredentialSource, HttpMessage } from './credentials.ts'
export { bearer, cookie } from './credentials.ts'
export type { Demand, GuardOptions, GuardSettings, RuleOptions } from './guard-options.ts'
export { readGuardOptions } from './guard-options.ts'
export type { Refusal, RefusalPolicy } from './refusal.ts'
export { toRefusal } from './refusal.ts'
export type { RequestAuth } from './request-auth.ts'

/** `@tenantry/core/http`: what framework adapters are made of. Applications use an adapter. */

export { isTenantryError } from '../errors.ts'
export type { AnswerAtOnce } from '../plain-options.ts'
export { answerRefusal, isOver } from './answer-refusal.ts'
export type { AuditOptions } from './audit-options.ts'
export { readAuditOptions } from './audit-options.ts'
export type { GuardedRequest, Rule } from './authorize-request.ts'
export { authorizeRequest, createRule } from './authorize-request.ts'
export type { CredentialSource, HttpMessage } from './credentials.ts'
export { bearer, cookie } from './credentials.ts'
export type { Declaration } from './declaration.ts'
export { readDeclaration } from './declaration.ts'
export type {
  Demand,
  GuardOptions,
  GuardSettings,
  RuleOptions,
} from './guard-options.ts'
export { readGuardOptions } from './guard-options.ts'
export type { Guards, MakeGuard, RolesAndOptions } from './guards.ts'
export { createGuards, requireCalled } from './guards.ts'
export type { Fixes, Refusing } from './passage.ts'
export {
  continueRequest,
  passOnRefusals,
  placeAuth,
  readAuth,
  readOptionalAuth,
  readPassedAuth,
  refusalOf,
} from './passage.ts'
export { asError, createWarning, requireNext } from './program-fault.ts'
export type { Refusal, RefusalPolicy } from './refusal.ts'
export { replacedHeaders, toRefusal } from './refusal.ts'
export type { RequestAuth } from './request-auth.ts'
export { checkTenantId, defaultTenantIdPattern } from './tenant-parameter.ts'

/**
 * The public surface of `@tenantry/core`: verify a token, decide what it may do, say why.
 */

// Deciding
export {
  assertCan,
  can,
  explain,
  explainUnverified,
  hasRole,
  rolesIn,
  tenantsOf,
} from './access/can.ts'
export type { Decision } from './access/explain.ts'
export type { Requirement } from './access/requirement.ts'
export type { RoleDefinition, RoleModel } from './access/roles.ts'
export { defineRoles } from './access/roles.ts'
export type { Algorithm } from './crypto/algorithms.ts'
export { algorithmNames } from './crypto/algorithms.ts'
export type {
  AccessErrorCode,
  ConfigurationErrorCode,
  ConflictErrorCode,
  CredentialsErrorCode,
  ErrorCode,
  ErrorHeaders,
  RequestErrorCode,
  TenantContextErrorCode,
  TokenErrorCode,
  UnavailableErrorCode,
} from './errors.ts'
// Errors
export {
  AccessError,
  ConfigurationError,
  ConflictError,
  CredentialsError,
  isTenantryError,
  RequestError,
  TenantContextError,
  TenantryError,
  TokenError,
  UnavailableError,
} from './errors.ts'
export type { DecisionEvent, JwksEvent, VerifyEvent } from './events.ts'
export type { JwksFetch } from './keys/fetch-jwks.ts'
export type { PublicJwk, PublicJwks, SecretKeys } from './keys/static-keys.ts'
export type { UserfrontOptions } from './presets/userfront.ts'
export { userfront } from './presets/userfront.ts'
export type { AccessToken } from './token/access-token.ts'
export type { DecodedToken } from './token/decode.ts'
export { decodeToken } from './token/decode.ts'
export type { JsonObject, JsonValue } from './token/json.ts'
export type { Authorization, Grant, TenantGrant } from './token/memberships.ts'
export type { JwksOptions, VerifierOptions } from './verify/options.ts'
export type { Verifier } from './verify/verifier.ts'
// Verifying
export { createVerifier } from './verify/verifier.ts'

/** The options of a verifier, and what they mean. */

import type { KeyObject, webcrypto } from 'node:crypto'
import type { RoleModel } from '../access/roles.ts'
import type { Algorithm } from '../crypto/algorithms.ts'
import type { JwksFetch } from '../keys/fetch-jwks.ts'
import type { PublicJwk, PublicJwks, SecretKeys } from '../keys/static-keys.ts'
import type { JsonObject } from '../token/json.ts'

/** How a JWKS URL is used. */
export interface JwksOptions {
  /** Seconds for which a fetched set is used without another look. Default 600. */
  readonly ttl?: number
  /** Seconds between two fetches that unknown kids or failures may cause. Default 30. */
  readonly cooldown?: number
  /** Seconds that one fetch may take in all. Default 5. */
  readonly timeout?: number
  /** Seconds since the last success for which the set is used while the endpoint is down. Default 86400. */
  readonly staleFor?: number
  /** Bytes that the answer may have. Default 262144. */
  readonly maxBytes?: number
  /** Stands in for the platform's `fetch`, for example to go through a proxy. */
  readonly fetch?: JwksFetch
}

/** The options of `createVerifier`. A key that is not listed here is refused. */
export interface VerifierOptions<Role extends string = string, Permission extends string = string> {
  /**
   * The keys to verify with: a JWKS URL (https, or http on loopback), a JWK Set, a JWK, a PEM (SPKI,
   * PKCS#1 or certificate, or base64 of one), a KeyObject or CryptoKey, or `{ secret }` for HS256,
   * HS384 and HS512. A secret is never recognised by its looks.
   */
  readonly keys:
    | string
    | URL
    | PublicJwk
    | PublicJwks
    | KeyObject
    | webcrypto.CryptoKey
    | SecretKeys
  /** The algorithms that are accepted. Default `['RS256']`. */
  readonly algorithms?: readonly Algorithm[]
  /** Accepted `typ` header values; null stands for a token without one. Default `['JWT', null]`. */
  readonly types?: readonly (string | null)[]
  /** The `iss` claim must be this, or one of these. null is the same as leaving it out: unchecked. */
  readonly issuer?: string | readonly string[] | null
  /** The `aud` claim must name this, or one of these. null: unchecked. */
  readonly audience?: string | readonly string[] | null
  /** The `mode` claim must be this. null: unchecked. */
  readonly mode?: 'live' | 'test' | null
  /** The `tenantId` claim, which names the issuing workspace, must be this. null: unchecked. */
  readonly workspaceId?: string | null
  /** Seconds by which clocks may differ, 0 to 60. Default 5. */
  readonly clockTolerance?: number
  /** Seconds after `iat` from which a token is refused. 0 refuses every token. Default: no limit. */
  readonly maxTokenAge?: number
  /** Characters that a token may have. Default 8192. */
  readonly maxTokenBytes?: number
  /** The roles of the application, made by `defineRoles`. Default: each role stands for itself. */
  readonly roles?: RoleModel<Role, Permission>
  /**
   * The ancestors of a tenant. When given, a role held in an ancestor counts in the tenant as well.
   * Must answer at once; what it throws means that the tenant has none.
   */
  readonly ancestorsOf?: (tenantId: string) => readonly string[]
  /**
   * Where the map from tenant to roles is, in the claims of another provider. Default: the
   * `authorization` claim. What it throws refuses the token.
   */
  readonly authorizationOf?: (claims: JsonObject) => unknown
  /** The cache of verified tokens: how many, or none. Default `{ max: 10000 }`. */
  readonly cache?: false | { readonly max?: number }
  /** What time it is, for tests. Default: the system clock. */
  readonly now?: () => Date
  /** How a JWKS URL is used. */
  readonly jwks?: JwksOptions
}

/** What a verifier answers with, and the only thing that `can` believes. */
import { ConfigurationError } from '../errors.ts'
import type { Identity, TokenTimes } from './claims.ts'
import { freezeJson, type JsonObject, type ParsedObject } from './json.ts'
import type { Authorization, Memberships } from './memberships.ts'

/** What is known of a token besides its claims: how its verifier was told to read roles. */
export interface TokenState<Policy = unknown> {
  readonly memberships: Memberships
  readonly times: TokenTimes
  /** Opaque on this floor; the floor that decides put it there. */
  readonly policy: Policy
}

let stateOf: (token: object) => TokenState | undefined
const verified = Symbol('verified')

interface TokenParts {
  readonly identity: Identity
  readonly claims: ParsedObject
  readonly state: TokenState
}

/**
 * A verified access token. Only a verifier makes one; it cannot be changed, and neither can
 * anything that hangs from it.
 *
 * `Role` and `Permission` are the names of the verifier's role model, `string` without one.
 */
export class AccessToken<Role extends string = string, Permission extends string = string> {
  /** The `userId` claim: unique within the workspace and mode that issued the token. */
  readonly userId: string | number | undefined
  /** Who the token is about, as a string: the `sub` claim, else the user id. */
  readonly subject: string | undefined
  /** The `tenantId` claim: the workspace that issued the token, not a tenant that is being accessed. */
  readonly tenantId: string | undefined
  /** The `mode` claim: `live` or `test` at Userfront. */
  readonly mode: string | undefined
  /** The `sessionId` claim. */
  readonly sessionId: string | undefined
  /** Carries the two names through the type system; never set. */
  declare readonly roleModel?: { readonly role: Role; readonly permission: Permission }

  readonly #state: TokenState
  readonly #parsed: ParsedObject
  #claims: JsonObject | undefined

  /** @internal Only a verifier has the permit. */
  constructor(permit: symbol, parts: TokenParts) {
    // The class can be reached through any token, so its type alone would not keep anybody out.
    if (permit !== verified) throw unverified()
    const { identity, claims, state } = parts
    this.userId = identity.userId
    this.subject = identity.subject
    this.tenantId = identity.tenantId
    this.mode = identity.mode
    this.sessionId = identity.sessionId
    this.#parsed = claims
    this.#state = state
    Object.freeze(this)
  }

  static {
    stateOf = (token) => (#state in token ? token.#state : undefined)
  }

  /** Every claim of the token, frozen. No object in it has a prototype. */
  get claims(): JsonObject {
    this.#claims ??= freezeJson(this.#parsed)
    return this.#claims
  }

  /**
   * The roles by tenant, without a prototype: `token.authorization['nz569yb7']?.roles`. Only
   * tenants whose entry is well formed are in it. To decide, use `can`.
   */
  get authorization(): Authorization {
    return this.#state.memberships.authorization()
  }

  /** When the token was issued (`iat`). A new Date on each read. */
  get issuedAt(): Date | undefined {
    const { iat } = this.#state.times
    return iat === undefined ? undefined : new Date(iat * 1000)
  }

  /** When the token expires (`exp`). A new Date on each read. */
  get expiresAt(): Date {
    return new Date(this.#state.times.exp * 1000)
  }
}

// Nobody replaces a getter for all tokens.
Object.freeze(AccessToken.prototype)

/** Makes the token of a successful verification. */
export function createAccessToken<Role extends string, Permission extends string>(
  parts: TokenParts,
): AccessToken<Role, Permission> {
  return new AccessToken<Role, Permission>(verified, parts)
}

/**
 * What is known of a token that a verifier of this copy of the package made.
 *
 * @throws {ConfigurationError} `token_unverified` for anything else
 */
export function readState(token: unknown): TokenState {
  const state = typeof token === 'object' && token !== null ? stateOf(token) : undefined
  if (state !== undefined) return state
  throw unverified()
}

function unverified(): ConfigurationError {
  return new ConfigurationError(
    'token_unverified',
    'This is not a token that a verifier answered with. Pass what `await verifier.verify(jwt)` ' +
      'returned: not a decoded token, a copy of one, or one of another copy of @tenantry/core.',
  )
}

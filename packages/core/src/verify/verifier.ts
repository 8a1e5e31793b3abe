/** Verifiers, as applications and guards get to see them. */
import type { RoleModel } from '../access/roles.ts'
import type { AccessToken } from '../token/access-token.ts'
import type { VerifierOptions } from './options.ts'
import { readOptions } from './read-options.ts'
import { TokenVerifier } from './token-verifier.ts'

/** Verifies access tokens of one issuer. Make one at start-up and keep it. */
export interface Verifier<Role extends string = string, Permission extends string = string> {
  /** The role model that it was made with. */
  readonly roles: RoleModel<Role, Permission> | undefined
  /**
   * Verifies a token, and fetches keys when it must.
   *
   * Whatever string goes in, it answers or throws one of the first two.
   *
   * @throws {TokenError} when the token is not accepted
   * @throws {UnavailableError} `keys_unavailable` when that cannot be said at the moment
   * @throws {ConfigurationError} `verifier_closed`, or `option_invalid` for a broken `now`
   */
  verify(jwt: string): Promise<AccessToken<Role, Permission>>
  /**
   * The same without waiting. When the keys are not here yet, it starts to load them.
   *
   * With a JWKS URL that is so at the start and again whenever the set is older than its TTL; with
   * keys that were given by value, never.
   *
   * @throws {TokenError} when the token is not accepted
   * @throws {UnavailableError} `keys_unavailable` when the keys are not here yet, or newer ones may
   * be that have the key which the token names
   * @throws {ConfigurationError} `sync_unsupported` on a runtime with WebCrypto only,
   * `verifier_closed`, or `option_invalid` for a broken `now`
   */
  verifySync(jwt: string): AccessToken<Role, Permission>
  /**
   * Loads the keys now, so that the first request does not wait for them. Call it at boot.
   *
   * @throws {UnavailableError} `keys_unavailable`
   */
  ready(): Promise<void>
  /** Ends a fetch that is under way. The verifier cannot be used afterwards. */
  close(): void
}

/**
 * Makes a verifier. The options are checked here, once.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 *
 * @example
 * ```ts
 * import { createVerifier, userfront } from '@tenantry/core'
 *
 * const verifier = createVerifier(userfront({ workspaceId: 'demo1234', mode: 'live' }))
 * await verifier.ready()
 * const token = await verifier.verify(jwt)
 * ```
 */
export function createVerifier<Role extends string = string, Permission extends string = string>(
  options: VerifierOptions<Role, Permission>,
): Verifier<Role, Permission> {
  return new TokenVerifier<Role, Permission>(readOptions(options), options.roles)
}

/**
 * For guards: verifies at once when nothing has to be waited for. A verifier of the application's
 * own, or one whose `verify` it has replaced, is asked by way of that.
 */
export function verifyAtOnce(verifier: Verifier, jwt: string): AccessToken | Promise<AccessToken> {
  return TokenVerifier.isIntact(verifier)
    ? verifier.verifyAtOnce(jwt)
    : // It may answer with another kind of promise.
      Promise.resolve(verifier.verify(jwt))
}

/** For guards: a token that was verified before and still counts, if the verifier remembers it. */
export function recall(verifier: Verifier, jwt: string): AccessToken | undefined {
  return TokenVerifier.isIntact(verifier) ? verifier.recall(jwt) : undefined
}

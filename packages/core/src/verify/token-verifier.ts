/** A string becomes an AccessToken, or a TokenError that says why not. */
import type { RoleModel } from '../access/roles.ts'
import { compileWith } from '../access/standing.ts'
import { ConfigurationError, isTenantryError, TokenError } from '../errors.ts'
import { verifyChannel } from '../events.ts'
import type { KeySet } from '../keys/key-set.ts'
import type { VerificationKey } from '../keys/vet-jwk.ts'
import { type AccessToken, createAccessToken } from '../token/access-token.ts'
import { checkOrigin, checkTimes, readIdentity, readPayload, readTimes } from '../token/claims.ts'
import { type CompactToken, readCompact } from '../token/compact.ts'
import { checkHeader, createHeaderMemory, type SigningClaim } from './header.ts'
import { readAuthorization } from './read-authorization.ts'
import type { Settings } from './read-options.ts'
import { isSignedBy, requireSynchronous } from './signature.ts'
import { createTokenCache, type TokenCache } from './token-cache.ts'
import type { Verifier } from './verifier.ts'

/** A token whose header is in order, and what it claims to be signed with. */
interface Candidate {
  readonly token: CompactToken
  readonly claim: SigningClaim
}

export class TokenVerifier<Role extends string, Permission extends string>
  implements Verifier<Role, Permission>
{
  readonly roles: RoleModel<Role, Permission> | undefined
  readonly #settings: Settings
  readonly #cache: TokenCache<AccessToken<Role, Permission>> | undefined
  readonly #headers = createHeaderMemory()
  readonly #compile: ReturnType<typeof compileWith>
  #closed = false

  constructor(settings: Settings, roles: RoleModel<Role, Permission> | undefined) {
    this.roles = roles
    this.#settings = settings
    this.#cache = settings.cacheSize === 0 ? undefined : createTokenCache(settings.cacheSize)
    this.#compile = compileWith(settings.access.model)
  }

  /** Whether it is one of this class, and verifies as this class does. */
  static isIntact(verifier: Verifier): verifier is TokenVerifier<string, string> {
    return #settings in verifier && verifier.verify === verifyOfClass
  }

  verify(jwt: string): Promise<AccessToken<Role, Permission>> {
    try {
      return Promise.resolve(this.verifyAtOnce(jwt))
    } catch (error) {
      return rejectLater(error)
    }
  }

  /** Answers only for a token that was verified before, with the keys of now. */
  recall(jwt: string): AccessToken<Role, Permission> | undefined {
    this.#assertOpen()
    try {
      return this.#recall(jwt)
    } catch (error) {
      throw announced(error)
    }
  }

  /** At once, unless keys have to be waited for or the cryptography answers with a promise. */
  verifyAtOnce(
    jwt: string,
  ): AccessToken<Role, Permission> | Promise<AccessToken<Role, Permission>> {
    this.#assertOpen()
    try {
      const cached = this.#recall(jwt)
      if (cached !== undefined) return cached
      const candidate = this.#read(jwt)
      const source = this.#settings.keys
      const keys = source.current()
      if (keys === undefined) return this.#verifyLater(jwt, candidate)
      const key = lookUp(keys, candidate)
      if (key === undefined) {
        if (source.mayChange()) return this.#verifyLater(jwt, candidate)
        throw new TokenError('key_not_found')
      }
      const signed = isSignedBy(key, candidate.token)
      if (typeof signed === 'boolean') return this.#accept(jwt, candidate, keys, signed)
      return this.#acceptLater(jwt, candidate, keys, signed)
    } catch (error) {
      throw announced(error)
    }
  }

  verifySync(jwt: string): AccessToken<Role, Permission> {
    this.#assertOpen()
    try {
      const cached = this.#recall(jwt)
      if (cached !== undefined) return cached
      const candidate = this.#read(jwt)
      const source = this.#settings.keys
      const keys = source.current()
      if (keys === undefined) {
        source.load().catch(() => undefined)
        throw source.unavailable()
      }
      const key = lookUp(keys, candidate)
      if (key === undefined) {
        if (!source.mayChange()) throw new TokenError('key_not_found')
        source.renew(keys).catch(() => undefined)
        throw source.unavailable()
      }
      const signed = requireSynchronous(isSignedBy(key, candidate.token))
      return this.#accept(jwt, candidate, keys, signed)
    } catch (error) {
      throw announced(error)
    }
  }

  async #verifyLater(jwt: string, candidate: Candidate): Promise<AccessToken<Role, Permission>> {
    const found = await this.#findKey(candidate).catch((error: unknown) => {
      throw announced(error)
    })
    return this.#acceptLater(jwt, candidate, found.keys, isSignedBy(found.key, candidate.token))
  }

  async #acceptLater(
    jwt: string,
    candidate: Candidate,
    keys: KeySet,
    signed: boolean | Promise<boolean>,
  ): Promise<AccessToken<Role, Permission>> {
    try {
      return this.#accept(jwt, candidate, keys, await signed)
    } catch (error) {
      throw announced(error)
    }
  }

  async ready(): Promise<void> {
    this.#assertOpen()
    await this.#settings.keys.load()
  }

  close(): void {
    this.#closed = true
    this.#settings.keys.close()
  }

  #assertOpen(): void {
    if (!this.#closed) return
    throw new ConfigurationError('verifier_closed', 'This verifier was closed. Make another one.')
  }

  /** A token that was verified before with the keys of now, if it still counts. */
  #recall(jwt: string): AccessToken<Role, Permission> | undefined {
    if (this.#cache === undefined || typeof jwt !== 'string') return undefined
    const keys = this.#settings.keys.current()
    const entry = keys === undefined ? undefined : this.#cache.get(jwt, keys)
    if (entry === undefined) return undefined
    checkTimes(entry.times, this.#settings.claims, this.#settings.access.now())
    announce(entry.token, true)
    return entry.token
  }

  #read(jwt: string): Candidate {
    const token = readCompact(jwt, this.#settings.maxTokenBytes)
    return { token, claim: this.#headers.get(token) ?? checkHeader(token, this.#settings.header) }
  }

  async #findKey(candidate: Candidate): Promise<{ keys: KeySet; key: VerificationKey }> {
    const source = this.#settings.keys
    let keys = source.current()
    if (keys === undefined) keys = await source.load()
    const key = lookUp(keys, candidate)
    if (key !== undefined) return { keys, key }
    const newer = await source.renew(keys)
    const found = lookUp(newer, candidate)
    if (found === undefined) throw new TokenError('key_not_found')
    return { keys: newer, key: found }
  }

  /** Everything that comes after the signature: nothing of the claims is looked at before. */
  #accept(
    jwt: string,
    { token, claim }: Candidate,
    keys: KeySet,
    signed: boolean,
  ): AccessToken<Role, Permission> {
    if (!signed) throw new TokenError('signature_invalid')
    this.#headers.set(token, claim)
    const { claims: policy, access } = this.#settings
    const claims = readPayload(token)
    checkOrigin(claims, policy)
    const memberships = readAuthorization(claims, this.#settings.authorizationOf, this.#compile)
    const times = readTimes(claims)
    checkTimes(times, policy, this.#settings.access.now())
    const accessToken = createAccessToken<Role, Permission>({
      identity: readIdentity(claims),
      claims,
      state: { memberships, times, policy: access },
    })
    this.#cache?.set({ jwt, token: accessToken, times, keys })
    announce(accessToken, false)
    return accessToken
  }
}

/** Read once: the application may wrap it on the prototype, too, as tools that trace calls do. */
const verifyOfClass = TokenVerifier.prototype.verify

const settled = Promise.resolve()

/**
 * Rejects as soon as the caller has had a chance to wait for it. Node keeps a list of rejections that
 * nobody waits for, and every refusal would be put there and taken out again.
 */
function rejectLater(error: unknown): Promise<never> {
  return settled.then(() => {
    throw error
  })
}

function lookUp(keys: KeySet, { claim }: Candidate): VerificationKey | undefined {
  const key = keys.find(claim.kid, claim.algorithm)
  if (key === 'alg_not_allowed') throw new TokenError('alg_not_allowed')
  return key
}

function announce(token: AccessToken, cached: boolean): void {
  if (!verifyChannel.hasSubscribers) return
  const { userId, sessionId } = token
  verifyChannel.publish({ code: 'verified', cached, userId, sessionId })
}

function announced(error: unknown): unknown {
  if (verifyChannel.hasSubscribers && isTenantryError(error)) {
    const nobody = { userId: undefined, sessionId: undefined }
    verifyChannel.publish({ code: error.code, cached: false, ...nobody })
  }
  return error
}

/** An issuer of real tokens, for tests: nothing is mocked on the way to the decision. */
import { randomUUID } from 'node:crypto'
import {
  type Algorithm,
  algorithmNames,
  ConfigurationError,
  type PublicJwks,
  type SecretKeys,
} from '@tenantry/core'
import { type JwksServer, serveJwks } from './jwks-server.ts'
import { createSigningKey, type SigningKey } from './signing-key.ts'

/** What kind of issuer. */
export interface TestIssuerOptions {
  /** What tokens are signed with. Default `RS256`. */
  readonly algorithm?: Algorithm
  /** The `tenantId` claim: the issuing workspace. Default `demo1234`. */
  readonly workspaceId?: string
  /** The `mode` claim. Default `test`. */
  readonly mode?: 'live' | 'test'
  /** What time it is. Default: the system clock. */
  readonly now?: () => Date
}

/** The claims of a token. What is given replaces the default; undefined leaves the claim out. */
export interface TestClaims {
  readonly userId?: string | number | undefined
  /** Roles by tenant: `{ nz569yb7: { roles: ['admin'] } }`. Default: no tenant. */
  readonly authorization?: unknown
  readonly [claim: string]: unknown
}

/** How a token is made. */
export interface TestTokenOptions {
  /** Seconds until it expires; negative for the past. Default 300. */
  readonly expiresIn?: number
  /** Header members that replace the default ones; undefined leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>
}

/** An issuer with keys of its own. Made by {@link createTestIssuer}. */
export interface TestIssuer {
  /** The `keys` option for a verifier: the JWK Set of now, or `{ secret }` for HS algorithms. */
  readonly keys: PublicJwks | SecretKeys
  /** A good access token. */
  token(claims?: TestClaims, options?: TestTokenOptions): Promise<string>
  /** An access token that expired an hour ago. */
  expired(claims?: TestClaims): Promise<string>
  /** An access token with the issuer's own header, signed by somebody else. */
  forged(claims?: TestClaims): Promise<string>
  /** A refresh token: the same key, `type: "refresh"`, no authorization. */
  refreshToken(claims?: TestClaims): Promise<string>
  /** An ID token: the same key, profile claims, no authorization. */
  idToken(claims?: TestClaims): Promise<string>
  /** Signs with a new key from now on. The old one is dropped from `keys`, or kept beside it. */
  rotate(options?: { readonly keep?: boolean }): Promise<void>
  /** Serves the JWK Set of now on loopback. */
  listen(): Promise<JwksServer>
}

/**
 * Makes an issuer whose tokens have the form of Userfront's. Signatures are real and nothing goes
 * over the network, so what is tested is what runs in production.
 *
 * @throws {ConfigurationError} `production_refused` when NODE_ENV is `production`, `option_invalid`
 * for an option that does not exist or cannot be
 *
 * @example
 * ```ts
 * import { can, createVerifier } from '@tenantry/core'
 * import { createTestIssuer } from '@tenantry/testing'
 *
 * const issuer = createTestIssuer()
 * const verifier = createVerifier({ keys: issuer.keys })
 * const jwt = await issuer.token({ userId: 1, authorization: { acme: { roles: ['admin'] } } })
 * console.log(can(await verifier.verify(jwt), 'acme', 'admin'))
 * ```
 */
export function createTestIssuer(options: TestIssuerOptions = {}): TestIssuer {
  if (process.env['NODE_ENV'] === 'production') {
    throw new ConfigurationError(
      'production_refused',
      'The testing kit mints tokens for anybody. It does not run when NODE_ENV is production.',
    )
  }
  checkOptions(options, ['algorithm', 'workspaceId', 'mode', 'now'])
  const { algorithm = 'RS256', workspaceId = 'demo1234', mode = 'test', now = defaultNow } = options
  if (!algorithmNames.includes(algorithm)) {
    throw invalid(`"algorithm" is not one of ${algorithmNames.join(', ')}`)
  }
  if (mode !== 'live' && mode !== 'test') throw invalid('"mode" is neither live nor test')
  if (typeof now !== 'function') throw invalid('"now" is not a function')
  const isSecret = algorithm.startsWith('HS')
  let keys: readonly [SigningKey, ...SigningKey[]] = [createSigningKey(algorithm)]

  function mint(claims: TestClaims, tokenOptions: TestTokenOptions, key: SigningKey): string {
    checkOptions(tokenOptions, ['expiresIn', 'header'])
    const { expiresIn = 300, header: replaced } = tokenOptions
    if (!Number.isFinite(expiresIn)) throw invalid('"expiresIn" is not a number of seconds')
    const iat = Math.floor(now().getTime() / 1000)
    const header = { alg: algorithm, typ: 'JWT', kid: keys[0].kid, ...replaced }
    const payload = {
      mode,
      tenantId: workspaceId,
      userId: 1,
      userUuid: 'd0059f7e-c549-46f3-a3a3-8a0464093fc2',
      isConfirmed: true,
      sessionId: randomUUID(),
      authorization: {},
      iat,
      exp: iat + expiresIn,
      ...claims,
    }
    const text = `${encode(header)}.${encode(payload)}`
    return `${text}.${key.sign(text).toString('base64url')}`
  }

  function jwks(): PublicJwks {
    return { keys: keys.map((key) => key.jwk) }
  }

  return {
    get keys() {
      return isSecret ? { secret: jwks() } : jwks()
    },
    async token(claims = {}, tokenOptions = {}) {
      return mint(claims, tokenOptions, keys[0])
    },
    async expired(claims = {}) {
      const iat = Math.floor(now().getTime() / 1000) - 7200
      return mint({ iat, ...claims }, { expiresIn: -3600 }, keys[0])
    },
    async forged(claims = {}) {
      return mint(claims, {}, createSigningKey(algorithm))
    },
    async refreshToken(claims = {}) {
      return mint({ type: 'refresh', authorization: undefined, ...claims }, {}, keys[0])
    },
    async idToken(claims = {}) {
      return mint({ ...profile, authorization: undefined, ...claims }, {}, keys[0])
    },
    async rotate({ keep = false } = {}) {
      keys = [createSigningKey(algorithm), ...(keep ? keys : [])]
    },
    async listen() {
      if (!isSecret) return await serveJwks(jwks)
      throw invalid(`"algorithm" is ${algorithm}, and a secret is never published`)
    },
  }
}

/** What an ID token says of a person. */
const profile = {
  email: 'user@example.com',
  name: 'Test User',
  username: 'test-user',
  image: null,
  data: {},
  isMfaRequired: false,
}

function checkOptions(options: object, known: readonly string[]): void {
  const odd = Object.keys(options).find((key) => !known.includes(key))
  if (odd !== undefined) throw invalid(`"${odd}" does not exist. Known: ${known.join(', ')}`)
}

function invalid(reason: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option ${reason}.`)
}

function defaultNow(): Date {
  return new Date()
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

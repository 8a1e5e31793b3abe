/** Whether the token is to be believed. Every answer is that of core's own verifier. */
import {
  type AccessToken,
  type Algorithm,
  algorithmNames,
  createVerifier,
  isTenantryError,
  type TenantryError,
  type VerifierOptions,
} from '@tenantry/core'
import type { Origin } from './hand-over.ts'
import type { KeysReading } from './read-keys.ts'
import type { ReadToken } from './read-token.ts'

/** What came of a verification. */
export type Verdict =
  | { readonly kind: 'unverified' }
  /** The keys cannot be used, or the browser cannot check such a signature. */
  | { readonly kind: 'undecided'; readonly message: string }
  | { readonly kind: 'verified'; readonly token: AccessToken }
  /** It passed, but with keys that came in the link: whoever made that can have signed the token. */
  | { readonly kind: 'matched' }
  | { readonly kind: 'refused'; readonly error: TenantryError; readonly keysFrom: Origin }

/** Claims to compare with; a blank one is not compared. */
export interface Expectations {
  readonly issuer: string
  readonly audience: string
  readonly workspace: string
  readonly mode: string
}

/** Everything that a verification depends on. */
export interface VerificationInput {
  readonly token: ReadToken
  readonly keys: KeysReading
  readonly expected: Expectations
  readonly now: Date
}

/** Verifies a token as of a point in time. */
export async function verify({ token, keys, expected, now }: VerificationInput): Promise<Verdict> {
  if (keys.kind === 'empty') return { kind: 'unverified' }
  if (keys.kind === 'unreadable') return { kind: 'undecided', message: keys.message }
  const algorithm = algorithmOf(token)
  const obstacle = await obstacleTo(algorithm)
  if (obstacle !== undefined) return { kind: 'undecided', message: obstacle }
  try {
    const verifier = createVerifier({
      keys: keys.keys,
      // What a server accepts is for the server to say. Here the question is whether it matches.
      algorithms: [algorithm ?? 'RS256'],
      ...checksOf(expected),
      cache: false,
      now: () => now,
    })
    const verified = await verifier.verify(token.jwt)
    return keys.origin === 'link' ? { kind: 'matched' } : { kind: 'verified', token: verified }
  } catch (error) {
    if (!isTenantryError(error)) throw error
    return error.name === 'ConfigurationError'
      ? { kind: 'undecided', message: `The keys cannot be used. ${error.message}` }
      : { kind: 'refused', error, keysFrom: keys.origin }
  }
}

/** The algorithm that the token names, when its keys are public. A secret has no place on a page. */
function algorithmOf({ decoded }: ReadToken): Algorithm | undefined {
  const name = decoded.header['alg']
  return algorithmNames.find((known) => known === name && !known.startsWith('HS'))
}

function checksOf({ issuer, audience, workspace, mode }: Expectations): Partial<VerifierOptions> {
  return {
    ...(issuer.trim() === '' ? {} : { issuer }),
    ...(audience.trim() === '' ? {} : { audience }),
    ...(workspace.trim() === '' ? {} : { workspaceId: workspace }),
    ...(mode === 'live' || mode === 'test' ? { mode } : {}),
  }
}

/** Without WebCrypto every signature would look wrong, which is not the same as not knowing. */
async function obstacleTo(algorithm: Algorithm | undefined): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) {
    return 'This browser checks signatures on https and local addresses only.'
  }
  if (algorithm !== 'EdDSA' && algorithm !== 'Ed25519') return undefined
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
    return undefined
  } catch {
    return 'This browser does not know Ed25519 signatures.'
  }
}

/** What is refused for the header or the signature; everything else comes after the signature. */
const beforeClaims: ReadonlySet<string> = new Set([
  'token_too_large',
  'token_malformed',
  'alg_not_allowed',
  'crit_unsupported',
  'typ_unexpected',
  'key_not_found',
  'keys_unavailable',
  'signature_invalid',
])

/** Whether the signature matched although the token is refused. */
export function isSignedAllTheSame({ code }: TenantryError): boolean {
  return !beforeClaims.has(code)
}

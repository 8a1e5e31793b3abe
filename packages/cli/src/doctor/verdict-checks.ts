/** What a verifier of core says of the token: of its signature, and with the settings of it all. */
import {
  type Algorithm,
  algorithmNames,
  isTenantryError,
  type JsonObject,
  type TenantryError,
  type VerifierOptions,
} from '@tenantry/core'
import { createVerifier } from '../verification/create-verifier.ts'
import { type CheckId, type Finding, fail, none, ok, warn } from './check.ts'
import type { TokenContext } from './token-checks.ts'

/** D39 and D41. `others` are the findings that can say the same in better words. */
export async function checkVerdict(
  header: JsonObject,
  context: TokenContext,
  others: readonly Finding[],
): Promise<readonly Finding[]> {
  const { endpoint, keys, jwt, now } = context
  const alg = algorithmNames.find((name) => name === header['alg'])
  const unreached = [none('D39'), none('D41')]
  if (keys === undefined || endpoint?.body === undefined) return unreached
  if (alg === undefined || alg.startsWith('HS')) return unreached
  const body = new Blob([endpoint.body])
  const base = {
    keys: endpoint.url,
    // An application may ask for it, and no setting of doctor says so.
    types: ['JWT', null, 'at+jwt'],
    // The answer that was looked at above, and no other one.
    jwks: { fetch: async () => new Response(body) },
    cache: false,
    now: () => now,
  } as const
  const bare = await refusalOf(jwt, {
    ...base,
    algorithms: [alg],
    maxTokenBytes: Math.max(8192, jwt.length),
  })
  const signature = signatureFinding(bare, hasFailed(others))
  const whole = await refusalOf(jwt, { ...base, ...optionsOf(context, alg) })
  return [signature, acceptance(whole, header, hasFailed([...others, signature]))]
}

type HasFailed = (id: CheckId) => boolean

function hasFailed(findings: readonly Finding[]): HasFailed {
  return (id) => findings.some((finding) => finding.id === id && finding.state === 'fail')
}

async function refusalOf(
  jwt: string,
  options: VerifierOptions,
): Promise<TenantryError | undefined> {
  try {
    const verifier = createVerifier(options)
    await verifier.verify(jwt).finally(() => verifier.close())
    return undefined
  } catch (error) {
    if (isTenantryError(error)) return error
    throw error
  }
}

function optionsOf(
  { settings, discovery }: TokenContext,
  alg: Algorithm,
): Omit<VerifierOptions, 'keys'> {
  const { audience, mode, workspace } = settings
  const issuer = settings.issuer?.value ?? discovery?.issuer
  // A JWK Set has no secrets.
  const accepted = settings.algorithms.filter((name) => !name.startsWith('HS'))
  return {
    algorithms: accepted.length === 0 ? [alg] : accepted,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience.length === 0 ? {} : { audience: audience.map(({ value }) => value) }),
    ...(mode === undefined ? {} : { mode: mode.value === 'live' ? 'live' : 'test' }),
    ...(workspace === undefined ? {} : { workspaceId: workspace.value }),
  }
}

/** What comes before the signature, and the checks that say it already. Else it is said here. */
const beforeSignature: ReadonlyMap<string, readonly CheckId[]> = new Map([
  ['token_too_large', []],
  ['token_malformed', []],
  ['alg_not_allowed', []],
  ['crit_unsupported', []],
  ['typ_unexpected', []],
  ['option_invalid', []],
  ['key_not_found', ['D30', 'D20', 'D23', 'D25']],
  ['keys_unavailable', ['D20', 'D23', 'D25']],
])

/** Core says what it thinks of the signature by how far it goes. */
function signatureFinding(refusal: TenantryError | undefined, isFailed: HasFailed): Finding {
  if (refusal === undefined) return ok('D39', 'matches the published key')
  const { code } = refusal
  if (code === 'signature_invalid') {
    const fix = 'it was changed, cut off, or signed with another key of the same name'
    return fail('D39', 'does not match the published key', fix)
  }
  const covers = beforeSignature.get(code)
  // Everything else is judged after the signature.
  if (covers === undefined) return ok('D39', 'matches the published key')
  const message = whyNot(refusal)
  if (covers.some(isFailed)) return none('D39', `not reached: ${message}`)
  return fail(
    'D39',
    `not checked: ${message}`,
    'a verifier refuses the token before: do not use it',
  )
}

/** The keys did load: that none of them can be used is a matter of this token. */
function whyNot({ code, message }: TenantryError): string {
  const isAboutKey = code === 'key_not_found' || code === 'keys_unavailable'
  return isAboutKey ? "the token's key is not published, or not usable" : message
}

/** Refusals that another check explains when it has failed. */
const explained: ReadonlyMap<string, readonly CheckId[]> = new Map<string, readonly CheckId[]>([
  ...[...beforeSignature].map(([code, covers]) => [code, [...covers, 'D39']] as const),
  ['signature_invalid', ['D39']],
  ['token_too_large', ['D33', 'D39']],
  ['alg_not_allowed', ['D35', 'D39']],
  ['issuer_mismatch', ['D31']],
  ['audience_mismatch', ['D38']],
  ['token_kind_unexpected', ['D32']],
  ['token_expired', ['D36']],
  ['token_inactive', ['D36']],
  ['claim_missing', ['D36']],
  ['claim_invalid', ['D32', 'D36', 'D38']],
])

function acceptance(
  refusal: TenantryError | undefined,
  header: JsonObject,
  isFailed: HasFailed,
): Finding {
  if (refusal === undefined) {
    const isAccessTokenType = /^(?:application\/)?at\+jwt$/i.test(String(header['typ']))
    if (!isAccessTokenType) return ok('D41', 'by a verifier with these settings')
    const fix = 'a verifier needs the option types for it'
    return warn('D41', 'only by a verifier that is told to: the typ is at+jwt', fix)
  }
  const { code } = refusal
  const isExplained = (explained.get(code) ?? []).some(isFailed)
  if (isExplained) return none('D41', 'refused, for what was said above')
  const fix = `do not use it, or correct the settings; tenantry explain ${code}`
  return fail('D41', `a verifier with these settings refuses it: ${whyNot(refusal)}`, fix)
}

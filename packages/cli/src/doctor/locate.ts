/** From what was named to the JWKS endpoint: directly, or by way of a discovery document. */

import { isTenantryError, userfront } from '@tenantry/core'
import { quote } from '@tenantry/report'
import { usageFailure } from '../failure.ts'
import { addressHints, isAddress } from '../input/address.ts'
import { namesFile, typeableName } from '../input/file-name.ts'
import { isLoopback } from '../input/loopback.ts'
import { type Observation, observe } from '../jwks/observe.ts'
import { memberOf, parseJson } from '../jwks/published-set.ts'
import type { Setting, Settings } from './settings.ts'

/** What was found at the address. */
export interface Located {
  /** Where the keys are, and how that is known. */
  readonly address: Setting
  /** The last look: at the JWKS endpoint, or at the discovery document that led to none. */
  readonly endpoint: Observation
  readonly discovery: Discovery | undefined
}

/** The parts of an OpenID Connect discovery document that matter here. */
export interface Discovery {
  readonly url: string
  readonly issuer: string | undefined
  readonly jwksUri: string | undefined
  /** Why its address of the keys is not asked. */
  readonly refusal: string | undefined
}

const WELL_KNOWN = '/.well-known/openid-configuration'

/** @throws {CliFailure} exit code 2, when nothing names an address */
export async function locate(settings: Settings, now: () => Date): Promise<Located> {
  const address = addressOf(settings)
  const url = new URL(address.value)
  const isIssuer = url.pathname === '/' && url.search === ''
  const first = await observe(isIssuer ? `${url.origin}${WELL_KNOWN}` : address.value, now)
  const discovery = readDiscovery(first)
  if (discovery === undefined) return { address, endpoint: first, discovery }
  const { jwksUri, refusal } = discovery
  if (jwksUri === undefined || refusal !== undefined) return { address, endpoint: first, discovery }
  const found = { value: jwksUri, from: 'the discovery document' }
  return { address: found, endpoint: await observe(jwksUri, now), discovery }
}

function addressOf({ jwks, issuer, workspace, mode }: Settings): Setting {
  const named = jwks ?? (workspace === undefined && mode === undefined ? issuer : undefined)
  if (named !== undefined) {
    if (isAddress(named.value) && URL.canParse(named.value)) return named
    throw usageFailure(
      `${quote(named.value)} is not a URL (from ${named.from}).`,
      ...(namesFile(named.value)
        ? [
            `doctor asks an endpoint; for a file: tenantry inspect --jwks ${typeableName(named.value)}`,
          ]
        : addressHints(named.value)),
    )
  }
  if (workspace === undefined || mode === undefined) {
    throw usageFailure(
      'There is no address to look at.',
      'Give a URL: of an issuer, or of its JWK Set.',
      'Or --workspace ID --mode MODE, or TENANTRY_JWKS.',
    )
  }
  try {
    const { keys } = userfront({
      workspaceId: workspace.value,
      mode: mode.value === 'live' ? 'live' : 'test',
    })
    return { value: String(keys), from: 'workspace and mode' }
  } catch (error) {
    throw isTenantryError(error) ? usageFailure(error.message) : error
  }
}

/** Undefined for what is no discovery document. */
function readDiscovery({ url, body }: Observation): Discovery | undefined {
  const document = body === undefined ? undefined : parseJson(body)
  const uri = memberOf(document, 'jwks_uri')
  const issuer = memberOf(document, 'issuer')
  const isKeySet = memberOf(document, 'keys') !== undefined
  if (isKeySet || (typeof uri !== 'string' && typeof issuer !== 'string')) return undefined
  const jwksUri = typeof uri === 'string' ? uri : undefined
  return {
    url,
    issuer: typeof issuer === 'string' ? issuer : undefined,
    jwksUri,
    refusal: jwksUri === undefined ? undefined : refusalOf(url, jwksUri),
  }
}

/** A document from elsewhere must not send this program to what only this machine can reach. */
export function refusalOf(from: string, uri: string): string | undefined {
  if (!URL.canParse(uri)) return 'its jwks_uri is not a URL'
  const isInside = (text: string): boolean => isLoopback(new URL(text).hostname)
  return isInside(uri) && !isInside(from) ? 'its jwks_uri leads to this machine' : undefined
}

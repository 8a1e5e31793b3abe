/** Userfront's access tokens, as verifier options. */
import { ConfigurationError } from '../errors.ts'
import { copyPlain } from '../plain-options.ts'
import type { VerifierOptions } from '../verify/options.ts'

/** Which workspace, and which of its two user populations. */
export interface UserfrontOptions {
  /** The id of the workspace, such as `demo1234`. */
  readonly workspaceId: string
  /** `live` or `test`. The two have users of their own, and keys of their own. */
  readonly mode: 'live' | 'test'
  /** The keys, when they should not come from Userfront's JWKS endpoint. */
  readonly keys?: VerifierOptions['keys']
}

/**
 * Options for tokens that Userfront issues: RS256 only, mode and workspace pinned, keys from the
 * workspace's own JWKS. Real tokens have no `aud` and no `sub`, older ones no `kid` and no `iss`,
 * so none of them is asked for. Refresh and ID tokens are refused.
 *
 * Spread it to add options of your own.
 *
 * @throws {ConfigurationError} `option_invalid` when the workspace or the mode is missing, or an
 * option does not exist
 *
 * @example
 * ```ts
 * import { createVerifier, userfront } from '@tenantry/core'
 *
 * const verifier = createVerifier({
 *   ...userfront({ workspaceId: 'demo1234', mode: 'live' }),
 *   maxTokenAge: 86_400,
 * })
 * ```
 */
export function userfront(options: UserfrontOptions): VerifierOptions {
  const { workspaceId, mode, keys = jwksUrl(workspaceId, mode) } = readOptions(options)
  return {
    keys,
    algorithms: ['RS256'],
    workspaceId,
    mode,
  }
}

const known = ['workspaceId', 'mode', 'keys']

/** Own members only: nobody chooses the keys by way of Object.prototype. */
function readOptions(given: UserfrontOptions): UserfrontOptions {
  const options = copyPlain(given, 'The options of userfront()')
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      const others = 'Other options go to createVerifier, beside those that the preset returns.'
      throw invalid(`"${name}" does not exist. Known: ${known.join(', ')}. ${others}`)
    }
    if (value === undefined) {
      throw invalid(
        `"${name}" is present and undefined. Set it; is an environment variable missing?`,
      )
    }
  }
  const { workspaceId, mode } = options
  if (typeof workspaceId !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(workspaceId)) {
    throw invalid('"workspaceId" must be the id of a Userfront workspace, such as demo1234.')
  }
  if (mode !== 'live' && mode !== 'test') throw invalid('"mode" must be live or test.')
  return options as unknown as UserfrontOptions
}

/** Each mode has its own keys. */
function jwksUrl(workspaceId: string, mode: 'live' | 'test'): string {
  const query = mode === 'test' ? '?test=true' : ''
  return `https://api.userfront.com/v0/tenants/${workspaceId}/jwks${query}`
}

function invalid(reason: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option ${reason}`)
}

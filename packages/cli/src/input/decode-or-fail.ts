/** A text becomes a token that was read and not verified, or a failure that says what it is instead. */
import { type DecodedToken, decodeToken, isTenantryError } from '@tenantry/core'
import { shapeHint } from '@tenantry/report'
import { CliFailure } from '../failure.ts'

/**
 * Reads a token without verifying it. `which` names it where there are two.
 *
 * @throws {CliFailure} with core's code, exit code 1
 */
export function decodeOrFail(jwt: string, which: string = ''): DecodedToken {
  try {
    return decodeToken(jwt)
  } catch (error) {
    if (!isTenantryError(error)) throw error
    const hint = error.code === 'token_malformed' ? shapeHint(jwt) : undefined
    const message = which === '' ? error.message : `${which}: ${error.message}`
    throw new CliFailure(1, error.code, message, { hints: hint === undefined ? [] : [hint] })
  }
}

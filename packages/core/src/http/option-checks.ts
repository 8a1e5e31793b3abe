/** What the options of guards and of audits are checked with. */
import { ConfigurationError } from '../errors.ts'

/**
 * Refuses what is no object of options, an unknown name, and one that is present and undefined.
 *
 * @throws {ConfigurationError} `option_invalid`
 */
export function checkKeys(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigurationError('option_invalid', 'The options must be an object.')
  }
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key)) throw invalid(key, `does not exist. Known: ${known.join(', ')}`)
    if (value === undefined) throw invalid(key, 'is present and undefined; leave it out or set it')
  }
}

/** No router has a parameter with one of these in its name: `:tenantId` is how a path writes it. */
const notInNames = /[:/\s]/

/** @throws {ConfigurationError} `option_invalid` for what is no name of a route parameter */
export function checkTenantParam(tenantParam: unknown): void {
  if (typeof tenantParam !== 'string' || tenantParam === '' || notInNames.test(tenantParam)) {
    throw invalid('tenantParam', 'is not the name of a parameter, such as tenantId, with no colon')
  }
}

/** An error that names the option; the reason ends the sentence. */
export function invalid(option: string, reason: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option "${option}" ${reason}.`)
}

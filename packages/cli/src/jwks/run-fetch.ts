/** Fetches a JWK Set and prints it. */
import { quote } from '@tenantry/report'
import type { Surroundings } from '../command-line/command.ts'
import { undecided, usageFailure } from '../failure.ts'
import { addressHints, isAddress } from '../input/address.ts'
import type { Answer } from '../output/answer.ts'
import { observe } from './observe.ts'
import { readPublishedSet, withoutSecrets } from './published-set.ts'
import { jwksAnswer } from './run-print.ts'

interface FetchInvocation {
  readonly positionals: readonly string[]
  readonly surroundings: Surroundings
}

/** @throws {CliFailure} `usage_invalid`; `keys_unavailable`, exit code 3 */
export async function runFetch({ positionals, surroundings }: FetchInvocation): Promise<Answer> {
  const [url, ...others] = positionals
  if (url === undefined || others.length > 0) throw usageFailure('jwks fetch takes one URL.')
  if (!isAddress(url) || !URL.canParse(url)) {
    throw usageFailure(`${quote(url)} is not a URL.`, ...addressHints(url))
  }
  const observation = await observe(url, surroundings.now)
  const { fault } = observation
  if (fault?.kind === 'address') throw usageFailure('The address cannot be used.', fault.reason)
  const keys = readPublishedSet(observation)
  if (keys === undefined) {
    throw undecided(
      'keys_unavailable',
      `There are no keys at ${quote(url)}: ${quote(fault?.reason ?? '', 200).slice(1, -1)}.`,
      'tenantry doctor URL looks closer.',
    )
  }
  if (fault !== undefined) surroundings.note(`note: ${fault.reason}; tenantry doctor says why`)
  for (const { kid, secrets } of keys) {
    if (secrets.length === 0) continue
    const name = kid === undefined ? 'a key without kid' : `the key ${quote(kid, 40)}`
    surroundings.note(`note: ${name} is published with its private half, which is not shown`)
  }
  return jwksAnswer('jwks_fetched', keys.map(withoutSecrets), { url })
}

/** Keys for the page: a JWK Set as text, without anything private. */
import type { Surroundings } from '../command-line/command.ts'
import { runFetch } from '../jwks/run-fetch.ts'
import { readAllKeys } from '../jwks/run-print.ts'

/** @throws {CliFailure} as `jwks fetch` does for an address, and `jwks print` for a file */
export async function readPageKeys(source: string, surroundings: Surroundings): Promise<string> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
    const { data } = await runFetch({ positionals: [source], surroundings })
    return JSON.stringify(data['jwks'])
  }
  const keys = await readAllKeys([source], surroundings)
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) })
}

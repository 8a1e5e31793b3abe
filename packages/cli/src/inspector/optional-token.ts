/** The token of a command that can do without one. */
import type { Surroundings } from '../command-line/command.ts'
import { firstChunk } from '../input/first-chunk.ts'
import { readToken, type TokenInput } from '../input/token-source.ts'

/**
 * The token, when one is given. A pipe that nobody writes to, such as one that a program made for
 * its own purposes, is no token; with `-` it is waited for.
 *
 * @throws {CliFailure} as `readToken` does
 */
export async function readOptionalToken(
  input: TokenInput,
  surroundings: Surroundings,
): Promise<string | undefined> {
  const { env, pipedInput, stdin, note } = surroundings
  const isGiven = input.argument !== undefined || input.file !== undefined
  if (isGiven || (env['TENANTRY_TOKEN'] ?? '').trim() !== '') {
    return await readToken(input, surroundings)
  }
  const piped = pipedInput()
  if (piped === undefined) return undefined
  const first = await firstChunk(stdin())
  if (first.kind === 'silent') note('note: nothing came through the pipe; say - to wait for it')
  // An empty input, such as /dev/null, is none.
  if (first.kind !== 'chunk') return undefined
  return await readToken(input, { ...surroundings, stdin: first.whole })
}

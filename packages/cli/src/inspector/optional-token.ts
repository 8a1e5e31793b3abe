/** The token of a command that can do without one. */
import type { Surroundings } from '../command-line/command.ts'
import { readToken, type TokenInput } from '../input/token-source.ts'

/** How long a pipe may stay silent, in milliseconds, before the program goes on without it. */
const PATIENCE = 2000

type Chunks = AsyncIterable<Uint8Array>

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
  const chunks = stdin()[Symbol.asyncIterator]()
  const first = await within(PATIENCE, chunks.next())
  if (first === undefined) {
    note('note: nothing came through the pipe; say - to wait for it')
    return undefined
  }
  // An empty input, such as /dev/null, is none.
  if (first.done === true) return undefined
  const whole = { stdin: () => replay(first.value, chunks) }
  return await readToken(input, { ...surroundings, ...whole })
}

/** What a promise answers within so many milliseconds; undefined afterwards. */
async function within<Value>(
  milliseconds: number,
  promise: Promise<Value>,
): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds)
  })
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function* replay(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  const others: Chunks = { [Symbol.asyncIterator]: () => rest }
  yield* others
}

/** Runs the program inside the test, for what does not need a process of its own. */
import type { PipedInput } from '../../src/command-line/command.ts'
import { main } from '../../src/main.ts'
import type { Run, RunOptions } from './run.ts'

export interface CallOptions extends RunOptions {
  /** Whether somebody sits in front of it. */
  readonly isTTY?: boolean
  /** What the token is piped in with. A pipe when not given. */
  readonly pipedInput?: PipedInput
  readonly now?: Date
}

/** Calls `tenantry` with these arguments. */
export async function call(args: readonly string[], options: CallOptions = {}): Promise<Run> {
  const { stdin = '', env = {}, isTTY = false, pipedInput = 'pipe', now } = options
  const written = { stdout: '', stderr: '' }
  const exitCode = await main({
    argv: args,
    env: { LANG: 'C.UTF-8', TERM: 'xterm', ...env },
    stdin: () => Object.assign(chunksOf(stdin), { isTTY }),
    pipedInput: () => (stdin.length > 0 ? pipedInput : undefined),
    now: () => now ?? new Date(),
    stdout: { isTTY, write: (text) => (written.stdout += text) },
    stderr: { isTTY, write: (text) => (written.stderr += text) },
  })
  return { exitCode, ...written }
}

/** Calls it once for each list of arguments. */
export function callAll(
  calls: readonly (readonly [args: readonly string[], options?: CallOptions])[],
): Promise<readonly Run[]> {
  return Promise.all(calls.map(([args, options]) => call(args, options)))
}

async function* chunksOf(input: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(input)
  for (let start = 0; start < bytes.length; start += 65_536) {
    yield bytes.subarray(start, start + 65_536)
  }
}

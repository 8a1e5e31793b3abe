/** The command `tenantry`, run as a program of its own, as in a terminal. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** What the program printed, and how it ended. */
export interface Inspected {
  readonly exitCode: number | null
  readonly output: string
}

const bin = fileURLToPath(new URL('../../../packages/cli/src/bin.ts', import.meta.url))

/** Runs `tenantry inspect` on a token. The token goes through a pipe: arguments are seen by others. */
export async function inspect(jwt: string, jwksUrl: string, at: Date): Promise<Inspected> {
  const flags = ['--jwks', jwksUrl, '--at', at.toISOString()]
  const child = spawn(
    process.execPath,
    [
      '--conditions=@tenantry/source',
      '--import',
      import.meta.resolve('tsx'),
      bin,
      'inspect',
      '-',
      ...flags,
    ],
    {
      // The rest of the demo is in UTF-8 and without colours as well.
      env: { ...process.env, NO_COLOR: '1', LC_ALL: 'C.UTF-8', TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  child.stdin.end(jwt)
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const output = await text(child.stdout)
  return { exitCode: await closed, output: output.trimEnd() }
}

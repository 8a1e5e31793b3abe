/** Runs the real program as a process of its own, from its sources. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../src/bin.ts', import.meta.url))

/** The arguments of `node` that come before those of the program. */
export const program: readonly string[] = [
  '--conditions=@tenantry/source',
  '--import',
  import.meta.resolve('tsx'),
  bin,
]

export interface RunOptions {
  /** What is piped in; nothing, and then the end, when it is left out. */
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  /** The folder that it runs in; that of the tests when not given. */
  readonly cwd?: string
}

export interface Run {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Neither a token nor a wish for colours leaks in from whoever runs the tests. */
export function cleanEnvironment(env: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, SystemRoot } = process.env
  return { PATH, HOME, SystemRoot, LANG: 'C.UTF-8', TERM: 'xterm', ...env }
}

/** Runs `tenantry` with these arguments until it ends. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, ...args], {
      env: cleanEnvironment(options.env),
      cwd: options.cwd,
      timeout: 20_000,
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (exitCode) => {
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8')
      resolve({ exitCode, stdout: text(stdout), stderr: text(stderr) })
    })
    // The program may have ended before it read everything.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.stdin)
  })
}

/** Runs several command lines, two at a time. */
export async function runAll(
  calls: readonly (readonly [args: readonly string[], options?: RunOptions])[],
): Promise<readonly Run[]> {
  const runs: Run[] = []
  for (let index = 0; index < calls.length; index += 2) {
    const pair = calls.slice(index, index + 2)
    runs.push(...(await Promise.all(pair.map(([args, options]) => run(args, options)))))
  }
  return runs
}

/** A program that goes on after its answer, such as a server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cleanEnvironment, program, type RunOptions } from './run.ts'

export interface Running {
  /** What it has written so far. */
  readonly stdout: string
  readonly stderr: string
  /** Interrupts it, as Ctrl-C does, and answers with its exit code. */
  interrupt(): Promise<number | null>
}

/** Starts `tenantry` and waits until its standard output says this. */
export async function start(
  args: readonly string[],
  until: string,
  { stdin, env }: RunOptions & { readonly stdin?: string } = {},
): Promise<Running> {
  const child = spawn(process.execPath, [...program, ...args], { env: cleanEnvironment(env) })
  const exit = once(child, 'exit')
  const written = { stdout: '', stderr: '' }
  const isReady = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      written.stdout += chunk.toString('utf8')
      if (written.stdout.includes(until)) resolve()
    })
    child.once('exit', () => reject(new Error(`ended: ${written.stdout}${written.stderr}`)))
  })
  child.stderr.on('data', (chunk: Buffer) => {
    written.stderr += chunk.toString('utf8')
  })
  // Left open without an answer, a pipe is one that nobody ever closes.
  if (stdin !== undefined) child.stdin.end(stdin)
  await isReady
  return {
    get stdout() {
      return written.stdout
    },
    get stderr() {
      return written.stderr
    },
    async interrupt() {
      child.kill('SIGINT')
      const [code] = await exit
      return code
    },
  }
}

/** A command that goes on after its answer, as a process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cleanEnvironment, program, type RunOptions } from './run.ts'

export interface RunningServer {
  readonly child: ChildProcess
  /** Everything that was written so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves when standard output or standard error has this in it. */
  until(text: string | RegExp): Promise<void>
  /** Interrupts it, and waits for its end. */
  interrupt(): Promise<number | null>
}

export interface ServerOptions extends RunOptions {
  /** Standard input is a pipe that nobody writes to or closes. */
  readonly isInputLeftOpen?: boolean
}

/** Starts `tenantry` with these arguments. */
export function start(args: readonly string[], options: ServerOptions = {}): RunningServer {
  const child = spawn(process.execPath, [...program, ...args], {
    env: cleanEnvironment(options.env),
    cwd: options.cwd,
    timeout: 25_000,
  })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      written[name] += chunk.toString('utf8')
      child.emit('written')
    })
  }
  if (options.isInputLeftOpen !== true) child.stdin.end(options.stdin)
  const closed = once(child, 'close')
  return {
    child,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async until(text) {
      const isThere = (): boolean =>
        [written.stdout, written.stderr].some((all) =>
          typeof text === 'string' ? all.includes(text) : text.test(all),
        )
      while (!isThere()) {
        const hasEnded = child.exitCode !== null || child.signalCode !== null
        if (hasEnded) throw new Error(`It ended: ${written.stdout}${written.stderr}`)
        await Promise.race([once(child, 'written'), closed])
      }
    },
    async interrupt() {
      child.kill('SIGINT')
      const [exitCode] = await closed
      return exitCode
    },
  }
}

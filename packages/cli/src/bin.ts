#!/usr/bin/env node
/** The `tenantry` program: connects {@link main} to its process. */
import { fstatSync } from 'node:fs'
import process from 'node:process'
import type { PipedInput } from './command-line/command.ts'
import type { ExitCode } from './failure.ts'
import { main } from './main.ts'
import { createStyle } from './output/style.ts'

process.once('SIGINT', () => {
  // Leaving in order waits for a file that cannot be opened yet, such as a FIFO without a writer.
  // The signal itself does not, and a shell reports it as 130 as well.
  const isReading = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
  if (isReading) process.kill(process.pid, 'SIGINT')
  else process.exit(130)
})

// Undecided, until the answer is there.
let exitCode: ExitCode = 3

// `tenantry … | head` closes the pipe early: the reader has enough, and nothing went wrong. An
// answer that cannot be written for another reason, such as a full disk, is none.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(exitCode)
  const { symbols } = createStyle(process.stderr, process.env, undefined)
  const text = `${symbols.no} Standard output cannot be written: ${code ?? 'unknown reason'}.\n`
  process.stderr.write(text, () => process.exit(3))
})
// Nobody reads the notes: they are lost, and the question is still to be answered.
process.stderr.on('error', () => undefined)

const stdout = {
  isTTY: process.stdout.isTTY,
  write(text: string) {
    output += text
  },
  flush(code: ExitCode): Promise<void> {
    exitCode = code
    const text = output
    output = ''
    return new Promise((resolve) => process.stdout.write(text, () => resolve()))
  },
}
let output = ''

exitCode = await main({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: () => process.stdin,
  pipedInput,
  now: () => new Date(),
  stdout,
  stderr: process.stderr,
})
function pipedInput(): PipedInput | undefined {
  try {
    const stdin = fstatSync(0)
    if (stdin.isFile()) return 'file'
    return stdin.isFIFO() || stdin.isSocket() ? 'pipe' : undefined
  } catch {
    return undefined
  }
}

// Written at the end, so that the exit code is known when nobody reads; and ended by hand, because
// a connection that a server keeps open would hold the process.
process.stdout.write(output, (error) => {
  if (error === undefined || error === null) process.exit(exitCode)
})

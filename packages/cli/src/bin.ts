#!/usr/bin/env node
/** The `tenantry` program: connects {@link main} to its process. */
import { fstatSync } from 'node:fs'
import process from 'node:process'
import { main } from './main.ts'

let exitCode = 0

process.on('SIGINT', () => process.exit(130))
for (const stream of [process.stdout, process.stderr]) {
  // `tenantry … | head` closes the pipe early: the reader has enough, and nothing went wrong. An
  // answer that cannot be written for another reason, such as a full disk, is none.
  stream.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? exitCode : 3),
  )
}

const stdout = {
  isTTY: process.stdout.isTTY,
  write(text: string) {
    output += text
  },
}
let output = ''

exitCode = await main({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: () => process.stdin,
  isPiped,
  now: () => new Date(),
  stdout,
  stderr: process.stderr,
})
function isPiped(): boolean {
  try {
    const stdin = fstatSync(0)
    return stdin.isFIFO() || stdin.isFile() || stdin.isSocket()
  } catch {
    return false
  }
}

// Written at the end, so that the exit code is known when nobody reads; and ended by hand, because
// a connection that a server keeps open would hold the process.
process.stdout.write(output, (error) => {
  if (error === undefined || error === null) process.exit(exitCode)
})

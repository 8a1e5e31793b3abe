/** A program `xdg-open` that opens nothing: it writes down what it is told, and stays a while. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect } from 'vitest'

export interface Opener {
  /** The environment in which it is found. */
  readonly env: Readonly<Record<string, string>>
  /** Waits until it was started, and answers with its arguments. */
  opened(): Promise<string>
  /** Lets it end. */
  release(): void
}

/** Makes one in a folder that is not there yet. */
export function makeOpener(folder: string): Opener {
  mkdirSync(folder)
  const [program, opened, released] = [
    join(folder, 'xdg-open'),
    join(folder, 'opened'),
    join(folder, 'released'),
  ]
  const lines = [
    '#!/bin/sh',
    `printf '%s' "$*" > '${opened}.part'`,
    `mv '${opened}.part' '${opened}'`,
    // Ten seconds at most, for a test that fails before it lets it end.
    `n=0; while [ ! -e '${released}' ] && [ $n -lt 200 ]; do sleep 0.05; n=$((n + 1)); done`,
    '',
  ]
  writeFileSync(program, lines.join('\n'))
  chmodSync(program, 0o755)
  return {
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}` },
    async opened() {
      await expect.poll(() => existsSync(opened), { timeout: 10_000 }).toBe(true)
      return readFileSync(opened, 'utf8')
    },
    release() {
      writeFileSync(released, '')
    },
  }
}

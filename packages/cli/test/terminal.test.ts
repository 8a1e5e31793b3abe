import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { cleanEnvironment, program, run } from './support/run.ts'
import { compact, tokenFiles } from './support/token-files.ts'

const files = tokenFiles()
const introducer = '\u001b['

function start(args: readonly string[]): ReturnType<typeof spawn> {
  return spawn(process.execPath, [...program, ...args], { env: cleanEnvironment() })
}

describe('the terminal', () => {
  it('is coloured when somebody looks, and a pipe is not', async () => {
    const args = ['can', 'acme', 'admin', '--unverified', await files.good()]
    expect((await call(args, { isTTY: true })).stdout).toContain(
      `${introducer}32m✓ yes${introducer}39m`,
    )
    const piped = await run(args)
    expect(piped.stdout + piped.stderr).not.toContain(introducer)
  })

  it('obeys the flags, then NO_COLOR, then FORCE_COLOR, then the terminal', async () => {
    const args = ['can', 'acme', 'admin', '--unverified', await files.good()]
    const isColored = async (
      flags: readonly string[],
      env: Readonly<Record<string, string>>,
      isTTY: boolean,
    ): Promise<boolean> =>
      (await call([...args, ...flags], { env, isTTY })).stdout.includes(introducer)
    expect(await isColored(['--color'], { NO_COLOR: '1' }, false)).toBe(true)
    expect(await isColored(['--no-color'], { FORCE_COLOR: '1' }, true)).toBe(false)
    expect(await isColored([], { NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false)
    expect(await isColored([], { NO_COLOR: '', FORCE_COLOR: '1' }, false)).toBe(true)
    expect(await isColored([], { FORCE_COLOR: '0' }, true)).toBe(false)
    expect(await isColored([], { TERM: 'dumb' }, true)).toBe(false)
    expect(await isColored(['--json'], {}, true)).toBe(false)
  })

  it('gets ASCII where nothing else can be shown', async () => {
    const jwt = compact({ alg: 'none' }, { name: 'Zoë' })
    for (const env of [{ TERM: 'dumb' }, { LC_ALL: 'C' }, { LANG: 'de_DE.ISO-8859-1' }]) {
      const { stdout } = await call(['verify', '--jwks', files.jwks, jwt], { env })
      expect(stdout).toContain('[no] algorithm')
      expect(stdout).toMatch(/^[\x20-\x7e\n]*$/)
      expect((await call(['decode', jwt], { env })).stdout).toContain('Zo\\u00eb')
    }
  })

  it('may go away in the middle of an answer', async () => {
    const path = files.write('large.jwt', compact({ alg: 'none' }, { x: 'y'.repeat(700_000) }))
    const child = start(['decode', '--token-file', path])
    const errors: Buffer[] = []
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
    child.stdout?.once('data', () => child.stdout?.destroy())
    const [exitCode] = await once(child, 'close')
    expect(exitCode).toBe(0)
    expect(Buffer.concat(errors).toString()).toBe(
      'note: signature not checked (decode never does)\n',
    )
  })

  it('ends it with Ctrl-C, exit code 130', async () => {
    const child = start(['decode', '-'])
    // It waits for standard input from then on; there is nothing to see from outside.
    setTimeout(() => child.kill('SIGINT'), 1500)
    const [exitCode] = await once(child, 'exit')
    expect(exitCode).toBe(130)
  })
})

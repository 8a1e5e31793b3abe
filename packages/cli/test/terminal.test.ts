import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
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

  it('may close standard error before anything is decided: the notes are lost, the answer is not', async () => {
    const server = createServer((_, response) => {
      setTimeout(() => response.end(JSON.stringify(files.issuer.keys)), 1500)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const question = ['can', 'acme', 'admin', '--jwks', `http://127.0.0.1:${port}/`]
    const ask = async (jwt: string): Promise<{ exitCode: unknown; stdout: string }> => {
      const child = start([...question, jwt])
      child.stderr?.destroy()
      const stdout: Buffer[] = []
      child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
      const [exitCode] = await once(child, 'close')
      return { exitCode, stdout: Buffer.concat(stdout).toString() }
    }
    const forged = await files.issuer.forged({ authorization: { acme: { roles: ['admin'] } } })
    const [no, yes] = await Promise.all([ask(forged), ask(await files.good())])
    server.close()
    expect(no.stdout).toContain('signature_invalid')
    expect(no.exitCode).toBe(1)
    expect(yes.stdout).toContain('granted')
    expect(yes.exitCode).toBe(0)
  })

  it.each([
    ['standard input', '-'],
    ['a FIFO without a writer', '--token-file'],
  ])('ends it with Ctrl-C while it waits for %s, exit code 130', async (_, place) => {
    const fifo = join(dirname(files.jwks), 'fifo')
    if (place === '--token-file') execFileSync('mkfifo', [fifo])
    const args = [...program, 'decode', place, ...(place === '-' ? [] : [fifo])]
    // As in a terminal: the shell and the program are one group, and both get the signal.
    const shell = spawn(
      'sh',
      ['-c', 'trap : INT; "$@"; echo "$?"', 'sh', process.execPath, ...args],
      {
        env: cleanEnvironment(),
        detached: true,
      },
    )
    const signal = (name: NodeJS.Signals): void => {
      if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, name)
    }
    const stdout: Buffer[] = []
    shell.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    // It waits from then on; there is nothing to see from outside.
    const interrupt = setTimeout(() => signal('SIGINT'), 1500)
    const giveUp = setTimeout(() => signal('SIGKILL'), 8000)
    await once(shell, 'close')
    clearTimeout(interrupt)
    clearTimeout(giveUp)
    expect(Buffer.concat(stdout).toString()).toBe('130\n')
  })

  it('ends with exit code 130 for a program that runs it', async () => {
    const child = spawn(process.execPath, [...program, 'decode', '-'], { env: cleanEnvironment() })
    const closed = once(child, 'close')
    // More than a pipe holds: when it is written, the program is up and reads.
    child.stdin.write('x'.repeat(1024 * 1024), () => child.kill('SIGINT'))
    expect(await closed).toEqual([130, null])
  })
})

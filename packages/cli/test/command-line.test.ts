import { describe, expect, it } from 'vitest'
import { commands } from '../src/commands/table.ts'
import { call, callAll } from './support/call.ts'
import { run, runAll } from './support/run.ts'
import { tokenFiles } from './support/token-files.ts'

const files = tokenFiles()

describe('the command line', () => {
  it('shows help, and fails when nothing was asked for', async () => {
    const runs = await callAll([[[]], [['--help']], [['help']], [['-h']]])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 0, 0, 0])
    expect(await run([])).toEqual(runs[0])
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1)
    for (const { name, summary } of commands) {
      expect(runs[0]?.stdout).toContain(name)
      // A long one has two lines.
      expect(runs[0]?.stdout.replaceAll(/\s+/g, ' ')).toContain(summary)
    }
  })

  it('has help for every command that names every flag of it in 80 columns', async () => {
    for (const { name, options } of commands) {
      const { exitCode, stdout } = await call(['help', name])
      expect(exitCode).toBe(0)
      expect((await call([name, '--help'])).stdout).toBe(stdout)
      for (const flag of Object.keys(options)) expect(stdout).toContain(`--${flag}`)
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    }
  })

  it('shows its version in one line, or with those of core and Node', async () => {
    const [line, document] = await runAll([[['--version']], [['--version', '--json']]])
    expect(line?.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(JSON.parse(document?.stdout ?? '')).toMatchObject({
      ok: true,
      version: line?.stdout.trim(),
      core: expect.stringMatching(/^\d/),
      node: process.versions.node,
    })
  })

  it('says what was probably meant', async () => {
    const slips = [
      [['decdoe'], '"decode"'],
      [['verfy'], '"verify"'],
      [['help', 'cna'], '"can"'],
      [['decode', '--jsno'], '--json'],
      [['verify', '--isuer', 'x'], '--issuer'],
      [['verify', '--audiance=x'], '--audience'],
      [['verify', '--secret', 'x'], '--secret-file'],
      [['can', '--unverifed', 'a', 'b'], '--unverified'],
      [['decode', '--part', 'paylaod'], '"payload"'],
      [['verify', '--alg', 'rs256'], '"RS256"'],
    ] as const
    for (const [args, meant] of slips) {
      const { exitCode, stdout, stderr } = await call(args)
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain(`Did you mean ${meant}?`)
    }
    const { exitCode, stderr } = await run(['verfy'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Did you mean "verify"?')
  })

  it('says how it is typed when a role or a tenant comes as a flag', async () => {
    for (const flag of ['--role', '--roles', '--role=admin', '--tenant']) {
      const { exitCode, stderr } = await call(['can', 'acme', flag, 'admin', '--unverified'])
      expect(exitCode).toBe(2)
      expect(stderr).toContain(`There is no flag "${flag.split('=')[0]}".`)
      expect(stderr).toMatch(/plain argument/)
      expect(stderr).toContain('tenantry can TENANT ROLE')
    }
    const { stderr } = await call(['verify', '--role', 'admin'])
    expect(stderr).not.toContain('plain argument')
  })

  it('shows in its examples what works on every system', async () => {
    for (const args of [['help'], ...commands.map(({ name }) => ['help', name])]) {
      expect((await call(args)).stdout).not.toContain('pbpaste')
    }
  })

  it('ignores nothing', async () => {
    const jwt = await files.good()
    const wrong = [
      ['decode', jwt, '--issuer', 'x'],
      ['--issuer', 'x', 'decode', jwt],
      ['decode', jwt, '--json=yes'],
      ['decode', jwt, '--part'],
      ['decode', jwt, '--part', '--json'],
      ['decode', jwt, '-x'],
      ['decode', jwt, '--part='],
      ['decode', jwt, '--part', 'header', '--part', 'payload'],
      ['decode', jwt, '--color', '--no-color'],
      ['decode', jwt, '--quiet', '--json'],
      ['help', 'decode', 'verify'],
      ['help', 'decode', '--part', 'header'],
      ['version'],
      [jwt],
    ]
    const runs = await callAll(wrong.map((args) => [args]))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(wrong.map(() => 2))
  })

  it('takes its common flags before and after the command, and anything after --', async () => {
    const jwt = await files.good()
    const [before, after, literal] = await callAll([
      [['--json', 'decode', jwt]],
      [['decode', jwt, '--json']],
      [['can', '--unverified', '--', '--acme', '--json'], { stdin: jwt }],
    ])
    expect(before).toEqual(after)
    expect(literal?.stdout).toContain('The token does not name tenant "--acme".')
  })

  it('answers with exactly one JSON document, whatever goes wrong', async () => {
    const jwt = await files.good()
    const calls = [
      [['--json'], 2, 'usage_invalid'],
      [['decod', '--json'], 2, 'usage_invalid'],
      [['decode', '--jsno', '--json', jwt], 2, 'usage_invalid'],
      [['decode', '--json', 'nonsense'], 1, 'token_malformed'],
      [['decode', '--json', '--token-file', '/no'], 3, 'file_unreadable'],
      [['decode', '--json', jwt], 0, 'decoded'],
      [['verify', '--json', jwt], 3, 'keys_missing'],
      [['verify', '--json', '--jwks', files.jwks, jwt], 0, 'verified'],
      [['verify', '--json', '--key', '/no', jwt], 3, 'file_unreadable'],
      [['verify', '--json', '--key', files.jwks, 'a.b.c'], 1, 'token_malformed'],
      [['can', '--json', 'acme', 'admin', jwt], 3, 'keys_missing'],
      [['can', '--json', 'acme'], 2, 'usage_invalid'],
      [['can', '--json', 'acme', 'admin', '--jwks', files.jwks, jwt], 0, 'granted'],
      [['can', '--json', 'acme', 'x', '--jwks', files.jwks, jwt], 1, 'role_insufficient'],
      [['help', 'can', '--json'], 0, 'help'],
    ] as const
    for (const [args, exitCode, code] of calls) {
      const { stdout, ...result } = await call(args)
      const document = JSON.parse(stdout)
      expect(result.exitCode, args.join(' ')).toBe(exitCode)
      expect(document).toMatchObject({ schema: 1, code })
      expect(document.ok).toBe(exitCode === 0 || code === 'role_insufficient')
    }
    const { exitCode, stdout } = await run(['verify', '--jwsk', 'x', '--json'])
    expect(exitCode).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      ok: false,
      code: 'usage_invalid',
      message: 'There is no flag "--jwsk".',
      hints: ['Did you mean --jwks?'],
    })
  })

  it('prints nothing with --quiet: the exit code is the answer', async () => {
    const jwt = await files.good()
    const keys = ['--jwks', files.jwks]
    const runs = await runAll([
      [['verify', '--quiet', ...keys, jwt]],
      [['can', 'acme', 'owner', '--quiet', ...keys, jwt]],
      [['can', 'acme', 'owner', '--quiet', jwt]],
    ])
    expect(runs).toEqual([0, 1, 3].map((exitCode) => ({ exitCode, stdout: '', stderr: '' })))
  })

  it('does not wait for somebody to type a token', async () => {
    const { exitCode, stderr } = await call(['decode'], { isTTY: true, env: { NO_COLOR: '1' } })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('There is no token.')
    expect(stderr).toContain('Try   tenantry decode --help')
  })
})

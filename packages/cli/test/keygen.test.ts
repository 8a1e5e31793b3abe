import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { algorithmNames } from '@tenantry/core'
import { describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { run, runAll } from './support/run.ts'
import { scratchFolder } from './support/scratch.ts'

interface Jwk {
  readonly [member: string]: string
}

function readJwk(path: string): Jwk {
  return JSON.parse(readFileSync(path, 'utf8'))
}

describe('tenantry keygen', () => {
  it('writes a key for its owner, in a folder that Git ignores, and says what to do next', async () => {
    const cwd = scratchFolder()
    const { exitCode, stdout, stderr } = await run(['keygen'], { cwd })
    expect(exitCode).toBe(0)
    expect(stderr).toBe('')
    const path = join(cwd, '.tenantry/dev-key.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const { kid = '', d = '', ...half } = readJwk(path)
    expect(half).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
    const required = JSON.stringify({ crv: half['crv'], kty: 'EC', x: half['x'], y: half['y'] })
    expect(kid).toBe(`dev-${createHash('sha256').update(required).digest('base64url')}`)
    expect(stdout).toContain('✓ wrote ".tenantry/dev-key.json", mode 0600')
    expect(stdout).toContain('next   tenantry mint --tenant acme=admin')
    expect(stdout + stderr).not.toContain(d)
  })

  it('replaces a key only with --force, exit code 1', async () => {
    const cwd = scratchFolder()
    const path = join(cwd, 'key.json')
    writeFileSync(path, 'precious')
    const refused = await run(['keygen', '--out', 'key.json'], { cwd })
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('file_exists')
    expect(refused.stderr).toContain('--force')
    expect(readFileSync(path, 'utf8')).toBe('precious')
    const forced = await run(['keygen', '--out', 'key.json', '--force'], { cwd })
    expect(forced.exitCode).toBe(0)
    expect(readJwk(path)['alg']).toBe('ES256')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(cwd)).toEqual(['key.json'])
  })

  it('makes a key for every algorithm', async () => {
    for (const alg of algorithmNames) {
      const { exitCode, stdout } = await call(['keygen', '--alg', alg, '--stdout', '--json'])
      expect(exitCode).toBe(0)
      const { key } = JSON.parse(stdout)
      expect(key).toMatchObject({ alg, use: 'sig', kid: expect.stringMatching(/^dev-/) })
      expect(typeof (key.d ?? key.k)).toBe('string')
    }
  })

  it('names a key as one for development, whatever name it gets', async () => {
    const names = ['dev-mine', 'mine'].map((kid) => call(['keygen', '--stdout', '--kid', kid]))
    const keys = (await Promise.all(names)).map(({ stdout }) => JSON.parse(stdout))
    expect(keys.map(({ kid }) => kid)).toEqual(['dev-mine', 'dev-mine'])
  })

  it('prints the public half with --public, the private one with --stdout and never else', async () => {
    const cwd = scratchFolder()
    const [half, whole, document] = await runAll([
      [['keygen', '--public', '--out', 'a.json'], { cwd }],
      [['keygen', '--stdout'], { cwd }],
      [['keygen', '--json', '--out', 'b.json'], { cwd }],
    ])
    const [published] = JSON.parse(half?.stdout ?? '').keys
    const { d, ...expected } = readJwk(join(cwd, 'a.json'))
    expect(published).toEqual(expected)
    expect(half?.stderr).toBe('note: wrote the private half to "a.json", mode 0600\n')
    expect(JSON.parse(whole?.stdout ?? '')).toHaveProperty('d')
    expect(document?.stdout).not.toContain(readJwk(join(cwd, 'b.json'))['d'])
    expect(JSON.parse(document?.stdout ?? '')).toMatchObject({
      schema: 1,
      ok: true,
      code: 'key_made',
      file: 'b.json',
    })
    expect(readdirSync(cwd).sort()).toEqual(['a.json', 'b.json'])
    expect(d).toBeDefined()
  })

  it('exits with 2 for what contradicts itself, and writes nothing', async () => {
    const cwd = scratchFolder()
    const wrong = [
      ['key.json'],
      ['--alg', 'es256'],
      ['--stdout', '--out', 'x'],
      ['--stdout', '--force'],
      ['--stdout', '--public'],
      ['--public', '--alg', 'HS256'],
      ['--kdi', 'x'],
      ['--kid', 'x'.repeat(300)],
    ]
    for (const flags of wrong) {
      expect((await call(['keygen', ...flags])).exitCode, flags.join(' ')).toBe(2)
    }
    const { exitCode, stderr } = await run(['keygen', '--alg', 'ES265'], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Did you mean "ES256"?')
    expect(readdirSync(cwd)).toEqual([])
    expect(existsSync('.tenantry')).toBe(false)
  })

  it('exits with 3 where nothing can be written', async () => {
    const cwd = scratchFolder()
    const args = ['keygen', '--out', 'missing/key.json']
    const { exitCode, stderr } = await run(args, { cwd })
    expect(exitCode).toBe(3)
    expect(stderr).toContain('"missing/key.json" cannot be written: its folder does not exist.')
  })
})

describe('what keygen says to do next', () => {
  it.each(['ES256', 'RS256', 'EdDSA', 'HS512'])('works as it is, with %s', async (alg) => {
    const key = join(scratchFolder(), 'key.json')
    const made = await call(['keygen', '--alg', alg, '--out', key])
    const lines = made.stdout.match(/tenantry .*/g) ?? []
    const argumentsOf = (line = ''): string[] =>
      line
        .split(/ [<>] /)[0]
        ?.split(' ')
        .slice(1) ?? []
    const { stdout: stdin } = await call(argumentsOf(lines[0]))
    const printed = lines.find((line) => line.includes('jwks print'))
    const jwks = join(scratchFolder(), 'jwks.json')
    if (printed !== undefined) writeFileSync(jwks, (await call(argumentsOf(printed))).stdout)
    const verify = argumentsOf(lines.at(-1)).map((word) => (word === 'jwks.json' ? jwks : word))
    expect(await call(verify, { stdin })).toMatchObject({ exitCode: 0 })
  })

  it('is told to who leaves --alg out', async () => {
    const folder = scratchFolder()
    const key = join(folder, 'key.json')
    const jwks = join(folder, 'jwks.json')
    const { stdout } = await call(['keygen', '--public', '--out', key])
    writeFileSync(jwks, stdout)
    const { stdout: stdin } = await call(['mint', '--tenant', 'acme=admin', '--key', key])
    const { exitCode, stderr } = await call(['verify', '--jwks', jwks], { stdin })
    expect(exitCode).toBe(3)
    expect(stderr).toContain('If your server accepts ES256, add --alg ES256.')
    expect(
      (await call(['verify', '--jwks', jwks, '--alg', 'RS256'], { stdin })).stderr,
    ).not.toContain('add --alg')
  })
})

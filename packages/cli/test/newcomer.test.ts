/** What somebody types who has just found the program, and what helps them on. */
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, it } from 'vitest'
import { commands } from '../src/commands/table.ts'
import { call, callAll } from './support/call.ts'
import { serve } from './support/endpoint.ts'
import { cleanEnvironment, program } from './support/run.ts'
import { scratchFolder } from './support/scratch.ts'
import { tokenFiles } from './support/token-files.ts'

const files = tokenFiles()

describe('an address that is not quite one', () => {
  const slips = [
    ['verify', '--jwks', 'auth.example.com'],
    ['can', 'acme', 'admin', '--jwks', 'auth.example.com'],
    ['doctor', 'auth.example.com'],
    ['jwks', 'fetch', 'auth.example.com'],
  ]
  it.each(slips)('is completed for %s %s', async (...args) => {
    const { exitCode, stderr } = await call(args, { stdin: await files.good() })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Did you mean https://auth.example.com?')
  })

  it.each([
    ['localhost:4000', 'http://localhost:4000'],
    ['127.0.0.1:4000/jwks.json', 'http://127.0.0.1:4000/jwks.json'],
    ['auth.example.com:8443', 'https://auth.example.com:8443'],
    ['auth.example.com/jwks.json', 'https://auth.example.com/jwks.json'],
  ])('is completed with its port and its path: %s', async (typed, meant) => {
    for (const args of [
      ['jwks', 'fetch', typed],
      ['doctor', typed],
    ]) {
      expect((await call(args)).stderr).toContain(`Did you mean ${meant}?`)
    }
  })

  it('is none when it is the name of a file', async () => {
    const missing = await call(['verify', '--jwks', 'jwks.json'], { stdin: await files.good() })
    expect(missing.exitCode).toBe(3)
    expect(missing.stderr).not.toContain('Did you mean')
    const { exitCode, stderr } = await call(['doctor', files.jwks])
    expect(exitCode).toBe(2)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('for a file: tenantry inspect --jwks ')
  })

  it('of the issuer leads to doctor', async () => {
    const { url } = await serve((_, response) => response.writeHead(404).end())
    const stdin = await files.good()
    const [verify, can, path] = await callAll([
      [['verify', '--jwks', url], { stdin }],
      [['can', 'acme', 'admin', '--jwks', url], { stdin }],
      [['verify', '--jwks', `${url}/jwks.json`], { stdin }],
    ])
    expect(verify?.stdout).toContain(`Is this the issuer? tenantry doctor ${url}\n`)
    expect(can?.stderr).toContain(`Is this the issuer? tenantry doctor ${url}\n`)
    expect(path?.stdout).not.toContain('Is this the issuer?')
  })
})

describe('help', () => {
  it('says where a token may come from, of the commands that take one', async () => {
    for (const { name, token } of commands) {
      const { stdout } = await call(['help', name])
      expect(/^Token {2}/m.test(stdout), name).toBe(token !== undefined)
    }
    expect((await call(['help', 'verify'])).stdout).toContain(
      'Token  a pipe, --token-file FILE, TENANTRY_TOKEN, or the last argument\n',
    )
    expect((await call(['help', 'doctor'])).stdout).toContain('TENANTRY_JWKS, TENANTRY_ISSUER')
  })

  it('has no empty heading', async () => {
    for (const { name } of commands) {
      expect((await call(['help', name])).stdout).not.toMatch(/^Flags\n\n/m)
    }
  })

  it('of the first of two words lists the second', async () => {
    const runs = await callAll([
      [['jwks', '--help']],
      [['jwks', '-h']],
      [['help', 'jwks']],
      [['jwks', '--help', '--json']],
      [['jwks']],
      [['jwks', '--help', '--jsno']],
    ])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 2, 2])
    expect(new Set(runs.slice(0, 3).map(({ stdout }) => stdout)).size).toBe(1)
    for (const action of ['print', 'fetch', 'serve']) {
      expect(runs[0]?.stdout).toMatch(new RegExp(`^  jwks ${action} `, 'm'))
    }
  })

  it('breaks no name of two words', async () => {
    const { stderr } = await call(['nonsense'])
    for (const { name } of commands) expect(stderr).toContain(name)
    expect(stderr.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

describe('roles with a comma between them', () => {
  it('are suggested as two', async () => {
    const stdin = await files.good()
    const args = ['can', 'acme', 'admin,editor', '--jwks', files.jwks]
    const { exitCode, stdout } = await call(args, { stdin })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('did you mean two roles? tenantry can acme admin editor')
    const odd = await call(['can', 'acme', 'a b,c;d', '--jwks', files.jwks], { stdin })
    expect(odd.stdout).toContain('did you mean several roles?')
    expect(odd.stdout).not.toContain('tenantry can')
  })

  it('are one role where the token has it', async () => {
    const authorization = { acme: { roles: ['editor, senior'] } }
    const stdin = await files.good({ authorization })
    const args = ['can', 'acme', 'editor, senior', '--jwks', files.jwks]
    const { exitCode, stdout } = await call(args, { stdin })
    expect(exitCode).toBe(0)
    expect(stdout).not.toContain('did you mean')
  })
})

it('a variable that only doctor reads is named as one', async () => {
  const options = { stdin: await files.good(), env: { TENANTRY_JWKS: 'https://auth.example.com' } }
  for (const command of [['verify'], ['can', 'acme', 'admin']]) {
    const { exitCode, stdout, stderr } = await call(command, options)
    expect(exitCode).toBe(3)
    expect(stdout + stderr).toContain('add --jwks "$TENANTRY_JWKS"')
  }
})

it.runIf(existsSync('/dev/full'))('a disk that is full is not silent', async () => {
  const fd = openSync('/dev/full', 'w')
  const args = ['verify', '--jwks', files.jwks]
  const { status, stderr } = spawnSync(process.execPath, [...program, ...args], {
    env: cleanEnvironment(),
    input: await files.good(),
    stdio: ['pipe', fd, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(fd)
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: '✗ Standard output cannot be written: ENOSPC.\n',
  })
})

it('doctor says of a key that is not published that it is not', async () => {
  const stranger = createTestIssuer()
  const { url } = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(files.issuer.keys))
  })
  const args = [
    'doctor',
    `${url}/jwks.json`,
    '--token-file',
    files.write('t.jwt', await stranger.token()),
  ]
  const { stdout } = await call([...args, '--json'])
  const { checks } = JSON.parse(stdout)
  expect(checks).toContainEqual(
    expect.objectContaining({
      id: 'D39',
      detail: "not reached: the token's key is not published, or not usable",
    }),
  )
})

describe('a slip', () => {
  it.each([
    ['version', '"--version"'],
    ['-V', '--version'],
    ['-v', '--version'],
    ['serve', '"jwks serve"'],
    ['print', '"jwks print"'],
    ['fetch', '"jwks fetch"'],
  ])('such as %s has a suggestion', async (word, meant) => {
    const { exitCode, stderr } = await call([word])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`Did you mean ${meant}?`)
  })

  it('such as a port in use says how to get another one', async () => {
    const { url } = await serve((_, response) => response.end())
    const key = join(scratchFolder(), 'key.json')
    const made = await call(['keygen', '--out', key])
    expect(made.exitCode).toBe(0)
    const args = ['jwks', 'serve', '--key', key, '--port', new URL(url).port]
    const { exitCode, stderr } = await call(args)
    expect(exitCode).toBe(3)
    expect(stderr).toContain('Leave --port out to get a free one.')
    expect((await call(['keygen', '--out', key])).stderr).toContain('another name with --out FILE')
  })
})

describe('what would be lost', () => {
  it('is not made', async () => {
    const key = join(scratchFolder(), 'key.json')
    const token = join(scratchFolder(), 'token.jwt')
    const runs = []
    for (const args of [
      ['keygen', '--stdout', '--quiet'],
      ['keygen', '--out', key, '--quiet'],
      ['mint', '--key', key, '--quiet'],
      ['mint', '--key', key, '--quiet', '--out', token],
    ]) {
      runs.push((await call(args)).exitCode)
    }
    expect(runs).toEqual([2, 0, 2, 0])
  })
})

it('a key that every verifier refuses signs with a note', async () => {
  const pemOf = (modulusLength: number): string =>
    generateKeyPairSync('rsa', { modulusLength })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString()
  const weak = await call(['mint', '--key', files.write('weak.pem', pemOf(1024))])
  expect(weak.exitCode).toBe(0)
  expect(weak.stderr).toContain(
    'note: the key has 1024 bits; a verifier refuses RSA keys below 2048',
  )
  const good = await call(['mint', '--key', files.write('good.pem', pemOf(2048))])
  expect(good.stderr).not.toContain('bits')
})

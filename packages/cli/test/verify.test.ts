import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { createTestIssuer } from '@tenantry/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, callAll } from './support/call.ts'
import { cleanEnvironment, program, run, runAll } from './support/run.ts'
import { tokenFiles } from './support/token-files.ts'

const files = tokenFiles()
let server: Awaited<ReturnType<typeof files.issuer.listen>>

beforeAll(async () => {
  server = await files.issuer.listen()
})
afterAll(() => server.close())

/** The lines of the list, by the name of the check. */
function checksIn(stdout: string): Readonly<Record<string, string>> {
  const lines = stdout.split('\n').map((line) => /^(\S+) (\w+) /.exec(line))
  return Object.fromEntries(lines.flatMap((match) => (match ? [[match[2], match[1]]] : [])))
}

describe('tenantry verify', () => {
  it('does not take the token of the environment for the forged one that is piped in', async () => {
    const good = await files.good()
    const forged = await files.issuer.forged()
    const fd = openSync(files.write('forged.jwt', forged), 'r')
    const args = ['verify', '--quiet', '--key', files.pem]
    const env = { TENANTRY_TOKEN: good }
    const { status, stdout } = spawnSync(process.execPath, [...program, ...args], {
      env: cleanEnvironment(env),
      stdio: [fd, 'pipe', 'pipe'],
      encoding: 'utf8',
    })
    closeSync(fd)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    const shown = ['verify', '--key', files.pem]
    const runs = await runAll([
      [args, { env, stdin: forged }],
      [shown, { env, stdin: forged }],
      [[...shown, '--json'], { env, stdin: forged }],
      [shown, { env, stdin: '\n' }],
      [[...args, '-'], { env, stdin: forged }],
      [args, { env, stdin: '' }],
      [shown, { env, stdin: '' }],
    ])
    expect(runs.map((result) => result.exitCode)).toEqual([2, 2, 2, 2, 1, 0, 0])
    expect(runs[1]?.stderr).toContain('There are two tokens')
    expect(runs[6]?.stderr).toBe('')
    const nothing = spawnSync(process.execPath, [...program, ...args], {
      env: cleanEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect(nothing.status).toBe(0)
  })

  it('does not answer about the token of the environment while another may still be piped in', async () => {
    const child = spawn(process.execPath, [...program, 'verify', '--key', files.pem], {
      env: cleanEnvironment({ TENANTRY_TOKEN: await files.good() }),
    })
    const [stderr, [status]] = await Promise.all([
      text(child.stderr),
      once(child, 'exit'),
      text(child.stdout),
    ])
    expect(status).toBe(2)
    expect(stderr).toContain('There may be two tokens')
    expect(stderr).toContain('< /dev/null')
  })

  it('accepts a good token with keys from a URL, a JWKS file, a PEM, a JWK and a secret', async () => {
    const jwt = await files.good()
    const [jwk] = 'keys' in files.issuer.keys ? files.issuer.keys.keys : []
    const hmac = createTestIssuer({ algorithm: 'HS256' })
    const secret = 'secret' in hmac.keys ? JSON.stringify(hmac.keys.secret) : ''
    const runs = await runAll([
      [['verify', '--jwks', server.url], { stdin: jwt }],
      [['verify', '--jwks', files.jwks, jwt]],
      [['verify', '--key', files.pem], { env: { TENANTRY_TOKEN: jwt } }],
      [['verify', '--key', files.write('key.jwk', JSON.stringify(jwk))], { stdin: jwt }],
      [
        ['verify', '--secret-file', files.write('secret.json', secret)],
        { stdin: await hmac.token() },
      ],
    ])
    for (const { exitCode, stdout } of runs) {
      expect(stdout).toContain('✓ signature')
      expect(stdout).toContain('– issuer     not checked')
      expect(stdout.trimEnd().split('\n').at(-1)).toBe('✓ valid   verified')
      expect(exitCode).toBe(0)
    }
    expect(runs[0]?.stdout).toMatch(/✓ expiry +expires \d{4}-\d\d-\d\d [\d:]{8}Z {2}in 4 minutes/)
  })

  it('asks a JWKS endpoint once, also when it looks at each check by itself', async () => {
    const before = server.requests
    const jwt = await files.good()
    const args = ['verify', '--jwks', server.url, '--issuer', 'x', '--audience', 'y']
    const { exitCode, stdout } = await call(args, { stdin: jwt })
    expect(exitCode).toBe(1)
    expect(checksIn(stdout)).toMatchObject({ issuer: '✗', audience: '✗', expiry: '✓' })
    expect(server.requests - before).toBe(1)
  })

  it('lists every claim that fails, and gives the code of the first', async () => {
    const jwt = await files.issuer.expired({ iss: 'https://auth.example.com/', aud: ['a', 'b'] })
    const args = ['--issuer', 'https://auth.example.com', '--audience', 'b', '--audience', 'c']
    const pins = ['--workspace', 'demo1234', '--mode', 'live', '--max-age', '15m']
    const [human, json] = await callAll([
      [['verify', '--jwks', files.jwks, ...args, ...pins], { stdin: jwt }],
      [['verify', '--json', '--jwks', files.jwks, ...args, ...pins], { stdin: jwt }],
    ])
    expect(human?.exitCode).toBe(1)
    expect(checksIn(human?.stdout ?? '')).toEqual({
      format: '✓',
      algorithm: '✓',
      typ: '✓',
      key: '✓',
      signature: '✓',
      kind: '✓',
      issuer: '✗',
      audience: '✓',
      mode: '✗',
      workspace: '✓',
      claims: '–',
      expiry: '✗',
      age: '–',
      invalid: '✗',
    })
    expect(human?.stdout).toContain('They differ only in the last "/".')
    expect(human?.stdout).toContain('✗ invalid   issuer_mismatch')
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({
      schema: 1,
      ok: false,
      code: 'issuer_mismatch',
      failures: ['issuer_mismatch', 'mode_mismatch', 'token_expired'],
    })
  })

  it('never shows a check as passed that comes after the one that failed', async () => {
    const jwt = await files.good()
    const other = createTestIssuer({ algorithm: 'ES256' })
    const forged = await files.issuer.forged()
    const runs = await callAll([
      [['verify', '--jwks', files.jwks], { stdin: forged }],
      [['verify', '--jwks', files.jwks], { stdin: await other.token() }],
      [['verify', '--jwks', files.jwks], { stdin: 'nonsense' }],
      [['verify', '--jwks', files.jwks, '--typ', 'at+jwt'], { stdin: jwt }],
      [
        ['verify', '--jwks', files.jwks, '--issuer', 'x'],
        { stdin: await files.issuer.refreshToken() },
      ],
    ])
    const codes = ['signature_invalid', 'alg_not_allowed', 'token_malformed', 'typ_unexpected']
    const last = ['signature', 'algorithm', 'format', 'typ', 'kind']
    for (const [index, { exitCode, stdout }] of runs.entries()) {
      expect(exitCode).toBe(1)
      expect(stdout).toContain(`✗ invalid   ${codes[index] ?? 'token_kind_unexpected'}`)
      const list = stdout.slice(stdout.indexOf(`✗ ${last[index]}`), stdout.indexOf('\n\n'))
      expect(list).not.toContain('✓')
    }
    expect(runs[4]?.stdout).toContain('– issuer     not reached')
    expect(await run(['verify', '--jwks', files.jwks], { stdin: forged })).toEqual(runs[0])
  })

  it('tells an old token from one that has expired, at the time it is told', async () => {
    const iat = Date.parse('2030-01-01T00:00:00Z') / 1000
    const stdin = await files.good({ iat, exp: iat + 3600 })
    const args = ['verify', '--jwks', files.jwks, '--max-age', '10m', '--at']
    const [young, old, expired, early] = await callAll([
      [[...args, '2030-01-01T00:05:00Z'], { stdin }],
      [[...args, '2030-01-01 00:30'], { stdin }],
      [[...args, `${iat + 3660}`], { stdin }],
      [[...args, '2029-12-31'], { stdin }],
    ])
    expect(young?.exitCode).toBe(0)
    expect(checksIn(old?.stdout ?? '')).toMatchObject({ expiry: '✓', age: '✗', invalid: '✗' })
    expect(checksIn(expired?.stdout ?? '')).toMatchObject({ expiry: '✗', age: '–', invalid: '✗' })
    expect(expired?.stdout).toContain('expired 2030-01-01 01:00:00Z  1 minute ago')
    expect(early?.stdout).toContain('✗ invalid   claim_invalid')
  })

  it('exits with 3 without keys, with keys that cannot be had, and with keys that are none', async () => {
    const stdin = await files.good()
    const dead = await createTestIssuer().listen()
    await dead.close()
    const runs = await callAll([
      [['verify'], { stdin }],
      [['verify', '--workspace', 'demo1234'], { stdin }],
      [['verify', '--jwks', dead.url], { stdin }],
      [['verify', '--jwks', server.url.replace('jwks.json', 'nothing')], { stdin }],
      [['verify', '--jwks', '/does/not/exist'], { stdin }],
      [['verify', '--key', files.write('empty.pem', '')], { stdin }],
      [['verify', '--key', files.write('address.pem', server.url)], { stdin }],
      [['verify', '--jwks', files.write('odd.json', '{"secret":{"keys":[]}}')], { stdin }],
    ])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([3, 3, 3, 3, 3, 3, 3, 3])
    const processes = await runAll([
      [['verify'], { stdin }],
      [['verify', '--jwks', dead.url], { stdin }],
    ])
    expect(processes).toEqual([runs[0], runs[2]])
    expect(runs[0]?.stdout).toContain('! undecided   keys_missing')
    expect(runs[0]?.stdout).toContain('– signature  not checked')
    expect(runs[1]?.stdout).toContain('add --mode live or --mode test')
    expect(runs[2]?.stdout).toContain('ECONNREFUSED')
    expect(runs[3]?.stdout).toContain('the endpoint answered with status 404')
  })

  it('exits with 2 for flags that are wrong or contradict each other', async () => {
    const stdin = await files.good()
    const secret = files.write('secret.txt', 'x'.repeat(64))
    const wrong = [
      ['--jwks', 'http://auth.example.com/jwks.json'],
      ['--jwks', files.jwks, '--key', files.pem],
      ['--jwks', files.jwks, '--issuer', ''],
      ['--jwks', files.jwks, '--issuer', 'a', '--issuer', 'b'],
      ['--jwks', files.jwks, '--audience='],
      ['--jwks', files.jwks, '--alg', 'HS256'],
      ['--secret-file', secret, '--alg', 'RS256'],
      ['--jwks', files.jwks, '--alg', 'none'],
      ['--jwks', files.jwks, '--clock-tolerance', '2m'],
      ['--jwks', files.jwks, '--max-age', 'soon'],
      ['--jwks', files.jwks, '--at', '2026-02-30'],
      ['--workspace', 'de/mo', '--mode', 'live'],
    ]
    const runs = await callAll(wrong.map((flags) => [['verify', ...flags], { stdin }] as const))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(wrong.map(() => 2))
    expect(runs.map(({ stdout }) => stdout).join('')).toBe('')
    const { exitCode } = await run(['verify', '--jwks', files.jwks, '--isuer', 'x'], { stdin })
    expect(exitCode).toBe(2)
  })
})

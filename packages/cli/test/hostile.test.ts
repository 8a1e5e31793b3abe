import { escapeText, printableJson, quote } from '@tenantry/report'
import { describe, expect, it } from 'vitest'
import { call, callAll } from './support/call.ts'
import { run } from './support/run.ts'
import { compact, tokenFiles } from './support/token-files.ts'

const files = tokenFiles()

/** Moves the cursor, rings, colours, sets the title, hides, turns the line around, breaks it. */
const hostile = [
  '\u001b[2J\u001b[31mred',
  '\u001b]0;title\u0007',
  '\u009b31m',
  '\u202egnp.exe',
  '\u2066x\u2069',
  'zero\u200bwidth\ufeff',
  '\u2028line\u2029',
  'back\b\b\rspace',
  '\u{e0041}tag',
  '\u05d0\u05d1\u0661',
  '\u3164\u2800',
  'del\u007f',
  '\u0430cme',
  'a\nb\tc',
]

/** What may appear on a terminal: ASCII, line breaks, and the symbols of the program. */
const plain = /^[\x20-\x7e\n✓✗–·…→█░]*$/

/** The colours of the program itself. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[(?:1|2|22|31|32|33|36|39)m`, 'g')

describe('a hostile token', () => {
  const names = Object.fromEntries(hostile.map((name) => [name, { roles: hostile }]))
  const claims = { ...Object.fromEntries(hostile.map((name) => [name, name])), iss: hostile[0] }

  it('reaches the terminal as plain text only, whatever is in its claims', async () => {
    const stdin = await files.issuer.token({ authorization: names, ...claims, aud: hostile })
    const header = { kid: hostile[0], typ: hostile[3], alg: hostile[2] }
    const odd = compact(header, claims)
    const keys = ['--jwks', files.jwks]
    const runs = await callAll([
      [['decode'], { stdin, env: { LANG: 'C' } }],
      [['verify', ...keys, '--issuer', `${hostile[1]}`, '--audience', 'x'], { stdin }],
      [['verify', ...keys], { stdin: odd }],
      [['can', '--list', ...keys], { stdin }],
      [['can', `${hostile[3]}`, `${hostile[0]}`, ...keys], { stdin }],
      [['can', `${hostile[2]}x`, `${hostile[2]}`, ...keys], { stdin }],
      [[`${hostile[0]}`]],
      [['decode', `--${hostile[0]}`]],
      [['decode', '--part', `${hostile[4]}`]],
      [['decode', '--token-file', `${hostile[4]}`]],
      [['verify', '--jwks', `https://${hostile[4]}`], { stdin }],
    ])
    for (const { stdout, stderr } of runs) {
      expect(stdout).toMatch(plain)
      expect(stderr).toMatch(plain)
    }
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 1, 1, 0, 0, 1, 2, 2, 2, 3, 2])
    expect(JSON.parse(runs[0]?.stdout ?? '').payload).toMatchObject(claims)
    expect(await run(['can', '--list', ...keys], { stdin })).toEqual(runs[3])
  })

  it('is inspected and compared as plain text only, in colour as well', async () => {
    const stdin = await files.issuer.token({ authorization: names, ...claims, aud: hostile })
    const header = {
      kid: hostile[0],
      typ: hostile[3],
      alg: hostile[2],
      crit: hostile,
      jku: hostile,
    }
    const odd = compact(header, {
      ...claims,
      type: hostile[0],
      sub: hostile[5],
      authorization: names,
    })
    const other = compact({ alg: 'none' }, { authorization: { ...names, x: { roles: [] } } })
    const [one, two] = [files.write('odd.jwt', odd), files.write('other.jwt', other)]
    const keys = ['--jwks', files.jwks]
    const runs = await callAll([
      [['inspect', '--claims', '--all'], { stdin }],
      [['inspect', '--claims', ...keys, '--issuer', `${hostile[1]}`], { stdin }],
      [
        ['inspect', '--claims', '--tenant', `${hostile[3]}`, '--role', `${hostile[0]}x`],
        { stdin: odd },
      ],
      [['inspect', '--known-role', `${hostile[0]}y`], { stdin: odd }],
      [['inspect', '--color', '--claims'], { stdin: odd }],
      [['diff', one, two]],
      [['diff', two, one, '--color']],
      [['diff', one, `${hostile[0]}.jwt`]],
      [['explain', `${hostile[0]}`]],
      [['completion', `${hostile[0]}`]],
    ])
    for (const { stdout, stderr } of runs) {
      for (const line of `${stdout}${stderr}`.replace(colours, '').split('\n')) {
        expect(line).toMatch(plain)
        expect(line.length, line).toBeLessThanOrEqual(80)
      }
    }
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0, 0, 0, 1, 1, 3, 2, 2])
    expect(runs[4]?.stdout).toMatch(colours)
    const real = await run(['inspect', '--claims'], { stdin: odd })
    expect(real.stdout).toMatch(plain)
    expect((await run(['diff', one, two])).stdout).toBe(runs[5]?.stdout)
  })

  it('is the same JSON after every escape, and keeps the letters of people', async () => {
    const payload = { name: 'Zoë 李', ...claims, deep: hostile }
    const { stdout } = await call(['decode', compact({ alg: 'none' }, payload)])
    expect(stdout).toContain('Zoë 李')
    expect(JSON.parse(stdout).payload).toEqual(payload)
    for (const text of hostile.slice(0, 12)) {
      const bare = escapeText(text)
      expect(bare).toMatch(/^[\x20-\x7e]*$/)
      expect(JSON.parse(printableJson(text))).toBe(text)
    }
    expect(quote('x'.repeat(1000))).toHaveLength(64)
    expect(quote('\u0430cme')).toBe('"\\u0430cme"')
  })

  it('may be large, deep or no text at all, and is refused without a stack trace', async () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
    const invalid = Buffer.from([0xff, 0xfe, 0xc3, 0x28])
    const big = compact({ alg: 'RS256' }, { big: 'x'.repeat(1024 * 1024) })
    const inputs = [
      deep,
      invalid,
      big,
      'x'.repeat(3 * 1024 * 1024),
      'bearer '.repeat(200_000),
      compact({ alg: 'none' }, `{"a":${deep}}`),
      `${compact('{}', '{}').split('.')[0]}.${invalid.toString('base64url')}.AAAA`,
      '"'.repeat(1024 * 1024),
      '{"access_token":{"a":1}}',
    ]
    for (const stdin of inputs) {
      for (const command of [
        ['decode'],
        ['inspect'],
        ['diff', files.write('good.jwt', compact({ alg: 'none' }, {}))],
        ['verify'],
        ['can', 'acme', 'admin', '--unverified'],
      ]) {
        const { exitCode, stdout, stderr } = await call(command, { stdin })
        expect(exitCode).toBe(1)
        expect(stdout + stderr).not.toContain('defect')
        expect(stdout.length + stderr.length).toBeLessThan(2000)
      }
    }
    const endless = await run(['decode', '--token-file', '/dev/zero'])
    expect(endless.exitCode).toBe(1)
    expect(endless.stderr).toContain('token_too_large')
  })

  it('is inspected when it is as deep and as large as a token can be', async () => {
    const deepest = `${'{"a":'.repeat(31)}{}${'}'.repeat(31)}`
    const wide = JSON.stringify({ x: 'y'.repeat(700_000), authorization: { a: { roles: ['r'] } } })
    for (const claims of [deepest, wide]) {
      const stdin = compact({ alg: 'none' }, claims)
      for (const args of [
        ['inspect', '--claims'],
        ['diff', files.write('big.jwt', stdin)],
      ]) {
        const { exitCode, stdout } = await call(args, { stdin })
        expect(exitCode).toBe(0)
        expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true)
      }
    }
  })

  it('cannot name a tenant that is not one', async () => {
    const map = '{"__proto__":{"roles":["admin"]},"constructor":{"roles":["x"]},"list":[],"n":null}'
    const stdin = compact({ alg: 'none' }, `{"authorization":${map}}`)
    const unverified = ['--unverified', '--json']
    const list = await call(['can', '--list', ...unverified], { stdin })
    expect(JSON.parse(list.stdout).tenants).toEqual([{ tenant: 'constructor', roles: ['x'] }])
    for (const tenant of ['__proto__', 'toString', 'list', 'n', 'hasOwnProperty']) {
      const { exitCode, stdout } = await call(['can', tenant, 'admin', ...unverified], { stdin })
      expect(exitCode).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({ allowed: false, code: 'tenant_forbidden' })
    }
  })

  it('with very many tenants gets a short answer for a person and a whole one for a program', async () => {
    const tenants = Array.from({ length: 20_000 }, (_, index) => [`t${index}`, { roles: ['r'] }])
    const stdin = compact({ alg: 'none' }, { authorization: Object.fromEntries(tenants) })
    const args = ['can', 'x'.repeat(128), 'r', '--unverified']
    const { stdout } = await run(args, { stdin })
    expect(stdout).toContain('and 19990 more')
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true)
    const json = await call([...args, '--json'], { stdin })
    expect(JSON.parse(json.stdout).heldElsewhere).toHaveLength(20_000)
    const inspected = await call(['inspect'], { stdin })
    expect(inspected.stdout).toContain('20000 tenants')
    expect(inspected.stdout.split('\n').length).toBeLessThan(60)
    const inspectedJson = await call(['inspect', '--json'], { stdin })
    expect(JSON.parse(inspectedJson.stdout).tenants).toHaveLength(20_000)
    const empty = files.write('empty.jwt', compact({ alg: 'none' }, { authorization: {} }))
    expect((await call(['diff', empty, '--json'], { stdin })).exitCode).toBe(1)
  })
})

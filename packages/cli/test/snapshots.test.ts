/** What every command prints for a person, kept as files that can be read. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../src/commands/table.ts'
import { type Replay, replay } from './support/replay.ts'

const keys = '--jwks jwks.json'

/** Command lines by the name of their file. */
const lines: Readonly<Record<string, readonly string[]>> = {
  decode: ['tenantry decode < token.jwt', 'tenantry decode --part payload < old.jwt'],
  inspect: [
    'tenantry inspect < token.jwt',
    `tenantry inspect ${keys} < token.jwt`,
    `tenantry inspect ${keys} --issuer https://auth.example.com --audience api < old.jwt`,
    'tenantry inspect --issuer x < token.jwt',
    'tenantry inspect --claims --tenant acme --tenant Globex < token.jwt',
    'tenantry inspect < odd.jwt',
    'tenantry inspect < many.jwt',
    'tenantry inspect < refresh.jwt',
    'tenantry inspect < jwks.json',
  ],
  verify: [
    `tenantry verify ${keys} < token.jwt`,
    `tenantry verify ${keys} --issuer https://auth.example.com --max-age 5m < old.jwt`,
    'tenantry verify < token.jwt',
    `tenantry verify ${keys} < odd.jwt`,
  ],
  can: [
    `tenantry can acme admin ${keys} < token.jwt`,
    `tenantry can globex admin ${keys} < token.jwt`,
    `tenantry can Globex editor ${keys} < token.jwt`,
    `tenantry can --list ${keys} < token.jwt`,
    'tenantry can acme admin < token.jwt',
    'tenantry can acme admin --unverified < old.jwt',
    `tenantry can acme admin ${keys} < old.jwt`,
  ],
  diff: [
    'tenantry diff token.jwt token.jwt',
    'tenantry diff token.jwt new.jwt',
    'tenantry diff token.jwt odd.jwt',
    'tenantry diff many.jwt refresh.jwt',
    'tenantry diff token.jwt',
  ],
  mint: [
    'tenantry mint --tenant acme=admin,member --tenant globex --claims session.json',
    'tenantry mint --tenant acme=admin --out minted.jwt',
    'tenantry mint --tenant acme=admin --out minted.jwt',
    'tenantry mint --expired --tampered --sub usr_7 --claims session.json',
    'tenantry mint --iss https://auth.example.com',
    'tenantry mint --role admin',
    'tenantry mint --key jwks.json',
  ],
  keygen: [
    'tenantry keygen --kid first --out first.json',
    'tenantry keygen --kid first --out first.json',
    'tenantry keygen --alg HS256 --kid secret --out secret.json',
    'tenantry keygen',
    'tenantry keygen --alg ES265',
  ],
  'jwks print': ['tenantry jwks print', 'tenantry jwks print --key token.jwt'],
  'jwks fetch': [
    'tenantry jwks fetch https://keys.example.com/jwks.json',
    'tenantry jwks fetch https://gone.example.com/jwks.json',
    'tenantry jwks fetch http://auth.example.com/jwks.json',
  ],
  // What it prints when it listens is in jwks-serve.test.ts.
  'jwks serve': ['tenantry jwks serve --host 0.0.0.0', 'tenantry jwks serve --fail-rate 25'],
  doctor: [
    'tenantry doctor https://auth.example.com --token-file token.jwt',
    'tenantry doctor https://gone.example.com/jwks.json',
    'tenantry doctor http://auth.example.com/jwks.json --issuer https://auth.example.com',
    'tenantry doctor https://auth.example.com --only D20 --only D31',
    'tenantry doctor https://auth.example.com --only D2',
    'tenantry doctor',
  ],
  // What it prints when it serves is in ui.test.ts.
  ui: [
    'tenantry ui --export inspector.html',
    'tenantry ui --export inspector.html',
    'tenantry ui --export other.html --port 8080',
    'tenantry ui --port 80800',
  ],
  explain: [
    'tenantry explain token_expired',
    'tenantry explain D21',
    'tenantry explain tenant_conflict',
    'tenantry explain life_of_months',
    'tenantry explain keys_missing',
    'tenantry explain token_expird',
    'tenantry explain --list',
  ],
  completion: ['tenantry completion', 'tenantry completion bsh'],
  help: ['tenantry', ...commands.map(({ name }) => `tenantry help ${name}`)],
}

describe('the output for a person', () => {
  let terminal: Replay
  beforeAll(async () => {
    terminal = await replay()
  })
  afterAll(() => terminal.close())

  it('is kept for every command', () => {
    for (const { name } of commands) expect(Object.keys(lines)).toContain(name)
  })

  it.each(Object.entries(lines))('of %s fits into 80 columns', async (name, list) => {
    const outputs: string[] = []
    for (const line of list) outputs.push(`$ ${line}\n${await terminal.type(`${line}; echo $?`)}`)
    const text = outputs.join('\n')
    // A token is one line, however long: it is there to be copied.
    const isWhole = /^(\$ |eyJ[\w-]+\.)/
    const wide = text.split('\n').filter((line) => line.length > 80 && !isWhole.test(line))
    expect(wide).toEqual([])
    await expect(text).toMatchFileSnapshot(
      join(import.meta.dirname, `snapshots/${name.replace(' ', '-')}.txt`),
    )
  })

  it('of inspect, diff and doctor has an ASCII form', async () => {
    const env = { LC_ALL: 'C' }
    const outputs: string[] = []
    for (const line of [
      `tenantry inspect ${keys} < token.jwt`,
      'tenantry inspect < odd.jwt',
      'tenantry inspect < many.jwt',
      'tenantry diff token.jwt new.jwt',
      'tenantry doctor https://auth.example.com --token-file token.jwt',
    ]) {
      outputs.push(`$ ${line}\n${await terminal.type(line, { env })}`)
    }
    const text = outputs.join('\n')
    expect(text).toMatch(/^[\x20-\x7e\n]*$/)
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'snapshots/ascii.txt'))
  })

  it('of inspect has colours by meaning on a terminal, and nothing but them', async () => {
    const line = `tenantry inspect ${keys} --token-file old.jwt`
    const coloured = await terminal.type(line, { isTTY: true })
    const start = String.fromCharCode(27)
    expect(coloured).toContain(`${start}[32m✓ signature matches${start}[39m`)
    expect(coloured).toContain(
      `${start}[31mexpired   2026-11-20 15:45:00Z   3 minutes ago${start}[39m`,
    )
    const bare = coloured.replace(new RegExp(`${start}\\[\\d+m`, 'g'), '')
    expect(bare).toBe(await terminal.type(line))
    expect(await terminal.type(line, { isTTY: true, env: { NO_COLOR: '1' } })).toBe(bare)
  })
})

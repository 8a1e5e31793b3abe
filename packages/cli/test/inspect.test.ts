import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { runAll } from './support/run.ts'
import { compact, tokenFiles } from './support/token-files.ts'

const files = tokenFiles()
const keys = ['--jwks', files.jwks]

const noteIds = (stdout: string): readonly string[] =>
  JSON.parse(stdout).notes.map(({ id }: { id: string }) => id)

describe('inspect', () => {
  it('reads the token from each place, as the real program, with the same answer', async () => {
    const jwt = await files.good()
    const path = files.write('inspected.jwt', `${jwt}\n`)
    const runs = await runAll([
      [['inspect', '--json', jwt]],
      [['inspect', '--json', '-'], { stdin: jwt }],
      [['inspect', '--json'], { stdin: jwt }],
      [['inspect', '--json', '--token-file', path]],
      [['inspect', '--json'], { env: { TENANTRY_TOKEN: jwt } }],
    ])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0])
    const documents = runs.map(({ stdout }) => ({ ...JSON.parse(stdout), life: undefined }))
    for (const document of documents) expect(document).toEqual(documents[0])
    expect(runs[0]?.stderr).toContain('shell history')
    expect(runs[2]?.stderr).toBe('')
  })

  it('cleans what is pasted', async () => {
    const jwt = await files.good()
    for (const stdin of [
      `Bearer ${jwt}`,
      `Authorization: Bearer ${jwt}\r\n`,
      `"${jwt}"`,
      jwt.replace(/.{60}/g, '$&\n'),
      JSON.stringify({ access_token: jwt, token_type: 'Bearer' }),
    ]) {
      const { exitCode, stdout } = await call(['inspect', '--json'], { stdin })
      expect(exitCode).toBe(0)
      expect(JSON.parse(stdout).bytes).toBe(jwt.length)
    }
  })

  it('exits with 0, 1, 2 and 3 for what they mean, as the real program', async () => {
    const [good, expired, forged] = [
      await files.good(),
      await files.issuer.expired(),
      await files.issuer.forged(),
    ]
    const runs = await runAll([
      [['inspect', '--json'], { stdin: good }],
      [['inspect', '--json', ...keys], { stdin: good }],
      // Nobody asked whether it is valid.
      [['inspect', '--json'], { stdin: expired }],
      [['inspect', '--json', ...keys], { stdin: expired }],
      [['inspect', '--json', ...keys], { stdin: forged }],
      [['inspect', '--json', ...keys, '--issuer', 'x'], { stdin: good }],
      [['inspect', '--json'], { stdin: 'nonsense' }],
      [['inspect', '--json', '--isuer', 'x'], { stdin: good }],
      [['inspect', '--json', good, good]],
      [['inspect', '--json', '--issuer', 'x'], { stdin: good }],
      [['inspect', '--json', '--jwks', '/no/such/file'], { stdin: good }],
      [['inspect', '--json', '--jwks', 'http://127.0.0.1:9/'], { stdin: good }],
    ])
    expect(runs.map(({ exitCode, stdout }) => [exitCode, JSON.parse(stdout).code])).toEqual([
      [0, 'inspected'],
      [0, 'verified'],
      [0, 'inspected'],
      [1, 'token_expired'],
      [1, 'signature_invalid'],
      [1, 'issuer_mismatch'],
      [1, 'token_malformed'],
      [2, 'usage_invalid'],
      [2, 'usage_invalid'],
      [3, 'keys_missing'],
      [3, 'file_unreadable'],
      [3, 'keys_unavailable'],
    ])
  })

  it('says what the text is, when it is no token', async () => {
    const { stderr } = await call(['inspect'], { stdin: 'a.b.c.d.e' })
    expect(stderr).toContain('encrypted')
    expect((await call(['inspect'], { stdin: 'opaque' })).stderr).toContain('opaque token')
    expect((await call(['decode'], { stdin: 'e30.e30' })).stderr).toContain('signature is missing')
  })

  it('never claims that a signature was checked that was not', async () => {
    const unsigned = compact({ alg: 'none' }, { authorization: { acme: { roles: ['admin'] } } })
    for (const args of [['inspect'], ['inspect', ...keys], ['inspect', '--issuer', 'x']]) {
      const { stdout } = await call(args, { stdin: unsigned })
      expect(stdout).toContain('signature not checked')
      expect(stdout).not.toContain('matches')
      const document = JSON.parse((await call([...args, '--json'], { stdin: unsigned })).stdout)
      expect(document.verified).toBe(false)
    }
    const good = await call(['inspect', ...keys], { stdin: await files.good() })
    expect(good.stdout).toContain('✓ signature matches')
    const forged = await call(['inspect', ...keys], { stdin: await files.issuer.forged() })
    expect(forged.stdout).toContain('✗ signature does not match')
  })

  it('notes keys that are weak or unknown, from a file and from an address', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const jwt = await files.good()
    const { kid } = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())
    const weak = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] }
    const path = files.write('weak.json', JSON.stringify(weak))
    const fromFile = await call(['inspect', '--json', '--jwks', path], { stdin: jwt })
    expect(fromFile.exitCode).toBe(3)
    expect(JSON.parse(fromFile.stdout).message).toContain('1024 bits')
    expect(noteIds(fromFile.stdout)).toContain('key_weak')

    const others = JSON.parse(JSON.stringify(files.issuer.keys)).keys.map((key: object) => ({
      ...key,
      kid: 'other',
    }))
    let published: unknown
    const server = createServer((_, response) => response.end(JSON.stringify(published)))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
    const inspectWith = async (set: unknown) => {
      published = set
      const { exitCode, stdout } = await call(['inspect', '--json', '--jwks', url], { stdin: jwt })
      return { exitCode, code: JSON.parse(stdout).code, notes: noteIds(stdout) }
    }
    const onlyWeak = await inspectWith(weak)
    const alsoWeak = await inspectWith({ keys: [...weak.keys, ...others] })
    const unknown = await inspectWith({ keys: others })
    server.close()
    expect(onlyWeak).toMatchObject({ exitCode: 3, code: 'keys_unavailable' })
    expect(onlyWeak.notes).toContain('key_weak')
    expect(alsoWeak).toMatchObject({ exitCode: 1, code: 'key_not_found' })
    expect(alsoWeak.notes).toContain('key_weak')
    expect(unknown).toMatchObject({ exitCode: 1, code: 'key_not_found' })
    expect(unknown.notes).toContain('kid_unknown')
  })

  it('shows the tenants and roles that are asked for, and says what is not there', async () => {
    const stdin = await files.good()
    const { stdout } = await call(['inspect', '--tenant', 'acme', '--tenant', 'Globex'], { stdin })
    expect(stdout).toMatch(/^ +acme +✓ +✓$/m)
    expect(stdout).not.toContain('initech  ')
    expect(stdout).toContain('! no tenant "Globex"; did you mean "globex"?')
    const byRole = await call(['inspect', '--json', '--role', 'editor', '--role', 'x'], { stdin })
    expect(JSON.parse(byRole.stdout)).toMatchObject({
      tenants: [{ tenant: 'globex' }],
      missingRoles: ['x'],
      missingTenants: [],
    })
  })

  it('folds many tenants for a person, and none for a program', async () => {
    const tenants = Array.from({ length: 40 }, (_, index) => [`t${index}`, { roles: ['r'] }])
    const stdin = compact({ alg: 'none' }, { authorization: Object.fromEntries(tenants) })
    const folded = await call(['inspect'], { stdin })
    expect(folded.stdout).toContain('… 30 more: --all, or --tenant ID')
    expect(folded.stdout).not.toContain('t39')
    expect((await call(['inspect', '--all'], { stdin })).stdout).toMatch(/^ +t39 +✓$/m)
    expect(JSON.parse((await call(['inspect', '--json'], { stdin })).stdout).tenants).toHaveLength(
      40,
    )
  })

  it('takes the known roles of an application', async () => {
    const stdin = compact({ alg: 'none' }, { authorization: { a: { roles: ['bilder', 'x'] } } })
    const args = ['inspect', '--json', '--known-role', 'builder']
    expect(noteIds((await call(args, { stdin })).stdout)).toEqual(
      expect.arrayContaining(['role_typo', 'role_unlisted']),
    )
    expect(noteIds((await call(['inspect', '--json'], { stdin })).stdout)).not.toContain(
      'role_typo',
    )
  })

  it('looks from another time with --at', async () => {
    const stdin = compact({ alg: 'none' }, { iat: 1_795_186_800, exp: 1_795_190_400 })
    const states = []
    for (const at of ['2026-11-20T15:30Z', '2026-11-20T16:00Z']) {
      const { stdout } = await call(['inspect', '--json', '--at', at], { stdin })
      states.push(JSON.parse(stdout).life)
    }
    expect(states).toMatchObject([
      { state: 'running', progress: 0.5, seconds: 3600 },
      { state: 'expired', progress: 1 },
    ])
  })

  it('suggests a command that works', async () => {
    const stdin = await files.good()
    const { stdout } = await call(['inspect', ...keys], { stdin })
    const suggested = /Try +tenantry (.+)/.exec(stdout)?.[1]?.split(' ') ?? []
    expect(suggested.slice(0, 3)).toEqual(['can', 'acme', 'admin'])
    expect((await call(suggested, { stdin })).exitCode).toBe(0)
    const expired = await call(['inspect', ...keys], { stdin: await files.issuer.expired() })
    const explain = /Try +tenantry (explain \S+)/.exec(expired.stdout)?.[1]?.split(' ') ?? []
    expect((await call(explain)).exitCode).toBe(0)
  })
})

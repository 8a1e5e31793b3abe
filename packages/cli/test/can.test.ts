import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, callAll } from './support/call.ts'
import { run, runAll } from './support/run.ts'
import { compact, tokenFiles } from './support/token-files.ts'

const files = tokenFiles()
const keys = ['--jwks', files.jwks]
let server: Awaited<ReturnType<typeof files.issuer.listen>>

beforeAll(async () => {
  server = await files.issuer.listen()
})
afterAll(() => server.close())

describe('tenantry can', () => {
  it('says yes first, then why', async () => {
    const jwt = await files.good()
    const runs = await runAll([
      [['can', 'acme', 'admin', '--jwks', server.url], { stdin: jwt }],
      [['can', 'acme', 'admin', jwt, ...keys]],
      [['can', ...keys, 'acme', 'admin', `Bearer ${jwt}`]],
      [['can', 'acme', 'admin', '-', ...keys], { stdin: jwt }],
      [['can', 'acme', 'admin', ...keys], { env: { TENANTRY_TOKEN: jwt } }],
      [['can', 'acme', 'admin', ...keys, '--token-file', files.write('t.jwt', jwt)]],
    ])
    for (const { exitCode, stdout } of runs) {
      expect(stdout).toBe('✓ yes   The token grants "admin" in tenant "acme".\n        granted\n')
      expect(exitCode).toBe(0)
    }
  })

  it('says no with the code, the roles held here and where else the role is held', async () => {
    const { exitCode, stdout } = await run(['can', 'globex', 'admin', ...keys], {
      stdin: await files.good(),
    })
    expect(exitCode).toBe(1)
    expect(stdout.split('\n')).toEqual([
      '✗ no    The token does not grant "admin" in tenant "globex".',
      '        role_insufficient',
      '        roles here      "editor", "member"',
      '        held in         "acme"',
      '',
    ])
  })

  it('takes several roles as any of them, and as all of them when told', async () => {
    const stdin = await files.good()
    const runs = await callAll([
      [['can', 'globex', 'admin', 'editor', ...keys], { stdin }],
      [['can', 'globex', 'admin', 'editor', '--any', ...keys], { stdin }],
      [['can', 'globex', 'admin', 'editor', '--all', ...keys], { stdin }],
      [['can', 'globex', 'member', 'editor', '--all', ...keys], { stdin }],
    ])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1, 0])
    expect(runs[2]?.stdout).toContain('all of "admin" and "editor"')
  })

  it('asks whether another spelling was meant', async () => {
    const stdin = await files.good()
    const [tenant, role] = await callAll([
      [['can', 'Globex', 'editor', ...keys], { stdin }],
      [['can', 'globex', 'Editor', ...keys], { stdin }],
    ])
    expect(tenant?.stdout).toContain('tenant_forbidden')
    expect(tenant?.stdout).toContain('did you mean "globex"? tenant ids are case-sensitive')
    expect(role?.stdout).toContain('did you mean "editor"? role names are case-sensitive')
  })

  it('says no to a token that is refused, with its code', async () => {
    const [expired, forged, malformed, unverified] = await runAll([
      [['can', 'acme', 'admin', ...keys], { stdin: await files.issuer.expired() }],
      [['can', 'acme', 'admin', ...keys, '--json'], { stdin: await files.issuer.forged() }],
      [['can', 'acme', 'admin'], { stdin: 'nonsense' }],
      [['can', 'acme', 'admin', '--unverified'], { stdin: 'nonsense' }],
    ])
    expect(expired?.exitCode).toBe(1)
    expect(expired?.stdout).toMatch(
      /^✗ no {4}The token has expired.*\n +expired .* ago\n +tenantry verify, .*\n +token_expired\n$/,
    )
    expect(forged?.exitCode).toBe(1)
    expect(JSON.parse(forged?.stdout ?? '')).toEqual({
      schema: 1,
      ok: false,
      code: 'signature_invalid',
      allowed: false,
      message: 'The signature of the token does not match.',
    })
    expect(malformed?.exitCode).toBe(1)
    expect(unverified?.exitCode).toBe(1)
  })

  it('decides without keys only when told to, and says what that is worth', async () => {
    const stdin = await files.issuer.expired({ authorization: { acme: { roles: ['admin'] } } })
    const [silent, told, both] = await runAll([
      [['can', 'acme', 'admin'], { stdin }],
      [['can', 'acme', 'admin', '--unverified'], { stdin }],
      [['can', 'acme', 'admin', '--unverified', '--issuer', 'x'], { stdin }],
    ])
    expect(silent?.exitCode).toBe(3)
    expect(silent?.stdout).toBe('')
    expect(silent?.stderr).toContain('the signature was not checked')
    expect(silent?.stderr).toContain('--unverified')
    expect(told?.exitCode).toBe(0)
    expect(told?.stderr).toContain('anybody can have written this token')
    expect(told?.stderr).toContain('expired')
    expect(both?.exitCode).toBe(2)
  })

  it('lists tenants and roles', async () => {
    const stdin = await files.good()
    const [human, json, unverified] = await callAll([
      [['can', '--list', ...keys], { stdin }],
      [['can', '--list', ...keys, '--json'], { stdin }],
      [['can', '--list', '--unverified', '--json'], { stdin }],
    ])
    expect(human?.stdout).toBe(
      '"acme"      "admin", "member"\n"globex"    "editor", "member"\n"initech"   none\n',
    )
    const tenants = [
      { tenant: 'acme', roles: ['admin', 'member'] },
      { tenant: 'globex', roles: ['editor', 'member'] },
      { tenant: 'initech', roles: [] },
    ]
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({ ok: true, tenants, verified: true })
    expect(JSON.parse(unverified?.stdout ?? '')).toMatchObject({ tenants, verified: false })
  })

  it('has one document for a decision', async () => {
    const stdin = await files.good()
    const args = ['can', 'initech', 'admin', 'member', '--json', ...keys]
    const { exitCode, stdout } = await call(args, { stdin })
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      ok: true,
      code: 'role_insufficient',
      allowed: false,
      message: 'The token does not grant any of "admin" or "member" in tenant "initech".',
      tenant: 'initech',
      required: { any: ['admin', 'member'] },
      held: [],
      heldElsewhere: ['acme', 'globex'],
      verified: true,
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    })
  })

  it('does not take the name of a file for a role: that would ask about another token', async () => {
    const jwt = await files.good()
    const file = files.write('grants.txt', jwt)
    const named = files.write('named.jwt', jwt)
    const refused = [
      ['acme', 'admin', named],
      ['acme', 'admin', 'missing.jwt'],
      ['acme', 'admin', 'missing.jwt', '--token-file', named],
      ['missing.JWT', 'acme', 'admin'],
      ['acme', file],
      ['acme', file, 'admin'],
      ['--list', named],
      ['--list', file],
    ]
    const env = { TENANTRY_TOKEN: jwt }
    const runs = await callAll(refused.map((args) => [['can', ...args, ...keys], { env }] as const))
    for (const { exitCode, stdout, stderr } of runs) {
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain('Read the token from it: --token-file ')
    }
    expect(runs[0]?.stderr).toContain(`--token-file ${named}\n`)
    expect(runs[3]?.stderr).toContain('"missing.JWT" is the name of a file, not a tenant.')
    expect(runs[4]?.stderr).toContain('If it is a role, say where the token is')
    const placed = await callAll([
      [['can', 'acme', file, '--token-file', named, ...keys]],
      [['can', 'acme', file, '-', ...keys], { stdin: jwt }],
      [['can', 'acme', file, jwt, ...keys]],
      [['can', 'acme', '/', ...keys], { stdin: jwt }],
    ])
    expect(placed.map(({ stdout }) => stdout.includes('role_insufficient'))).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  it('judges a token whose header has white space, and not the one of the environment', async () => {
    const env = { TENANTRY_TOKEN: await files.good() }
    for (const header of ['{ "alg":"RS256"}', '{\n  "alg": "RS256"\n}', ' {"alg":"RS256"}']) {
      const jwt = compact(header, { authorization: { acme: { roles: ['admin'] } } })
      const { exitCode, stdout } = await call(['can', 'acme', 'admin', jwt, ...keys], { env })
      expect(stdout).not.toContain('yes')
      expect(exitCode).toBe(1)
    }
  })

  it('takes no credential for a tenant or a role, and does not show it', async () => {
    const jwt = await files.good()
    const [header = '', payload = ''] = jwt.split('.')
    const credentials = [
      `${header}.${payload}`,
      `${header}.${payload.slice(0, 20)}`,
      header,
      `${header}.AAAA.BBBB.CCCC.DDDD`,
      `${Buffer.from('{ "enc":1}').toString('base64url')}.AAAA.BBBB.CCCC.DDDD`,
      `AAAA.${payload}`,
      `Bearer ${header}.${payload.slice(0, 20)}`,
      'uf_live_0123456789abcdef',
      '{"access_token":"opaque-credential"}',
      'x'.repeat(129),
      'x'.repeat(100_000),
    ]
    const questions = credentials.flatMap((credential) => [
      { credential, args: ['acme', 'admin', credential] },
      { credential, args: ['acme', credential, 'admin'] },
      { credential, args: [credential, 'admin'] },
      { credential, args: [credential] },
      { credential, args: ['acme', 'admin', credential, '-'] },
    ])
    for (const { credential, args } of questions) {
      const options = { env: { TENANTRY_TOKEN: jwt }, stdin: jwt }
      const { exitCode, stdout, stderr } = await call(['can', ...args, ...keys], options)
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain('looks like a token or an API key')
      expect(stderr).not.toContain(credential.slice(0, 12))
    }
  })

  it('takes nothing that stands for a token for one more role, wherever the token is from', async () => {
    const jwt = await files.good()
    const opaque = '0123456789abcdef0123456789abcdef'
    const slips = ['null', 'undefined', 'Bearer null', 'Bearer ', 'Bearer abc', '"null"', 'a.b.c']
    const tokens = [
      { flags: [], options: { env: { TENANTRY_TOKEN: jwt } } },
      { flags: [], options: { stdin: jwt } },
      { flags: ['--token-file', files.write('slip.jwt', jwt)], options: {} },
    ]
    for (const { flags, options } of tokens) {
      for (const slip of [...slips, opaque]) {
        const args = ['can', 'acme', 'admin', slip, ...flags, ...keys]
        const { exitCode, stdout, stderr } = await call(args, options)
        expect({ slip, exitCode, stdout }).toEqual({ slip, exitCode: 2, stdout: '' })
        expect(stderr).toMatch(/Role 2 (is "|has the form of a token)/)
        expect(stderr).not.toMatch(/abc/)
      }
    }
    const [first, alone, dotted] = await callAll([
      [['can', 'acme', 'null', 'admin', ...keys], { stdin: jwt }],
      [['can', 'acme', opaque, ...keys], { stdin: jwt }],
      [['can', 'acme', 'users.read', 'Nullable', 'a.b', ...keys], { stdin: jwt }],
    ])
    expect(first?.exitCode).toBe(2)
    expect([alone, dotted].map((result) => result?.exitCode)).toEqual([1, 1])
  })

  it('says so when tenant and role are swapped', async () => {
    const stdin = await files.good()
    const [human, json, tenantOnly, roleOnly] = await callAll([
      [['can', 'editor', 'acme', ...keys], { stdin }],
      [['can', 'editor', 'nobody', 'acme', '--json', ...keys], { stdin }],
      [['can', 'nowhere', 'acme', ...keys], { stdin }],
      [['can', 'editor', 'nobody', ...keys], { stdin }],
    ])
    expect(human?.exitCode).toBe(1)
    expect(human?.stdout).toContain(
      'did you mean tenant "acme" and role "editor"? the tenant comes first',
    )
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({
      code: 'tenant_forbidden',
      meantTenant: 'acme',
      meantRole: 'editor',
    })
    expect(tenantOnly?.stdout).not.toContain('did you mean')
    expect(roleOnly?.stdout).not.toContain('did you mean')
  })

  it('exits with 2 for a question that is not one', async () => {
    const jwt = await files.good()
    const wrong = [
      ['acme', jwt],
      [jwt, 'acme', 'admin'],
      ['acme', ''],
      ['acme', 'admin', '--any', '--all'],
      ['acme', 'admin', '--list'],
      ['--list', '--all'],
    ]
    const runs = await callAll(wrong.map((args) => [['can', ...args, '--unverified']] as const))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(wrong.map(() => 2))
    expect((await run(['can', 'acme', jwt, ...keys])).exitCode).toBe(2)
  })
})

describe('tenantry can, about a token that it refuses,', () => {
  it('says what the token says and what was expected', async () => {
    const jwt = await files.issuer.expired({ iss: 'https://auth.example.com/', authorization: {} })
    const args = ['can', 'acme', 'admin', ...keys]
    const [expired, issuer, algorithm] = await callAll([
      [args, { stdin: jwt }],
      [[...args, '--issuer', 'https://auth.example.com'], { stdin: jwt }],
      [args, { stdin: compact({ alg: 'ES256' }, {}) }],
    ])
    expect(expired?.stdout).toMatch(/\n +expired \d{4}-.* ago\n/)
    expect(issuer?.stdout).toContain('token says   "https://auth.example.com/"')
    expect(issuer?.stdout).toContain('They differ only in the last "/".')
    expect(algorithm?.stdout).toContain('you expect   "RS256" (no --alg)')
    expect(algorithm?.stdout).toContain('If your server accepts ES256, add --alg ES256.')
    for (const { exitCode, stdout } of [expired, issuer, algorithm].flatMap((run) => run ?? [])) {
      expect(exitCode).toBe(1)
      expect(stdout).toContain('tenantry verify, with the same flags, shows every check')
    }
  })

  it('says why the keys cannot be had', async () => {
    const args = ['can', 'acme', 'admin', '--jwks', 'http://127.0.0.1:9/jwks.json']
    const { exitCode, stderr } = await call(args, { stdin: await files.good() })
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/\n +reason {7}.*(ECONNREFUSED|bad port)/)
  })
})

import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestIssuer, type TestClaims } from '@tenantry/testing'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../src/doctor/locate.ts'
import { call } from './support/call.ts'
import { serve, serveDocument } from './support/endpoint.ts'
import { run, runAll } from './support/run.ts'
import { scratchFolder } from './support/scratch.ts'

const issuer = createTestIssuer()
const [good] = 'keys' in issuer.keys ? issuer.keys.keys : []
const set = { keys: [good] }
const cwd = scratchFolder()

interface Check {
  readonly id: string
  readonly state: 'ok' | 'warn' | 'fail' | 'none'
  readonly detail: string
  readonly docs?: string
}

interface Report {
  readonly exitCode: number | null
  readonly code: string
  readonly ok: boolean
  /** The checks by their id. */
  readonly checks: Readonly<Record<string, Check>>
  /** The ids of what failed, and of what was warned of. */
  readonly failed: readonly string[]
  readonly warned: readonly string[]
}

/** What doctor says, as data. */
async function examine(
  args: readonly string[],
  options: Parameters<typeof call>[1] = {},
): Promise<Report> {
  const { exitCode, stdout } = await call(['doctor', '--json', ...args], options)
  const { code, ok, checks } = JSON.parse(stdout)
  const list: readonly Check[] = checks ?? []
  const having = (state: Check['state']): string[] =>
    list.filter((check) => check.state === state).map(({ id }) => id)
  return {
    exitCode,
    code,
    ok,
    checks: Object.fromEntries(list.map((check) => [check.id, check])),
    failed: having('fail'),
    warned: having('warn'),
  }
}

const settings = ['--issuer', 'https://auth.example.com', '--audience', 'api']
const claims = {
  iss: 'https://auth.example.com',
  aud: 'api',
  authorization: { acme: { roles: [] } },
}

describe('tenantry doctor: the endpoint', () => {
  it('finds nothing to say of a healthy one, exit code 0', async () => {
    const { url } = await serveDocument(set)
    const stdin = await issuer.token(claims)
    const args = [url, ...settings, '--alg', 'RS256', '--token-file', '-']
    const report = await examine([`${url}/jwks`, ...args.slice(1)], { stdin })
    expect(report).toMatchObject({ exitCode: 0, code: 'healthy', ok: true })
    expect([...report.failed, ...report.warned]).toEqual([])
    const none = Object.values(report.checks).filter(({ state }) => state === 'none')
    expect(none.map(({ id }) => id)).toEqual(['D02'])
  })

  it('names a redirect, and does not follow it', async () => {
    const elsewhere = await serveDocument(set)
    const { url } = await serve((_, response) =>
      response
        .writeHead(301, { location: `${elsewhere.url}/\u001b[31m`.replace('\u001b', '%1b') })
        .end(),
    )
    const report = await examine([`${url}/jwks`])
    expect(report.exitCode).toBe(1)
    expect(report.failed).toEqual(['D11'])
    expect(report.checks['D11']?.detail).toContain('301 to "http://127.0.0.1')
    expect(report.checks['D20']?.state).toBe('none')
    expect(elsewhere.paths).toEqual([])
  })

  it('asks no plain http address but on loopback', async () => {
    const report = await examine(['http://auth.example.com/jwks'])
    expect(report.exitCode).toBe(1)
    expect(report.failed).toEqual(['D03'])
    expect(report.checks['D03']?.detail).toContain('plain http')
    expect(report.checks['D10']?.state).toBe('none')
  })

  it('exits with 3 when there is no answer, or none in time', async () => {
    const dead = await serveDocument(set)
    await dead.close()
    const silent = await serve(() => undefined)
    const trickling = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"keys":[')
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    })
    const [refused, late, slow] = await Promise.all(
      [dead, silent, trickling].map(({ url }) => examine([`${url}/jwks`])),
    )
    for (const report of [refused, late, slow]) {
      expect(report).toMatchObject({ exitCode: 3, code: 'keys_unavailable', ok: false })
      expect(report?.failed).toEqual(['D10'])
    }
    expect(refused?.checks['D10']?.detail).toContain('ECONNREFUSED')
    expect(late?.checks['D10']?.detail).toContain('took too long')
    expect(slow?.checks['D10']?.detail).toContain('took too long')
    const only = await examine([`${dead.url}/jwks`, '--only', 'D21'])
    expect(only).toMatchObject({ exitCode: 3, failed: [] })
    const human = await run(['doctor', `${dead.url}/jwks`], { cwd })
    expect(human.exitCode).toBe(3)
  })

  it('tells the ways in which an answer is none', async () => {
    const json = { 'content-type': 'application/json' }
    const answers = [
      [500, json, '{}', 'D10', 'status 500'],
      [404, json, '{}', 'D10', 'status 404'],
      [200, { 'content-type': 'text/html' }, '<h1>Hi</h1>', 'D13', '"text/html": not JSON'],
      [200, json, JSON.stringify({ keys: ['x'.repeat(300_000)] }), 'D14', 'too large'],
      [200, json, '{"keys":{}}', 'D14', 'not a JWK Set'],
      [200, json, '{"keys":[]}', 'D14', 'empty'],
      [200, json, '{"keys":[],"keys":[]}', 'D14', 'not a JSON object'],
    ] as const
    for (const [status, headers, body, id, reason] of answers) {
      const { url } = await serve((_, response) => response.writeHead(status, headers).end(body))
      const report = await examine([`${url}/jwks`])
      expect(report.exitCode, reason).toBe(1)
      expect(report.failed[0]).toBe(id)
      expect(report.checks[id]?.detail).toContain(reason)
      expect(report.checks['D20']?.state).toBe('none')
    }
  })

  it('warns of what works and will not last', async () => {
    const { url } = await serve((_, response) => {
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(set))
      }, 1100)
    })
    const [report, strict] = [
      await examine([`${url}/jwks`, ...settings]),
      await examine([`${url}/jwks`, ...settings, '--strict']),
    ]
    expect(report).toMatchObject({ exitCode: 0, failed: [], warned: ['D12', 'D13', 'D15'] })
    expect(strict).toMatchObject({ exitCode: 1, code: 'checks_failed' })
    const stale = await serveDocument(set, { 'cache-control': 'max-age=31536000' })
    expect((await examine([`${stale.url}/jwks`, ...settings])).warned).toEqual(['D12'])
  })

  it('compares its clock with the one of the server', async () => {
    const skewed = async (seconds: number): Promise<Report> => {
      const date = new Date(Date.now() + seconds * 1000).toUTCString()
      const { url } = await serveDocument(set, { date })
      return examine([`${url}/jwks`, '--only', 'D40'])
    }
    expect((await skewed(0)).checks['D40']?.state).toBe('ok')
    const ahead = await skewed(-30)
    expect(ahead.warned).toEqual(['D40'])
    expect(ahead.checks['D40']?.detail).toMatch(/ahead of the server/)
    expect((await skewed(600)).failed).toEqual(['D40'])
  })

  it('goes by way of a discovery document, and no further than it may', async () => {
    const discovery = (document: object): ReturnType<typeof serve> =>
      serve((request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const isKeys = request.url === '/jwks'
        const host = `http://${request.headers.host}`
        const text = JSON.stringify(isKeys ? set : document)
        response.end(text.replaceAll('HERE', host))
      })
    const fine = await discovery({ issuer: 'HERE', jwks_uri: 'HERE/jwks' })
    const report = await examine([fine.url, '--issuer', `${fine.url}/`])
    expect(fine.paths).toEqual(['/.well-known/openid-configuration', '/jwks'])
    expect(report.failed).toEqual(['D02'])
    expect(report.checks['D02']?.detail).toContain('differ only in the last "/"')
    expect(report.checks['D03']?.detail).toContain('from the discovery document')
    const lacking = await discovery({ issuer: 'HERE' })
    expect((await examine([lacking.url])).failed).toEqual(['D03'])
    const plain = await discovery({ issuer: 'HERE', jwks_uri: 'http://auth.example.com/jwks' })
    expect((await examine([plain.url])).failed).toEqual(['D03'])
    const far = 'https://auth.example.com/.well-known/openid-configuration'
    expect(refusalOf(far, 'http://127.0.0.1:9200/')).toBe('its jwks_uri leads to this machine')
    expect(refusalOf(far, 'http://localhost/')).toBe('its jwks_uri leads to this machine')
    expect(refusalOf(far, 'jwks')).toBe('its jwks_uri is not a URL')
    expect(refusalOf(far, 'https://keys.example.com/jwks')).toBeUndefined()
  })
})

describe('tenantry doctor: the keys', () => {
  async function withKeys(...keys: readonly unknown[]): Promise<Report> {
    const { url } = await serveDocument({ keys })
    return await examine([`${url}/jwks`, ...settings])
  }
  const rsa = (modulusLength: number): JsonWebKey =>
    generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' })

  it('finds two keys of one name', async () => {
    const report = await withKeys(good, { ...rsa(2048), kid: good?.kid, alg: 'RS256' })
    expect(report.failed).toEqual(['D20', 'D25'])
    expect(report.checks['D25']?.detail).toBe('no key can be used')
  })

  it('finds a published private key, says that first, and does not show it', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'k2', alg: 'RS256' }
    const { url } = await serveDocument({ keys: [good, good, jwk] })
    const { exitCode, stdout } = await run(['doctor', `${url}/jwks`], { cwd })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('✗ D21 no private half')
    expect(stdout).toContain('first   D21   make a new key now, and remove "k2"')
    for (const member of [jwk.d, jwk.p, jwk.q]) expect(stdout).not.toContain(member)
    expect((await withKeys(good, jwk)).failed).toEqual(['D21'])
  })

  it('finds a secret, a weak key and what has no name', async () => {
    expect((await withKeys(good, { kty: 'oct', kid: 's', k: 'c2VjcmV0' })).failed).toEqual(['D22'])
    const weak = await withKeys(good, { ...rsa(1024), kid: 'weak', alg: 'RS256' })
    expect(weak.failed).toEqual(['D23'])
    expect(weak.checks['D23']?.detail).toContain('"weak": its modulus has 1024 bits')
    expect(weak.checks['D20']?.detail).toContain('RSA 1024')
    const mixed = await withKeys(good, { ...rsa(2048), kid: 'x', alg: 'ES256' })
    expect(mixed.failed).toEqual(['D23'])
    const unnamed = await withKeys(good, { ...rsa(2048) })
    expect(unnamed).toMatchObject({ failed: [], warned: ['D24'] })
    expect(unnamed.checks['D24']?.detail).toBe('key 2 has no kid and no alg')
  })

  it('says which keys are of no use, and when all are', async () => {
    const other = await withKeys(good, { kty: 'EC', crv: 'secp256k1', kid: 'e' }, 5, null)
    expect(other.checks['D25']?.detail).toContain('1 of 4, for RS256; 3 left out')
    expect((await withKeys({ kty: 'new', kid: 'n', alg: 'X' })).failed).toEqual(['D25'])
    const { url } = await serveDocument(set)
    const report = await examine([`${url}/jwks`, '--alg', 'ES256'])
    expect(report.failed).toEqual(['D25'])
    expect(report.checks['D25']?.detail).toContain('the keys are for RS256')
  })
})

describe('tenantry doctor: the token', () => {
  async function withToken(
    stdin: string | Promise<string>,
    ...flags: readonly string[]
  ): Promise<Report> {
    const { url } = await serveDocument(set)
    const args = [`${url}/jwks`, ...settings, ...flags, '--token-file', '-']
    return await examine(args, { stdin: await stdin })
  }
  /** A good token whose header was replaced afterwards. */
  async function forgedWith(header: object): Promise<string> {
    const [, payload = '', signature = ''] = (await issuer.token(claims)).split('.')
    const full = { alg: 'RS256', typ: 'JWT', kid: good?.kid, ...header }
    const start = Buffer.from(JSON.stringify(full)).toString('base64url')
    return `${start}.${payload}.${signature}`
  }
  const token = (more: TestClaims): Promise<string> => issuer.token({ ...claims, ...more })

  it('finds a key that is not published, and a signature that is not its', async () => {
    const stranger = createTestIssuer()
    expect((await withToken(stranger.token(claims))).failed).toEqual(['D30'])
    const forged = await withToken(issuer.forged(claims))
    expect(forged.failed).toEqual(['D39'])
    const fine = await withToken(token({}))
    expect(fine.checks['D39']?.state).toBe('ok')
    const expired = await withToken(issuer.expired(claims))
    expect(expired.failed).toEqual(['D36'])
    expect(expired.checks['D39']?.state).toBe('ok')
  })

  it('finds what the claims are not', async () => {
    const seconds = Math.floor(Date.now() / 1000)
    const cases = [
      [{ iss: 'https://auth.example.com/' }, 'D31', 'differ only in the last "/"'],
      [{ iss: undefined }, 'D31', 'the token says nothing'],
      [{ aud: ['other'] }, 'D38', 'you expect "api"'],
      [{ authorization: undefined }, 'D32', 'no authorization map'],
      [{ authorization: [] }, 'D32', 'no authorization map'],
      [{ authorization: { acme: { roles: 'admin' } } }, 'D32', 'no list of texts'],
      [{ authorization: { acme: null } }, 'D32', 'no list of texts'],
      [{ type: 'refresh' }, 'D32', 'no access token'],
      [{ exp: undefined }, 'D36', 'no exp'],
      [{ exp: Date.now() + 900_000 }, 'D36', 'exp is in milliseconds'],
      [{ exp: 'soon' }, 'D36', 'exp is no time'],
      [{ nbf: seconds + 600 }, 'D36', 'counts from'],
      [{ iat: seconds + 600 }, 'D36', 'issued'],
      [{ padding: 'x'.repeat(9000) }, 'D33', 'a verifier refuses more than 8192'],
    ] as const
    for (const [more, id, reason] of cases) {
      const report = await withToken(token(more))
      expect(report.failed, reason).toEqual([id])
      expect(report.checks[id]?.detail).toContain(reason)
    }
  })

  it('fails for what a verifier refuses before the signature, forged or not', async () => {
    const headers = [
      { crit: ['exp'] },
      { crit: ['exp'], typ: 'at+jwt' },
      { b64: false },
      { cty: 'JWT' },
      { typ: 'logout+jwt' },
      { typ: 5 },
    ]
    for (const header of headers) {
      for (const jwt of [await issuer.token(claims, { header }), await forgedWith(header)]) {
        const report = await withToken(jwt)
        expect(report, JSON.stringify(header)).toMatchObject({ exitCode: 1, failed: ['D39'] })
        expect(report.checks['D39']?.detail).toContain('not checked: The t')
      }
    }
    expect((await withToken(forgedWith({ typ: 'at+jwt' }))).failed).toEqual(['D39'])
    const signed = await withToken(issuer.token(claims, { header: { typ: 'at+jwt' } }))
    expect(signed).toMatchObject({ exitCode: 0, failed: [], warned: ['D41'] })
  })

  it('fails for what a verifier with these settings refuses and no other check knows', async () => {
    const own = { mode: 'test', tenantId: 'demo1234' }
    const cases: readonly (readonly [Record<string, unknown>, readonly string[], string])[] = [
      [{ cnf: { jkt: 'x' } }, [], 'bound to a key of its sender'],
      [{ userId: {} }, [], 'userId'],
      [own, ['--mode', 'live'], 'another mode'],
      [own, ['--workspace', 'other'], 'another workspace'],
      [own, ['--workspace', 'other', '--mode', 'live'], 'another mode'],
    ]
    for (const [more, flags, reason] of cases) {
      const report = await withToken(token(more), ...flags)
      expect(report, reason).toMatchObject({ exitCode: 1, failed: ['D41'] })
      expect(report.checks['D41']?.detail).toContain(reason)
      expect(report.checks['D39']?.state).toBe('ok')
    }
    const same = await withToken(token(own), '--workspace', 'demo1234', '--mode', 'test')
    expect(same).toMatchObject({ exitCode: 0, failed: [], warned: [] })
    const both = await withToken(issuer.forged({ ...claims, ...own }), '--mode', 'live')
    expect(both.failed).toEqual(['D39'])
  })

  it('warns of what is legal and will surprise', async () => {
    const seconds = Math.floor(Date.now() / 1000)
    const cases = [
      [{ exp: seconds + 30 * 86_400 }, 'D37', '30 days'],
      [{ authorization: {} }, 'D32', 'no tenants'],
      [{ authorization: { 'a/b': { roles: [] } } }, 'D32', 'odd tenant id'],
      [{ padding: 'x'.repeat(3500) }, 'D33', 'cookie'],
      [{ padding: 'x'.repeat(4900) }, 'D33', 'headers'],
    ] as const
    for (const [more, id, reason] of cases) {
      const report = await withToken(token(more))
      expect(report, reason).toMatchObject({ exitCode: 0, failed: [], warned: [id] })
      expect(report.checks[id]?.detail).toContain(reason)
    }
  })

  it('knows what is no JWT, and what nobody should accept', async () => {
    expect((await withToken('uf_live_abcdef0123456789')).failed).toEqual(['D34'])
    expect((await withToken('a.b.c.d.e')).checks['D34']?.detail).toContain('encrypted')
    expect((await withToken('a.b.c')).failed).toEqual(['D34'])
    const none = issuer.token(claims, { header: { alg: 'none' } })
    expect((await withToken(none)).failed).toEqual(['D35'])
    const hmac = createTestIssuer({ algorithm: 'HS256' }).token(claims)
    expect((await withToken(hmac)).failed).toEqual(['D30', 'D35'])
    expect((await withToken(token({}), '--alg', 'ES256')).failed).toEqual(['D25', 'D35'])
    const header = { kid: undefined }
    expect((await withToken(issuer.token(claims, { header }))).checks['D30']?.state).toBe('ok')
  })

  it('shows hostile names escaped, and nothing else of the token', async () => {
    const { url } = await serveDocument({ keys: [{ ...good, kid: 'k\u001b[2J\u202e' }] })
    const evil = '\u001b]0;x\u0007\u202e'
    const more = { iss: evil, authorization: { [evil]: { roles: 1 } }, email: 'a@example.com' }
    const { stdout, stderr } = await run(['doctor', `${url}/jwks`, '--token-file', '-'], {
      stdin: await issuer.token(more, { header: { kid: evil } }),
      env: { TERM: 'dumb' },
      cwd,
    })
    expect(stdout + stderr).toMatch(/^[\x20-\x7e\n]*$/)
    expect(stdout).not.toContain('example.com')
  })
})

describe('tenantry doctor: the settings', () => {
  it('takes flags before the environment before the nearest file, and says so', async () => {
    const { url } = await serveDocument(set)
    const folder = join(scratchFolder(), 'a')
    mkdirSync(join(folder, 'b'), { recursive: true })
    const file = { jwks: 'https://file.test/jwks', issuer: 'https://file.test', audience: ['f'] }
    writeFileSync(join(folder, 'tenantry.config.json'), JSON.stringify(file))
    const env = { TENANTRY_JWKS: `${url}/jwks`, TENANTRY_ISSUER: 'https://env.test' }
    const { exitCode, stdout } = await run(['doctor', '--json', '--issuer', 'https://flag.test'], {
      cwd: join(folder, 'b'),
      env,
    })
    expect(exitCode).toBe(0)
    const details = Object.fromEntries(
      JSON.parse(stdout).checks.map(({ id, detail }: Check) => [id, detail]),
    )
    expect(details).toMatchObject({
      D01: '"https://flag.test" from --issuer',
      D03: `"${url}/jwks" from TENANTRY_JWKS`,
      D04: '"f" from tenantry.config.json',
      D05: expect.stringContaining('jwks: the environment and tenantry.config.json differ'),
    })
  })

  it('takes a token from the environment, and reads no pipe that nobody named', async () => {
    const { url } = await serveDocument(set)
    const env = { TENANTRY_TOKEN: await issuer.token(claims) }
    const named = await run(['doctor', '--json', `${url}/jwks`], { env, cwd })
    expect(JSON.parse(named.stdout).checks.map(({ id }: Check) => id)).toContain('D30')
    const piped = await run(['doctor', '--json', `${url}/jwks`], { stdin: 'nonsense', cwd })
    expect(JSON.parse(piped.stdout).checks.map(({ id }: Check) => id)).not.toContain('D30')
  })

  it('does not take a blank variable for a setting', async () => {
    const { url } = await serveDocument(set)
    const blank = { TENANTRY_ISSUER: '', TENANTRY_AUDIENCE: ' ', TENANTRY_JWKS: '' }
    const report = await examine([`${url}/jwks`], { env: blank })
    expect(report.failed).toEqual(['D01', 'D04', 'D05'])
  })

  it('looks at one check with --only, and asks no network for what is here', async () => {
    const { url, paths } = await serveDocument(set)
    const report = await examine([`${url}/jwks`, '--only', 'd50', '--only', 'D01'])
    expect(Object.keys(report.checks)).toEqual(['D01', 'D50'])
    expect(paths).toEqual([])
    const token = await examine([`${url}/jwks`, '--only', 'D36'])
    expect(token.checks['D36']).toMatchObject({ state: 'none', detail: 'no token was given' })
  })

  it('sees two copies of core in a project', async () => {
    const folder = scratchFolder()
    for (const place of ['', '@tenantry/express/node_modules', 'other/node_modules']) {
      const copy = join(folder, 'node_modules', place, '@tenantry/core')
      mkdirSync(copy, { recursive: true })
      writeFileSync(join(copy, 'package.json'), '{"version":"1.2.3"}')
    }
    const { stdout } = await run(['doctor', '--only', 'D51', '--json'], { cwd: folder })
    expect(JSON.parse(stdout).checks).toMatchObject([
      { state: 'warn', detail: '3 copies of @tenantry/core: 1.2.3, 1.2.3, 1.2.3' },
    ])
  })

  it('exits with 2 for what is typed wrongly and with 3 for a settings file that is none', async () => {
    const wrong = [
      [],
      ['x'],
      ['https://a.test', 'https://b.test'],
      ['https://a.test', '--only', 'D99'],
      ['--workspace', 'demo1234'],
      ['--workspace', 'de/mo', '--mode', 'live'],
      ['https://a.test', '--isuer', 'x'],
    ]
    for (const args of wrong) {
      expect((await call(['doctor', ...args])).exitCode, args.join(' ')).toBe(2)
    }
    const [slip, id] = await runAll([
      [['doctor', '--token', 'x'], { cwd }],
      [['doctor', '--only', 'D2l'], { cwd }],
    ])
    expect(slip?.stderr).toContain('Did you mean --token-file?')
    expect(id?.stderr).toMatch(/Did you mean D2\d\?/)
    expect([slip, id].map((result) => result?.exitCode)).toEqual([2, 2])
    const files = ['[]', '{', '{"isuer":"x"}', '{"mode":"prod"}', '{"issuer":5}', '{"issuer":""}']
    for (const content of files) {
      const folder = scratchFolder()
      writeFileSync(join(folder, 'tenantry.config.json'), content)
      const { exitCode, stderr } = await run(['doctor', '--only', 'D50'], { cwd: folder })
      expect(exitCode, content).toBe(3)
      expect(stderr).toContain('config_unusable')
    }
  })
})

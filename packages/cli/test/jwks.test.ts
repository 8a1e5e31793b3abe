import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { serve, serveDocument } from './support/endpoint.ts'
import { run, runAll } from './support/run.ts'
import { scratchFolder } from './support/scratch.ts'

const folder = scratchFolder()
const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')]
let keys: readonly { readonly kid: string; readonly d: string }[] = []

beforeAll(async () => {
  await call(['keygen', '--out', first])
  await call(['keygen', '--alg', 'RS256', '--out', second])
  keys = [first, second].map((file) => JSON.parse(readFileSync(file, 'utf8')))
})

describe('tenantry jwks print', () => {
  it('prints the public half of keys in every form, and of no secret', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const pem = join(folder, 'ed.pem')
    writeFileSync(pem, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    const all = ['--key', first, '--key', second, '--key', pem]
    const [printed, piped, none] = await runAll([
      [['jwks', 'print', ...all]],
      [
        ['jwks', 'print', '--key', '-'],
        { stdin: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
      ],
      [['jwks', 'print'], { cwd: folder }],
    ])
    expect([printed, piped, none].map((result) => result?.exitCode)).toEqual([0, 0, 3])
    const set = JSON.parse(printed?.stdout ?? '')
    expect(set.keys.map(({ alg }: { alg: string }) => alg)).toEqual(['ES256', 'RS256', 'EdDSA'])
    for (const { d } of keys) expect(printed?.stdout).not.toContain(d)
    expect(JSON.stringify(set)).not.toMatch(/"(d|p|q|dp|dq|qi|k)":/)
    expect(JSON.parse(piped?.stdout ?? '').keys[0]).toEqual(set.keys[2])
    expect(none?.stderr).toContain('tenantry keygen')
  })

  it('refuses a secret, and two keys of one name', async () => {
    const secret = join(folder, 'secret.json')
    await call(['keygen', '--alg', 'HS256', '--out', secret])
    const refused = await run(['jwks', 'print', '--key', secret])
    expect(refused.exitCode).toBe(3)
    expect(refused.stderr).toContain('a secret is never published')
    expect(refused.stderr).not.toContain(JSON.parse(readFileSync(secret, 'utf8')).k)
    const twice = await call(['jwks', 'print', '--key', first, '--key', first])
    expect(twice.exitCode).toBe(3)
    expect((await call(['jwks', 'print', 'first.json'])).exitCode).toBe(2)
    expect((await call(['jwks', 'print', '--key', '-', '--key', '-'])).exitCode).toBe(2)
  })

  it('answers with one document', async () => {
    const { stdout } = await call(['jwks', 'print', '--json', '--key', first])
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      ok: true,
      code: 'jwks_printed',
      jwks: { keys: [{ kid: keys[0]?.kid }] },
    })
  })
})

describe('tenantry jwks fetch', () => {
  it('prints what an endpoint publishes, without what should not be there', async () => {
    const { stdout } = await call(['jwks', 'print', '--key', first])
    const [good] = JSON.parse(stdout).keys
    const { url } = await serveDocument({ keys: [good, { ...keys[1] }, 'odd'] })
    const [text, json] = await runAll([
      [['jwks', 'fetch', url]],
      [['jwks', 'fetch', '--json', url]],
    ])
    expect(text?.exitCode).toBe(0)
    const fetched = JSON.parse(text?.stdout ?? '')
    expect(fetched.keys[0]).toEqual(good)
    expect(fetched.keys[1]).toMatchObject({ kid: keys[1]?.kid, kty: 'RSA' })
    expect(text?.stdout).not.toContain(keys[1]?.d)
    expect(text?.stderr).toContain('is published with its private half, which is not shown')
    expect(JSON.parse(json?.stdout ?? '')).toEqual({
      schema: 1,
      ok: true,
      code: 'jwks_fetched',
      url,
      jwks: fetched,
    })
  })

  it('shows a set that core cannot use, and says so', async () => {
    const { url } = await serveDocument({
      keys: [{ kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' }],
    })
    const { exitCode, stdout, stderr } = await call(['jwks', 'fetch', url])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).keys).toHaveLength(1)
    expect(stderr).toContain('the endpoint publishes no key that can be used')
  })

  it('has the limits of core, and exits with 3 for every answer that is none', async () => {
    const elsewhere = await serveDocument({ keys: [] })
    const answers = [
      [302, { location: elsewhere.url }, 'moved', 'the endpoint answered with status 302'],
      [500, {}, 'oh', 'the endpoint answered with status 500'],
      [200, {}, '<h1>Hello</h1>', 'the answer is not a JSON object'],
      [200, {}, '{"keys":{}}', 'the answer is not a JWK Set'],
      [200, {}, '{"keys":[]}', 'the JWK Set is empty'],
      [200, {}, `{"keys":["${'x'.repeat(300_000)}"]}`, 'the answer is too large'],
    ] as const
    for (const [status, headers, body, reason] of answers) {
      const { url } = await serve((_, response) => response.writeHead(status, headers).end(body))
      const { exitCode, stdout, stderr } = await call(['jwks', 'fetch', url])
      expect(exitCode, reason).toBe(3)
      expect(stdout).toBe('')
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(reason)
    }
    expect(elsewhere.paths).toEqual([])
    const dead = await serveDocument({})
    await dead.close()
    const { exitCode, stderr } = await run(['jwks', 'fetch', dead.url])
    expect(exitCode).toBe(3)
    expect(stderr).toContain('ECONNREFUSED')
  })

  it('exits with 2 for an address that must not be asked', async () => {
    for (const args of [[], ['x'], ['http://auth.example.com/jwks'], ['https://a.test', 'b']]) {
      expect((await call(['jwks', 'fetch', ...args])).exitCode, args.join(' ')).toBe(2)
    }
    const { exitCode, stdout } = await run(['jwks', 'fetch', 'http://auth.example.com', '--json'])
    expect(exitCode).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'usage_invalid' })
  })
})

describe('tenantry jwks', () => {
  it('says what it can be followed by', async () => {
    const [bare, slip, help] = await runAll([
      [['jwks']],
      [['jwks', 'fetsh', 'x']],
      [['help', 'jwks', 'serve']],
    ])
    expect(bare?.exitCode).toBe(2)
    expect(bare?.stderr).toContain('jwks print, jwks fetch, jwks serve')
    expect(slip?.exitCode).toBe(2)
    expect(slip?.stderr).toContain('Did you mean "jwks fetch"?')
    expect(help?.exitCode).toBe(0)
    expect(help?.stdout).toContain('tenantry jwks serve [--key FILE...] [FLAGS]')
    const flags = await call(['--json', 'jwks', '--quite', 'print'])
    expect(JSON.parse(flags.stdout).hints).toEqual(['Did you mean --quiet?'])
  })
})

import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { algorithmNames, createVerifier, decodeToken, explain } from '@tenantry/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { run, runAll } from './support/run.ts'
import { scratchFolder } from './support/scratch.ts'

const folder = scratchFolder()
const keyFile = join(folder, 'key.json')
const now = new Date('2026-11-20T15:48:00.900Z')
const seconds = Math.floor(now.getTime() / 1000)
let secret = ''

beforeAll(async () => {
  await call(['keygen', '--out', keyFile])
  secret = JSON.parse(readFileSync(keyFile, 'utf8')).d
})

/** The token that these flags make. */
async function mint(...flags: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await call(['mint', '--key', keyFile, ...flags], { now })
  expect(exitCode, stderr).toBe(0)
  return stdout.trim()
}

async function claimsOf(...flags: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  return { ...decodeToken(await mint(...flags)).claims }
}

async function verdictOn(jwt: string): Promise<string> {
  const { stdout } = await call(['jwks', 'print', '--key', keyFile])
  const verifier = createVerifier({
    keys: JSON.parse(stdout),
    algorithms: ['ES256'],
    now: () => now,
  })
  return verifier.verify(jwt).then(
    () => 'verified',
    (error: { code: string }) => error.code,
  )
}

describe('tenantry mint', () => {
  it('makes a token that core accepts, with the claims of a real one', async () => {
    const jwt = await mint('--tenant', 'acme=admin,member', '--tenant', 'globex=member')
    const { header, claims } = decodeToken(jwt)
    expect(header).toMatchObject({ alg: 'ES256', typ: 'JWT', kid: expect.stringMatching(/^dev-/) })
    expect({ ...claims }).toEqual({
      mode: 'test',
      tenantId: 'demo1234',
      userId: 1,
      isConfirmed: true,
      authorization: { acme: { roles: ['admin', 'member'] }, globex: { roles: ['member'] } },
      sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: seconds,
      exp: seconds + 900,
    })
    const { stdout } = await call(['jwks', 'print', '--key', keyFile])
    const keys = JSON.parse(stdout)
    const verifier = createVerifier({ keys, algorithms: ['ES256'], now: () => now })
    const token = await verifier.verify(jwt)
    expect(explain(token, 'acme', 'admin').allowed).toBe(true)
    expect(explain(token, 'globex', 'admin').allowed).toBe(false)
  })

  it('prints the token and one line break, and the rest on the side; the key nowhere', async () => {
    const env = { NO_COLOR: '1' }
    const args = ['mint', '--key', keyFile, '--tenant', 'acme=admin,member', '--tenant', 'globex']
    const { exitCode, stdout, stderr } = await run(args, { env })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(stderr).toBe(
      [
        'note: for user 1, expires in 15 minutes, signed with ES256',
        'note: in "acme" "admin", "member"',
        'note: in "globex" no roles',
        '',
      ].join('\n'),
    )
    expect(stdout + stderr).not.toContain(secret)
  })

  it('takes roles with commas and spaces in them, for the tenant before each', async () => {
    const flags = ['--tenant', 'acme=a', '--role', 'b, c', '--tenant', 'globex', '--role', 'd']
    expect((await claimsOf(...flags, '--tenant', 'acme=a,e'))['authorization']).toEqual({
      acme: { roles: ['a', 'b, c', 'e'] },
      globex: { roles: ['d'] },
    })
  })

  it('says every claim that a flag is for', async () => {
    const flags = ['--sub', 'usr_7', '--iss', 'https://auth.localhost', '--workspace', 'abcd1234']
    const more = ['--mode', 'live', '--aud', 'a', '--aud', 'b', '--exp', '2h', '--nbf', '5m']
    expect(await claimsOf(...flags, ...more)).toMatchObject({
      sub: 'usr_7',
      iss: 'https://auth.localhost',
      tenantId: 'abcd1234',
      mode: 'live',
      aud: ['a', 'b'],
      exp: seconds + 7200,
      nbf: seconds + 300,
    })
    expect(await claimsOf('--sub', 'x')).not.toHaveProperty('userId')
    expect(await claimsOf('--user-id', '25', '--aud', 'one')).toMatchObject({
      userId: 25,
      aud: 'one',
    })
    expect(await claimsOf('--user-id', 'u-25')).toMatchObject({ userId: 'u-25' })
    expect(await claimsOf('--user-id', '007')).toMatchObject({ userId: '007' })
  })

  it('takes more claims from a file or a pipe, and leaves out what is null', async () => {
    const more = { exp: 1795190400000, sessionId: null, name: 'Zoë', nested: { a: [1] } }
    const file = join(folder, 'claims.json')
    writeFileSync(file, JSON.stringify(more))
    const fromFile = await claimsOf('--claims', file)
    expect(fromFile).toMatchObject({ exp: 1795190400000, name: 'Zoë', nested: { a: [1] } })
    expect(fromFile).not.toHaveProperty('sessionId')
    const stdin = '{"isConfirmed": false}'
    const piped = await run(['mint', '--key', keyFile, '--claims', '-'], { stdin })
    expect(decodeToken(piped.stdout.trim()).claims['isConfirmed']).toBe(false)
  })

  it('makes bad tokens too, each bad in one way', async () => {
    expect(await verdictOn(await mint('--expired'))).toBe('token_expired')
    expect(await verdictOn(await mint('--tampered'))).toBe('signature_invalid')
    expect(await verdictOn(await mint('--nbf', '1h'))).toBe('token_inactive')
    expect(await claimsOf('--expired', '--exp', '10m')).toMatchObject({
      iat: seconds - 4200,
      exp: seconds - 3600,
    })
    expect(await claimsOf('--tampered')).toMatchObject({ tampered: true })
  })

  it('says that it comes from an issuer of others only when that is asked for', async () => {
    const own = [
      'http://127.0.0.1:4000',
      'http://localhost:4000/',
      'http://[::1]:4000',
      'https://auth.localhost',
      'https://auth.example.test/',
    ]
    for (const iss of own) expect(await claimsOf('--iss', iss)).toMatchObject({ iss })
    const foreign = [
      'https://auth.example.com',
      'userfront',
      'https://localhost.example.com',
      'https://127.0.0.1.example.com',
      'https://test.example.com',
      'https://evil.com/.test',
      'https://nottest',
    ]
    for (const iss of foreign) {
      const refused = await call(['mint', '--key', keyFile, '--iss', iss])
      expect(refused.exitCode, iss).toBe(2)
      expect(refused.stderr).toContain('--foreign-issuer')
      expect(refused.stdout).toBe('')
      expect(await claimsOf('--iss', iss, '--foreign-issuer')).toMatchObject({ iss })
    }
    const stdin = '{"iss":"https://auth.example.com"}'
    const hidden = await run(['mint', '--key', keyFile, '--claims', '-'], { stdin })
    expect(hidden.exitCode).toBe(2)
    const number = await call(['mint', '--key', keyFile, '--claims', '-'], { stdin: '{"iss":5}' })
    expect(number.exitCode).toBe(2)
  })

  it('signs with every algorithm, and with keys of every form', async () => {
    for (const algorithm of algorithmNames) {
      const file = join(folder, `${algorithm}.json`)
      await call(['keygen', '--alg', algorithm, '--out', file])
      const { stdout } = await call(['mint', '--key', file, '--tenant', 'acme=admin'])
      const isSecret = algorithm.startsWith('HS')
      const published = isSecret ? '' : (await call(['jwks', 'print', '--key', file])).stdout
      const keys = isSecret
        ? { secret: JSON.parse(readFileSync(file, 'utf8')) }
        : JSON.parse(published)
      const verifier = createVerifier({ keys, algorithms: [algorithm] })
      expect(explain(await verifier.verify(stdout.trim()), 'acme', 'admin').allowed).toBe(true)
    }
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    for (const type of ['pkcs8', 'pkcs1'] as const) {
      const stdin = privateKey.export({ type, format: 'pem' }).toString()
      const { stdout } = await run(['mint', '--key', '-', '--alg', 'PS256'], { stdin })
      const verifier = createVerifier({ keys: publicKey, algorithms: ['PS256'] })
      const token = await verifier.verify(stdout.trim())
      expect(token.userId).toBe(1)
      expect(decodeToken(stdout.trim()).header['kid']).toMatch(/^dev-/)
    }
  })

  it('writes to a file that is its owner’s, and replaces nothing unasked', async () => {
    const args = ['mint', '--key', keyFile, '--out', 'token.jwt']
    const [first, second, forced] = [
      await run(args, { cwd: folder }),
      await run(args, { cwd: folder }),
      await run([...args, '--force'], { cwd: folder }),
    ]
    expect([first, second, forced].map(({ exitCode }) => exitCode)).toEqual([0, 1, 0])
    expect(first.stdout).not.toContain('eyJ')
    expect(second.stderr).toContain('file_exists')
    const path = join(folder, 'token.jwt')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(decodeToken(readFileSync(path, 'utf8').trim()).claims['userId']).toBe(1)
  })

  it('warns of a key that others can read, and of one that is not for development', async () => {
    const open = join(folder, 'open.json')
    const jwk = { ...JSON.parse(readFileSync(keyFile, 'utf8')), kid: 'prod-2026' }
    writeFileSync(open, JSON.stringify(jwk))
    chmodSync(open, 0o644)
    const { exitCode, stderr } = await call(['mint', '--key', open])
    expect(exitCode).toBe(0)
    expect(stderr).toContain('others can read')
    expect(stderr).toContain('"prod-2026" is not named as one for development')
  })

  it('never takes a key as an argument, and does not show it again', async () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    const jwk = readFileSync(keyFile, 'utf8')
    const runs = await runAll([
      [['mint', `--key=${pem}`]],
      [['mint', '--key', jwk]],
      [['jwks', 'print', '--key', jwk]],
      [['verify', '--key', jwk, 'a.b.c']],
      [['verify', '--secret-file', '{"kty":"oct","k":"c2VjcmV0"}', 'a.b.c']],
    ])
    for (const { exitCode, stdout, stderr } of runs) {
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain('was given a key')
      expect(stderr).not.toMatch(/BEGIN|"d"|c2VjcmV0/)
      expect(stderr).not.toContain(secret)
    }
  })

  it('exits with 2 for what is typed wrongly', async () => {
    const wrong = [
      ['acme=admin'],
      ['--role', 'admin'],
      ['--tenant', '=admin'],
      ['--tenant', 'acme=admin,,member'],
      ['--tenant', 'acme=admin, member'],
      ['--exp', 'soon'],
      ['--mode', 'prod'],
      ['--force'],
      ['--claims', '-', '--key', '-'],
      ['--roles', 'admin'],
      ['--iss='],
    ]
    for (const flags of wrong) {
      const { exitCode, stdout } = await call(['mint', ...flags])
      expect(exitCode, flags.join(' ')).toBe(2)
      expect(stdout).toBe('')
    }
    const twice = await run(['mint', '--key', keyFile, '--sub', 'a', '--claims', '-'], {
      stdin: '{"sub":"b"}',
    })
    expect(twice.exitCode).toBe(2)
    expect(twice.stderr).toContain('The claim "sub" is given twice')
    const times = { stdin: '{"exp":1}' }
    expect((await call(['mint', '--exp', '1m', '--claims', '-'], times)).exitCode).toBe(2)
    const slip = await run(['mint', '--tenat', 'acme=admin'])
    expect(slip.exitCode).toBe(2)
    expect(slip.stderr).toContain('Did you mean --tenant?')
  })

  it('exits with 3 without a key that signs, and names the way to one', async () => {
    const cwd = scratchFolder()
    const file = (name: string, content: string): string => {
      writeFileSync(join(cwd, name), content)
      return name
    }
    const { d: _, ...half } = JSON.parse(readFileSync(keyFile, 'utf8'))
    const none = await run(['mint'], { cwd })
    expect(none.exitCode).toBe(3)
    expect(none.stderr).toContain('tenantry keygen')
    const bad = [
      ['public.json', JSON.stringify(half), 'only a private one signs'],
      ['text.json', 'hello', 'neither a JWK nor a PEM'],
      ['set.json', '{"keys":[]}', 'it holds 0 keys'],
      ['numbers.json', JSON.stringify({ ...half, d: 'AA' }), 'no key of its type'],
      ['alg.json', JSON.stringify({ ...half, alg: 'RS256', d: 'AA' }), 'do not go with'],
      ['broken.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'no key can'],
    ] as const
    for (const [name, content, reason] of bad) {
      const { exitCode, stderr } = await call(['mint', '--key', join(cwd, file(name, content))])
      expect(exitCode, name).toBe(3)
      expect(stderr.replaceAll(/\s+/g, ' '), name).toContain(reason)
    }
    const claims = await call(['mint', '--key', keyFile, '--claims', '-'], { stdin: '[]' })
    expect(claims.exitCode).toBe(3)
    expect(claims.stderr).toContain('claims_unusable')
  })

  it('answers with one document', async () => {
    const args = ['mint', '--json', '--key', keyFile, '--tenant', 'acme=admin']
    const { exitCode, stdout, stderr } = await run(args)
    expect(exitCode).toBe(0)
    const { token, ...document } = JSON.parse(stdout)
    expect(document).toMatchObject({
      schema: 1,
      ok: true,
      code: 'minted',
      header: { alg: 'ES256' },
      claims: { authorization: { acme: { roles: ['admin'] } } },
      expiresAt: expect.stringMatching(/^\d{4}-/),
    })
    expect(decodeToken(token).claims['userId']).toBe(1)
    expect(stdout + stderr).not.toContain(secret)
  })
})

import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { compact, tokenFiles } from './support/token-files.ts'

const files = tokenFiles()
const pem = readFileSync(files.pem, 'utf8')
const der = createPublicKey(pem).export({ type: 'spki', format: 'der' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const ssh = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 somebody@example\n'
const oct = JSON.stringify({ kty: 'oct', k: Buffer.alloc(64, 7).toString('base64url') })

/** A token that anybody can make who has the public key. */
function forge(secret: Uint8Array): string {
  const claims = { exp: 4_000_000_000, authorization: { acme: { roles: ['admin'] } } }
  const [header, payload] = compact({ alg: 'HS256' }, claims).split('.')
  const signed = `${header}.${payload}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

describe('a public key that is given as a secret', () => {
  const forms: readonly (readonly [string, Uint8Array])[] = [
    ['a PEM', Buffer.from(pem)],
    ['a PEM behind other text', Buffer.from(`the key:\n${pem}`)],
    ['base64 of a PEM', Buffer.from(Buffer.from(pem).toString('base64'))],
    ['DER', der],
    ['base64 of DER', Buffer.from(der.toString('base64'))],
    ['an SSH key', Buffer.from(ssh)],
    ['a JWK Set', readFileSync(files.jwks)],
    ['a private PEM', Buffer.from(privatePem)],
  ]
  it.each(forms)('is refused as %s, and no forgery is believed', async (_, bytes) => {
    const file = files.write('not-a-secret', bytes)
    for (const command of [['can', 'acme', 'admin'], ['verify'], ['inspect']]) {
      const args = [...command, '--secret-file', file]
      const { exitCode, stdout, stderr } = await call(args, { stdin: forge(bytes) })
      expect(exitCode).toBe(3)
      expect(stdout).toBe('')
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain('which is no secret. ')
      expect(stderr).toContain('key_unsuitable')
    }
  })

  it('says where it goes', async () => {
    const args = ['can', 'acme', 'admin', '--secret-file', files.pem]
    const { stderr } = await call(args, { stdin: forge(Buffer.from(pem)) })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('holds a PEM key, which is no secret.')
    expect(stderr).toContain('A public key goes to --key ')
  })

  it.each(['0'.repeat(64), Buffer.alloc(48, 0x30), oct, 'correct horse battery staple, and more'])(
    'is no reason to refuse a secret',
    async (secret) => {
      const bytes = secret === oct ? Buffer.alloc(64, 7) : Buffer.from(secret)
      const args = ['can', 'acme', 'admin', '--secret-file', files.write('secret', secret)]
      expect((await call(args, { stdin: forge(bytes) })).exitCode).toBe(0)
    },
  )
})

describe('a key of another kind', () => {
  const privateJwk = JSON.stringify(rsa.privateKey.export({ format: 'jwk' }))
  const print = 'tenantry jwks print --key '
  const cases: readonly (readonly [flag: string, content: string, says: string])[] = [
    ['--key', privatePem, print],
    ['--key', privateJwk, print],
    ['--jwks', privateJwk, print],
    ['--jwks', pem, 'A public key goes to --key '],
    ['--jwks', oct, 'A secret goes to --secret-file '],
    ['--key', oct, 'A secret goes to --secret-file '],
    ['--jwks', ssh, 'ssh-keygen -e -m PKCS8 -f '],
    ['--key', ssh, 'ssh-keygen -e -m PKCS8 -f '],
    ['--jwks', compact({ alg: 'RS256' }, {}), 'A token goes to --token-file '],
    ['--key', compact({ alg: 'RS256' }, {}), 'A token goes to --token-file '],
  ]
  it.each(cases)('is refused for %s', async (flag, content, says) => {
    const args = ['verify', flag, files.write('other', content)]
    const { exitCode, stderr } = await call(args, { stdin: await files.good() })
    expect(exitCode).toBe(3)
    expect(stderr).toContain(says)
    expect(stderr).toContain('key_unsuitable')
    expect(stderr).not.toContain(content.slice(0, 24))
    expect(stderr).not.toContain('Option')
  })

  it('can be made with the commands that are named', async () => {
    const key = files.write('private.json', privateJwk)
    const { stdout } = await call(['jwks', 'print', '--key', key])
    const published = files.write('published.json', stdout)
    const { exitCode } = await call(['verify', '--jwks', published], { stdin: await files.good() })
    expect(exitCode).toBe(1)
  })
})

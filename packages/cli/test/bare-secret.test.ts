/** A secret without anything around it, where the name of something was asked for. */
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { call } from './support/call.ts'
import { tokenFiles } from './support/token-files.ts'

const files = tokenFiles()

/** As long as the private half of an EC key, the shortest that there is. */
const secret = createHash('sha256').update('the secret of a JWK').digest('base64url')

describe('a bare secret on the command line', () => {
  it.each([
    ['--key', ['verify', '--key', secret]],
    ['--jwks', ['verify', '--jwks', secret]],
    ['--secret-file', ['verify', '--secret-file', secret]],
    ['the key of mint', ['mint', '--key', secret]],
    ['--alg', ['verify', '--alg', secret]],
    ['--max-age', ['verify', '--max-age', secret]],
    ['--at', ['verify', '--at', secret]],
    ['a check', ['doctor', '--only', secret]],
    ['a code', ['explain', secret]],
    ['a command', [secret]],
    ['a flag', ['verify', `--${secret}`]],
    ['hex', ['verify', '--key', randomBytes(32).toString('hex')]],
  ])('is not shown again: %s', async (_, args) => {
    for (const more of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await call([...args, ...more], {
        stdin: await files.good(),
      })
      expect(exitCode).toBe(2)
      for (const text of args.filter((argument) => argument.length > 30)) {
        expect(stdout + stderr).not.toContain(text.replace(/^-+/, '').slice(0, 10))
      }
    }
  })

  it('is no secret when a file is called so, and a name with a dot is none', async () => {
    const pem = files.write(secret, 'nothing')
    const named = await call(['verify', '--key', pem], { stdin: await files.good() })
    expect(named.exitCode).toBe(3)
    const missing = `${'a-long-name-of-a-file'.repeat(3)}.pem`
    const { exitCode, stderr } = await call(['verify', '--key', missing], {
      stdin: await files.good(),
    })
    expect(exitCode).toBe(3)
    expect(stderr).toContain(missing.slice(0, 20))
  })
})

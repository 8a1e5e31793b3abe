/** Types the commands of the documentation: the same files, the same minute, every time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestIssuer } from '@tenantry/testing'
import { type CallOptions, call } from './call.ts'
import { compact } from './token-files.ts'

/** When the page was written. */
const now = new Date('2026-11-20T15:48:00Z')

export interface Replay {
  /** What a terminal shows after a command line such as `tenantry decode < token.jwt`. */
  type(line: string, options?: CallOptions): Promise<string>
  close(): void
}

/** Makes the files that the page speaks of, and goes there. */
export async function replay(): Promise<Replay> {
  const before = process.cwd()
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-docs-'))
  const issuer = createTestIssuer({ now: () => new Date('2026-11-20T15:00:00Z') })
  const keys = 'keys' in issuer.keys ? issuer.keys.keys : []
  const authorization = {
    acme: { roles: ['admin', 'member'] },
    globex: { roles: ['editor', 'member'] },
    initech: { roles: [] },
  }
  const changed = { acme: authorization.acme, globex: { roles: ['owner', 'member'] } }
  const claims = {
    userId: 7,
    userUuid: undefined,
    isConfirmed: undefined,
    sessionId: undefined,
    iss: 'https://auth.example.com/',
    authorization,
  }
  const header = { kid: 'k1' }
  const files: Readonly<Record<string, string>> = {
    'jwks.json': JSON.stringify({ keys: keys.map((key) => ({ ...key, kid: 'k1' })) }),
    'token.jwt': await issuer.token(claims, { expiresIn: 3600, header }),
    'old.jwt': await issuer.token(claims, { expiresIn: 2700, header }),
    'new.jwt': await issuer.token(
      { ...claims, authorization: changed },
      { expiresIn: 7200, header },
    ),
    ...(await oddOnes()),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  process.chdir(folder)
  return {
    async type(line, options) {
      const [, command = '', input = '', echo] =
        /^tenantry ?(.*?)(?: < (\S+?))?(; echo \$\?)?$/.exec(line) ?? []
      const args = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
      const stdin = files[input] ?? ''
      const { exitCode, stdout, stderr } = await call(args, { stdin, now, ...options })
      return stderr + stdout + (echo === undefined ? '' : `${exitCode}\n`)
    },
    close() {
      process.chdir(before)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What is wrong with tokens, in as few of them as possible. Nobody signed the odd one. */
async function oddOnes(): Promise<Readonly<Record<string, string>>> {
  const issuer = createTestIssuer({ now: () => new Date('2026-11-20T15:47:00Z'), mode: 'live' })
  const header = { kid: 'k1' }
  const fixed = { sessionId: '3ebd28c1-7e13-4b5c-a2e1-8873ee776005' }
  const tenants = Array.from({ length: 60 }, (_, index) => [
    `tenant-${index}`,
    { roles: [`team ${index % 12}`, 'member'] },
  ])
  const many = { ...fixed, authorization: Object.fromEntries(tenants) }
  const claims = {
    sub: 'usr\u202e_7',
    type: 'access',
    iat: 1_795_186_800_000,
    exp: 1_797_778_800_000,
    authorization: {
      acme: { roles: ['admim', 'member'] },
      Acme: { roles: [] },
      'north wing': { roles: 'superadmin' },
      list: ['admin'],
    },
  }
  return {
    'odd.jwt': compact({ alg: 'HS256', jku: 'https://keys.example.com' }, claims),
    'many.jwt': await issuer.token(many, { expiresIn: 7_776_000, header }),
    'refresh.jwt': await issuer.token(
      { ...fixed, type: 'refresh', authorization: undefined },
      { header },
    ),
  }
}

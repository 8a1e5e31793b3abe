/** Types the commands of the documentation: the same files, the same minute, every time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
    'session.json': '{ "sessionId": "3ebd28c1-7e13-4b5c-a2e1-8873ee776005" }\n',
    ...(await oddOnes()),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  mkdirSync(join(folder, '.tenantry'))
  writeFileSync(join(folder, '.tenantry/dev-key.json'), JSON.stringify(devKey), { mode: 0o600 })
  process.chdir(folder)
  const network = globalThis.fetch
  globalThis.fetch = async (url) => answerOf(String(url), files['jwks.json'] ?? '')
  return {
    async type(line, options) {
      const [, command = '', input = '', echo] =
        /^tenantry ?(.*?)(?: < (\S+?))?(; echo \$\?)?$/.exec(line) ?? []
      const args = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
      const stdin = files[input] ?? ''
      const { exitCode, stdout, stderr } = await call(args, { stdin, now, ...options })
      return sameEverywhere(stderr + stdout) + (echo === undefined ? '' : `${exitCode}\n`)
    },
    close() {
      globalThis.fetch = network
      process.chdir(before)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The key of RFC 8037 appendix A, which everybody has. Its signatures are the same every time. */
const devKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  kid: 'dev-demo',
  alg: 'EdDSA',
  use: 'sig',
}

/** The only servers that there are: an issuer with a slip in its tokens, and one that is gone. */
function answerOf(url: string, jwks: string): Response {
  const issuer = 'https://auth.example.com'
  const headers = { 'content-type': 'application/json', date: now.toUTCString() }
  if (url === `${issuer}/.well-known/openid-configuration`) {
    const document = { issuer, jwks_uri: `${issuer}/jwks.json` }
    return new Response(JSON.stringify(document), { headers })
  }
  if (url === `${issuer}/jwks.json`) return new Response(jwks, { headers })
  if (url === 'https://keys.example.com/jwks.json') {
    const { d: _, ...half } = devKey
    return new Response(JSON.stringify({ keys: [half] }), { headers })
  }
  throw new Error('getaddrinfo ENOTFOUND')
}

/** What is another on every machine and at every time. */
function sameEverywhere(output: string): string {
  return output
    .replaceAll(/\b\d+ ms\b/g, '84 ms')
    .replaceAll(/\bNode \d+\.\d+\.\d+/g, 'Node 22.14.0')
    .replaceAll(/[\d.]+ s against/g, '0.4 s against')
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

/** Types the commands of the documentation: the same files, the same minute, every time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestIssuer } from '@tenantry/testing'
import { call } from './call.ts'

/** When the page was written. */
const now = new Date('2026-11-20T15:48:00Z')

export interface Replay {
  /** What a terminal shows after a command line such as `tenantry decode < token.jwt`. */
  type(line: string): Promise<string>
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
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  process.chdir(folder)
  return {
    async type(line) {
      const [, command = '', input = '', echo] =
        /^tenantry ?(.*?)(?: < (\S+?))?(; echo \$\?)?$/.exec(line) ?? []
      const args = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
      const stdin = files[input] ?? ''
      const { exitCode, stdout, stderr } = await call(args, { stdin, now })
      return stderr + stdout + (echo === undefined ? '' : `${exitCode}\n`)
    },
    close() {
      process.chdir(before)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

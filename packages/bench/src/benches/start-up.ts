/** How long somebody waits for `tenantry decode`, next to Node doing nothing. */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Bench } from '../bench.ts'
import { nodeProcess } from '../process.ts'

const cli = dirname(createRequire(import.meta.url).resolve('@tenantry/cli/package.json'))
/** The page of the inspector is built into the command. */
const inspector = join(cli, '../inspector')
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const header = { alg: 'RS256', typ: 'JWT', kid: 'k1' }
const claims = {
  mode: 'live',
  tenantId: 'demo1234',
  userId: 7,
  authorization: { acme: { roles: ['admin', 'member'] }, globex: { roles: ['member'] } },
  iat: 1795186800,
  exp: 1795190400,
}
const token = `${encode(header)}.${encode(claims)}.${Buffer.alloc(256, 1).toString('base64url')}`

export const startUp: Bench = {
  name: 'start-up',
  question: 'How long does the command take to decode a token?',
  yardstick: 'node -e 0',
  targets: [{ contender: 'tenantry decode', maxRatio: 2 }],
  rounds: { full: 40, quick: 3 },
  prepare() {
    // As it is published, and as it is now.
    for (const cwd of [inspector, cli]) {
      execFileSync('npm', ['run', '--silent', 'build'], {
        cwd,
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: process.platform === 'win32',
      })
    }
    const bin = join(cli, 'dist/bin.js')
    return {
      contenders: [
        nodeProcess('node -e 0', ['-e', '0']),
        nodeProcess('tenantry decode', [bin, 'decode', token]),
        nodeProcess('tenantry inspect', [bin, 'inspect', token]),
        nodeProcess('tenantry --help', [bin, '--help']),
      ],
    }
  },
}

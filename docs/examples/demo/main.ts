/**
 * Starts a JWKS server on loopback, mints the token of Userfront's guide and its bad siblings,
 * verifies each over that endpoint, asks what the good one may do, and has it inspected by the
 * command line. Exits with 0 only if every answer is the expected one.
 */
import {
  type AccessToken,
  createVerifier,
  defineRoles,
  explain,
  isTenantryError,
  type Requirement,
  userfront,
} from '@tenantry/core'
import { createTestIssuer } from '@tenantry/testing'
import { inspect } from './inspect.ts'
import { startExpress, startFastify } from './servers.ts'
import { formatTable } from './table.ts'

// Admin of one tenant, member of another: the example of Userfront's guide.
const authorization = { nz569yb7: { roles: ['admin'] }, a5h281k8: { roles: ['member'] } }

const roles = defineRoles({
  member: { permissions: ['widgets:read'] },
  admin: { inherits: ['member'], permissions: ['widgets:write'] },
})

type Role = 'member' | 'admin'
type Permission = 'widgets:read' | 'widgets:write'

const issuer = createTestIssuer({ workspaceId: 'demo1234', mode: 'live' })
const jwks = await issuer.listen()
const verifier = createVerifier({
  ...userfront({ workspaceId: 'demo1234', mode: 'live', keys: jwks.url }),
  roles,
})

let unexpected = 0

/** Marks an answer, and remembers when it is not the expected one. */
function check(answer: string, expected: string): string {
  if (answer === expected) return 'as expected'
  unexpected++
  return `EXPECTED ${expected}`
}

async function answerFor(jwt: string): Promise<string> {
  try {
    await verifier.verify(jwt)
    return '200 verified'
  } catch (error) {
    if (!isTenantryError(error)) throw error
    return `${error.status} ${error.code}`
  }
}

const good = await issuer.token({ userId: 1, authorization })

const tokens = [
  ['the good one', good, '200 verified'],
  ['its refresh token', await issuer.refreshToken(), '401 token_kind_unexpected'],
  ['its ID token', await issuer.idToken(), '401 token_kind_unexpected'],
  ['expired', await issuer.expired({ authorization }), '401 token_expired'],
  ['forged with another key', await issuer.forged({ authorization }), '401 signature_invalid'],
  ['a role changed by hand', withMoreRoles(good), '401 signature_invalid'],
  ['without a signature', unsigned(good), '401 alg_not_allowed'],
  ['of test mode', await issuer.token({ authorization, mode: 'test' }), '401 mode_mismatch'],
  [
    'of another workspace',
    await issuer.token({ authorization, tenantId: 'p9ny8bdj' }),
    '401 workspace_mismatch',
  ],
] as const

const verified: string[][] = []
for (const [name, jwt, expected] of tokens) {
  const answer = await answerFor(jwt)
  verified.push([name, answer, check(answer, expected)])
}

const token: AccessToken<Role, Permission> = await verifier.verify(good)

const questions: [tenantId: string, Requirement<Role, Permission>, expected: string][] = [
  ['nz569yb7', 'admin', 'granted'],
  ['nz569yb7', 'member', 'granted'],
  ['nz569yb7', { exactly: 'member' }, 'role_insufficient'],
  ['nz569yb7', { permission: 'widgets:write' }, 'granted'],
  ['a5h281k8', 'member', 'granted'],
  ['a5h281k8', 'admin', 'role_insufficient'],
  ['a5h281k8', { permission: 'widgets:write' }, 'role_insufficient'],
  ['a5h281k8', { any: ['admin', 'member'] }, 'granted'],
  ['a5h281k8', { all: ['admin', 'member'] }, 'role_insufficient'],
  ['demo1234', 'member', 'tenant_forbidden'],
  ['NZ569YB7', 'admin', 'tenant_forbidden'],
  ['__proto__', 'admin', 'tenant_forbidden'],
]

const decided: string[][] = []
const sentences: string[] = []
for (const [tenantId, requirement, expected] of questions) {
  const { allowed, code, grantedBy, message } = explain(token, tenantId, requirement)
  const reason = grantedBy?.role === undefined ? code : `${code} by way of ${grantedBy.role}`
  const asked = typeof requirement === 'string' ? requirement : JSON.stringify(requirement)
  decided.push([tenantId, asked, allowed ? 'yes' : 'no', reason, check(code, expected)])
  sentences.push(`  ${message}`)
}

const servers = [await startExpress(verifier), await startFastify(verifier)]
const member = 'a5h281k8'
const requests: [name: string, path: string, jwt: string | undefined, expected: string][] = [
  ['admin of the tenant', 'nz569yb7', good, '200'],
  ['member, not admin', member, good, '403 role_insufficient'],
  ['another tenant', 'demo1234', good, '403 tenant_forbidden'],
  ['a tenant that no tenant can be', 'nz569yb7%2F..', good, '400 tenant_invalid'],
  ['two tenants', 'nz569yb7/widgets?tenantId=a5h281k8', good, '400 tenant_conflict'],
  ['without a token', 'nz569yb7', undefined, '401 credentials_missing'],
  ['with the refresh token', 'nz569yb7', await issuer.refreshToken(), '401 token_kind_unexpected'],
  [
    'with a forged token',
    'nz569yb7',
    await issuer.forged({ authorization }),
    '401 signature_invalid',
  ],
]

function pathOf(place: string): string {
  return place.includes('?') ? `/tenants/${place}` : `/tenants/${place}/widgets`
}

async function statusOf(url: string, jwt: string | undefined): Promise<string> {
  const headers: Record<string, string> =
    jwt === undefined ? {} : { authorization: `Bearer ${jwt}` }
  const response = await fetch(url, { headers })
  const { code } = (await response.json()) as { code?: string }
  return code === undefined ? `${response.status}` : `${response.status} ${code}`
}

const served: string[][] = []
for (const [name, place, jwt, expected] of requests) {
  const answers = await Promise.all(servers.map(({ url }) => statusOf(url + pathOf(place), jwt)))
  served.push([
    name,
    ...answers,
    check(new Set(answers).size === 1 ? `${answers[0]}` : 'different', expected),
  ])
}

// As it is a minute after it was issued.
const later = new Date((token.issuedAt?.getTime() ?? 0) + 60_000)
const report = await inspect(good, jwks.url, later)
const inspected = check(`exit code ${report.exitCode}`, 'exit code 0')

const count = tokens.length + questions.length + requests.length + 1
console.log(`
JWKS endpoint  ${jwks.url}  (${jwks.requests} ${jwks.requests === 1 ? 'request' : 'requests'})
User           ${token.userId}, admin of nz569yb7, member of a5h281k8

Which token is accepted?

${formatTable(['token', 'answer', ''], verified)}

What may the good one do?

${formatTable(['tenant', 'asks for', 'answer', 'reason', ''], decided)}

The same in words:

${sentences.join('\n')}

GET /tenants/:tenantId/widgets, for admins, on two servers:

${formatTable(['request', ...servers.map(({ name }) => name), ''], served)}

The good one a minute later, by tenantry inspect --jwks URL:

${report.output}

  exit code ${report.exitCode}   ${inspected}

${unexpected === 0 ? `All ${count} answers are the expected ones.` : `${unexpected} of ${count} answers are NOT the expected ones.`}
`)

if (process.argv.includes('--serve')) {
  console.log('The servers go on until Ctrl-C. The token lives for five minutes.\n')
  for (const { name, url } of servers) {
    for (const tenantId of ['nz569yb7', member]) {
      console.log(
        `# ${name}, ${tenantId}\ncurl -i -H 'Authorization: Bearer ${good}' ${url}/tenants/${tenantId}/widgets\n`,
      )
    }
  }
} else {
  verifier.close()
  await Promise.all([jwks.close(), ...servers.map((server) => server.close())])
}
process.exitCode = unexpected === 0 ? 0 : 1

/** The token with the roles of an attacker's choice and the signature it had. */
function withMoreRoles(jwt: string): string {
  const [header, payload = '', signature] = jwt.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  claims.authorization.a5h281k8.roles = ['admin']
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
}

/** The token with `alg: none`. */
function unsigned(jwt: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
  return `${header}.${jwt.split('.')[1]}.`
}

/**
 * Starts a JWKS server on loopback, mints the token of Userfront's guide and its bad siblings,
 * verifies each over that endpoint, and asks what the good one may do. Exits with 0 only if every
 * answer is the expected one.
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

const count = tokens.length + questions.length
console.log(`
JWKS endpoint  ${jwks.url}  (${jwks.requests} request)
User           ${token.userId}, admin of nz569yb7, member of a5h281k8

Which token is accepted?

${formatTable(['token', 'answer', ''], verified)}

What may the good one do?

${formatTable(['tenant', 'asks for', 'answer', 'reason', ''], decided)}

The same in words:

${sentences.join('\n')}

${unexpected === 0 ? `All ${count} answers are the expected ones.` : `${unexpected} of ${count} answers are NOT the expected ones.`}
`)

verifier.close()
await jwks.close()
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

/** An issuer, its verifier with a count, and a few callers. */
import {
  type AccessToken,
  createVerifier,
  defineRoles,
  type RoleModel,
  type Verifier,
} from '@tenantry/core'
import { createTestIssuer, type TestIssuer } from '@tenantry/testing'

export const issuer: TestIssuer = createTestIssuer({ algorithm: 'ES256' })

export const roles: RoleModel<Role, Permission> = defineRoles({
  viewer: { permissions: ['widgets:read'] },
  admin: { inherits: ['viewer'], permissions: ['widgets:write'] },
  billing: {},
})

export type Role = 'viewer' | 'admin' | 'billing'
export type Permission = 'widgets:read' | 'widgets:write'

/** A verifier that counts. */
export interface CountingVerifier extends Verifier<Role, Permission> {
  readonly calls: number
}

export function countingVerifier(
  before: () => Promise<void> = async () => undefined,
): CountingVerifier {
  const verifier = createVerifier({ keys: issuer.keys, algorithms: ['ES256'], roles })
  let calls = 0
  return {
    roles: verifier.roles,
    get calls() {
      return calls
    },
    async verify(jwt): Promise<AccessToken<Role, Permission>> {
      calls++
      await before()
      return await verifier.verify(jwt)
    },
    verifySync: (jwt) => verifier.verifySync(jwt),
    ready: () => verifier.ready(),
    close: () => verifier.close(),
  }
}

export const verifier: Verifier<Role, Permission> = countingVerifier()

/** A token with these roles, by tenant. */
export async function tokenOf(
  grants: Readonly<Record<string, readonly string[]>>,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const authorization = Object.fromEntries(
    Object.entries(grants).map(([tenantId, held]) => [tenantId, { roles: held }]),
  )
  return await issuer.token({ userId: 7, authorization, ...claims })
}

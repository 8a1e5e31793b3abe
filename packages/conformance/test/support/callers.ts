/** An issuer, and tokens of those who call. */
import { createVerifier, type Verifier } from '@tenantry/core'
import { createTestIssuer, type TestIssuer } from '@tenantry/testing'

export const issuer: TestIssuer = createTestIssuer({ algorithm: 'ES256' })

export const verifier: Verifier = createVerifier({ keys: issuer.keys, algorithms: ['ES256'] })

/** A token with these roles, by tenant. */
export async function tokenOf(
  grants: Readonly<Record<string, readonly string[]>>,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const authorization = Object.fromEntries(
    Object.entries(grants).map(([tenantId, roles]) => [tenantId, { roles }]),
  )
  return await issuer.token({ userId: 7, authorization, ...claims })
}

/** Tokens that most cases need. */
export interface Callers {
  /** An admin of acme. */
  readonly admin: string
  /** Another token of the same admin. */
  readonly again: string
  /** Belongs to acme, and has no role there that is asked for. */
  readonly member: string
  /** An admin of acme and of evil. */
  readonly both: string
}

export const callers: Callers = {
  admin: await tokenOf({ acme: ['admin'] }),
  again: await tokenOf({ acme: ['admin'] }),
  member: await tokenOf({ acme: ['viewer'] }),
  both: await tokenOf({ acme: ['admin'], evil: ['admin'] }),
}

/** What every library does in these benches: a string becomes claims, or an error. */
import type { Material } from '../tokens/material.ts'

/** Verifies a token: signature by the right algorithm, times, issuer. Throws when it is not good. */
export type Verify = (jwt: string) => unknown

/** How a library is set up. */
export interface PeerOptions {
  /** So many verified tokens are kept by those libraries that can; none when left out. */
  readonly cache?: number
}

export type MakeVerify = (material: Material, options?: PeerOptions) => Verify | Promise<Verify>

/**
 * What is written by hand behind the other libraries, which know no tenants.
 */
export function holdsRole(claims: unknown, tenantId: string, role: string): boolean {
  // Verified claims: whatever the issuer put there. A wrong shape is caught by the `?.` below.
  const { authorization } = claims as {
    authorization?: Record<string, { roles?: readonly string[] } | undefined>
  }
  return authorization?.[tenantId]?.roles?.includes(role) === true
}

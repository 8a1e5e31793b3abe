/** Claims in the shape of Userfront's access tokens: 1.1 KB with eight tenants, signed with RS256. */
import { randomUUID } from 'node:crypto'

export const issuer = 'https://auth.example.com'

export interface Claims {
  readonly authorization: Readonly<Record<string, { readonly roles: readonly string[] }>>
  readonly [claim: string]: unknown
}

/** How much a token says. */
export interface Size {
  readonly tenants: number
  /** Roles in the first tenant, `admin` and `member` among them. */
  readonly roles: number
}

/** The claims of a user: `member` in every tenant, and `admin` in the first. */
export function claimsOf(userId: number, { tenants, roles }: Size, expiresIn: number): Claims {
  const now = Math.floor(Date.now() / 1000)
  const more = Array.from({ length: roles - 2 }, (_, index) => `role-${index}`)
  const entries = Array.from({ length: tenants }, (_, index) => [
    `tnt${String(index + 1).padStart(5, '0')}`,
    { roles: index === 0 ? ['admin', ...more, 'member'] : ['member'] },
  ])
  return {
    mode: 'live',
    tenantId: 'demo1234',
    userId,
    userUuid: randomUUID(),
    isConfirmed: true,
    authorization: Object.fromEntries(entries),
    sessionId: randomUUID(),
    iat: now - 7200,
    exp: now + expiresIn,
    iss: issuer,
  }
}

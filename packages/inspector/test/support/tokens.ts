/** Tokens and keys to paste. */
import { createTestIssuer, type TestClaims, type TestIssuer } from '@tenantry/testing'

/** Three tenants and four roles. */
export const authorization: Readonly<Record<string, { readonly roles: readonly string[] }>> = {
  acme: { roles: ['admin', 'member'] },
  globex: { roles: ['editor', 'member'] },
  initech: { roles: [] },
}

/** An issuer, a good token of it, and its JWK Set as text. */
export async function goodToken(
  claims: TestClaims = {},
): Promise<{ issuer: TestIssuer; jwt: string; jwks: string }> {
  const issuer = createTestIssuer()
  const jwt = await issuer.token(
    { userId: 7, authorization, ...claims },
    { expiresIn: 3600, header: { kid: undefined } },
  )
  return { issuer, jwt, jwks: JSON.stringify(issuer.keys) }
}

/** A token that nobody signed: header and claims as they are given. */
export function unsigned(claims: unknown, header: unknown = { alg: 'RS256', typ: 'JWT' }): string {
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode(header)}.${encode(claims)}.c2lnbmF0dXJl`
}

/** The public surface of `@tenantry/testing`: real signed tokens and a real JWKS, for tests. */

export type { JwksServer } from './jwks-server.ts'
export type {
  TestClaims,
  TestIssuer,
  TestIssuerOptions,
  TestTokenOptions,
} from './test-issuer.ts'
export { createTestIssuer } from './test-issuer.ts'

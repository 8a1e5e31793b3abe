/** What an issuer publishes, as a list and as its single key. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { createTestIssuer, type TestIssuer } from '@tenantry/testing'
import type { Algorithm, PublicJwk } from '../../src/index.ts'

export interface SingleKeyIssuer {
  readonly issuer: TestIssuer
  readonly jwk: PublicJwk
  readonly key: KeyObject
}

/** The JWKs that the issuer publishes now; none for a secret. */
export function publishedKeys(issuer: TestIssuer): readonly PublicJwk[] {
  const { keys } = issuer
  return 'keys' in keys && Array.isArray(keys.keys) ? keys.keys : []
}

/** A new issuer of tokens, with its public key in two forms. */
export function issuerOf(algorithm: Algorithm): SingleKeyIssuer {
  const issuer = createTestIssuer({ algorithm })
  const [jwk = {}] = publishedKeys(issuer)
  return { issuer, jwk, key: createPublicKey({ key: { ...jwk } as JsonWebKey, format: 'jwk' }) }
}

/** Tenantry, with the same checks as the others: algorithm, signature, times, issuer. */
import { createVerifier, type Verifier } from '@tenantry/core'
import type { Material } from '../tokens/material.ts'
import type { PeerOptions } from './peer.ts'

/** How long a token may be, where a bench has longer ones than the default of 8192. */
interface TenantryOptions extends PeerOptions {
  readonly maxTokenBytes?: number
}

export function tenantryVerifier(
  material: Material,
  { cache, maxTokenBytes = 8192 }: TenantryOptions = {},
): Verifier {
  return createVerifier({
    keys: { keys: [material.jwk] },
    algorithms: [material.algorithm],
    issuer: material.issuer,
    cache: cache === undefined ? false : { max: cache },
    maxTokenBytes,
  })
}

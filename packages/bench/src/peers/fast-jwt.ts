/** fast-jwt, with the key and the algorithm that its documentation asks for. */
import { createVerifier } from 'fast-jwt'
import type { Material } from '../tokens/material.ts'
import type { PeerOptions, Verify } from './peer.ts'

export function fastJwt(material: Material, { cache }: PeerOptions = {}): Verify {
  return createVerifier({
    key: material.pem,
    algorithms: [material.algorithm],
    allowedIss: material.issuer,
    cache: cache ?? false,
  })
}

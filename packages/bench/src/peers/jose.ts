/** jose, with a JWK Set as Tenantry has it, and with the one key imported, as it is fastest. */
import { createLocalJWKSet, importJWK, jwtVerify } from 'jose'
import type { Material } from '../tokens/material.ts'
import type { Verify } from './peer.ts'

export function joseKeySet({ algorithm, jwk, issuer }: Material): Verify {
  const keys = createLocalJWKSet({ keys: [jwk] })
  const options = { algorithms: [algorithm], issuer }
  return (jwt) => jwtVerify(jwt, keys, options)
}

export async function joseKey({ algorithm, jwk, issuer }: Material): Promise<Verify> {
  const key = await importJWK(jwk, algorithm)
  const options = { algorithms: [algorithm], issuer }
  return (jwt) => jwtVerify(jwt, key, options)
}

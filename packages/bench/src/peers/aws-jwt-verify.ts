/** aws-jwt-verify for any issuer, with its keys given at the start so that nothing is fetched. */
import { JwtVerifier } from 'aws-jwt-verify'
import type { Material } from '../tokens/material.ts'
import type { Verify } from './peer.ts'

export function awsJwtVerify({ jwk, issuer }: Material): Verify {
  const verifier = JwtVerifier.create({
    issuer,
    audience: null,
    jwksUri: 'https://auth.example.com/jwks.json',
  })
  verifier.cacheJwks({ keys: [{ ...jwk, use: 'sig', kid: jwk.kid }] })
  return (jwt) => verifier.verifySync(jwt)
}

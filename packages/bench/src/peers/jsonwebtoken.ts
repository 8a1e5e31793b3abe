/** jsonwebtoken; it has no EdDSA. */
import { createPublicKey } from 'node:crypto'
import jsonwebtoken from 'jsonwebtoken'
import type { Material } from '../tokens/material.ts'
import type { Verify } from './peer.ts'

export function jsonWebToken({ algorithm, pem, issuer }: Material): Verify {
  if (algorithm === 'EdDSA') throw new Error('jsonwebtoken does not know EdDSA.')
  // A KeyObject is what it is fastest with: a PEM would be parsed again for each token.
  const key = createPublicKey(pem)
  const options = { algorithms: [algorithm], issuer }
  return (jwt) => jsonwebtoken.verify(jwt, key, options)
}

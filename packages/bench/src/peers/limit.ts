/** The limit: the signature alone, from bytes and a key that are ready. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Material, MintedAlgorithm } from '../tokens/material.ts'

/** A token taken apart beforehand. */
export interface Prepared {
  readonly input: Buffer
  readonly signature: Buffer
  /** The payload as JSON. */
  readonly payload: string
}

export function takeApart(jwt: string): Prepared {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  return {
    input: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
    payload: Buffer.from(payload, 'base64url').toString('utf8'),
  }
}

/** Whether the signature is good, by `crypto.verify` and nothing else. */
export function signatureCheck(material: Material): (prepared: Prepared) => boolean {
  const key = keyOf(material)
  const hash = hashOf(material.algorithm)
  return ({ input, signature }) => verify(hash, input, key, signature)
}

function hashOf(algorithm: MintedAlgorithm): string | null {
  return algorithm === 'EdDSA' ? null : 'sha256'
}

function keyOf({
  algorithm,
  pem,
}: Material): KeyObject | { key: KeyObject; dsaEncoding: 'ieee-p1363' } {
  const key = createPublicKey(pem)
  return algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key
}

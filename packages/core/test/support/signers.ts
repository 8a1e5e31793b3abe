/** Signers of the kinds that the properties are shown for. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Algorithm } from '../../src/crypto/algorithms.ts'
import { createVerifier, type Verifier, type VerifierOptions } from '../../src/index.ts'
import { ec, goodClaims, mint, mintHmac, now, rsa } from './mint.ts'

export interface Signer {
  readonly algorithm: Algorithm
  readonly keys: VerifierOptions['keys']
  /** Signs a header and a payload, each a value, or raw JSON text, or bytes. */
  sign(header: unknown, payload: unknown): string
}

const ed = generateKeyPairSync('ed25519')
const secret = new Uint8Array(32).fill(0x5a)

function pair(algorithm: Algorithm, publicKey: KeyObject, privateKey: KeyObject): Signer {
  const hash = algorithm === 'EdDSA' ? null : 'sha256'
  const sign: Signer['sign'] = (header, payload) => mint(header, payload, privateKey, hash)
  return { algorithm, keys: publicKey, sign }
}

export const rs256: Signer = pair('RS256', rsa.publicKey, rsa.privateKey)
export const es256: Signer = pair('ES256', ec.publicKey, ec.privateKey)
export const edDsa: Signer = pair('EdDSA', ed.publicKey, ed.privateKey)
/** The cheapest one, where the signature is not what is looked at. */
export const hs256: Signer = {
  algorithm: 'HS256',
  keys: { secret },
  sign: (header, payload) => mintHmac(header, payload, secret),
}

export const signers: readonly Signer[] = [rs256, es256, edDsa, hs256]

/** A verifier of the signer's tokens whose clock stands still, and which forgets what it has seen. */
export function verifierOf(signer: Signer, options: Partial<VerifierOptions> = {}): Verifier {
  const { keys, algorithm } = signer
  const clock = { now: () => new Date(now * 1000) }
  return createVerifier({ keys, algorithms: [algorithm], ...clock, cache: false, ...options })
}

/** A good token. */
export function goodToken(signer: Signer, claims: object = {}): string {
  return signer.sign({ alg: signer.algorithm, typ: 'JWT' }, { ...goodClaims, ...claims })
}

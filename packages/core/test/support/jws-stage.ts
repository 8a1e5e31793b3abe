/**
 * Verifying as far as the signature. The payloads of third-party vectors are no claims, so a token
 * that gets as far as the complaint about its payload has passed.
 */
import type { Algorithm } from '../../src/crypto/algorithms.ts'
import {
  ConfigurationError,
  createVerifier,
  type PublicJwk,
  TokenError,
  type VerifierOptions,
} from '../../src/index.ts'
import { createKeySet } from '../../src/keys/key-set.ts'
import { isFault, vetJwk } from '../../src/keys/vet-jwk.ts'
import { readCompact } from '../../src/token/compact.ts'
import { tokenFault } from '../../src/token/faults.ts'
import { checkHeader } from '../../src/verify/header.ts'
import { isSignedBy } from '../../src/verify/signature.ts'

const maxBytes = 8192
const types = ['jwt', null]

/**
 * The steps of a verifier in its order, with one JWK and one algorithm. Answers `accepted`, the code
 * of the refusal, or `key:` with the reason for which the key is refused.
 */
export async function verifyJws(
  jws: unknown,
  jwk: PublicJwk,
  algorithm: Algorithm,
): Promise<string> {
  const key = vetJwk(jwk, [algorithm], jwk.kty === 'oct')
  if (isFault(key)) return `key: ${key.reason}`
  try {
    const token = readCompact(jws, maxBytes)
    const claim = checkHeader(token, { algorithms: [algorithm], types })
    const found = createKeySet([key]).find(claim.kid, claim.algorithm)
    if (found === undefined) return 'key_not_found'
    if (found === 'alg_not_allowed') return found
    return (await isSignedBy(found, token)) ? 'accepted' : 'signature_invalid'
  } catch (error) {
    if (error instanceof TokenError) return error.code
    throw error
  }
}

const payloadRefused = tokenFault('payload_json').message

/** The same question asked of the public verifier. A verifier that cannot be made is a refusal. */
export async function passesJwsStage(
  jws: unknown,
  keys: VerifierOptions['keys'],
  algorithm: Algorithm,
): Promise<string> {
  let verifier: ReturnType<typeof createVerifier>
  try {
    verifier = createVerifier({ keys, algorithms: [algorithm] })
  } catch (error) {
    if (error instanceof ConfigurationError) return `keys: ${error.message}`
    throw error
  }
  try {
    await verifier.verify(jws as string)
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    return error.message === payloadRefused ? 'accepted' : error.code
  }
  throw new Error('no payload of these vectors is a set of claims')
}

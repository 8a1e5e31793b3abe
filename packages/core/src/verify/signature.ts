/** The one place where a signature is checked. */
import { ConfigurationError } from '../errors.ts'
import type { VerificationKey } from '../keys/vet-jwk.ts'
import type { CompactToken } from '../token/compact.ts'

/** Whether the key signed the token: at once on Node, as a promise on WebCrypto. Never throws. */
export function isSignedBy(key: VerificationKey, token: CompactToken): boolean | Promise<boolean> {
  return key.prepared.isSignature(token.signed, token.signature)
}

/** @throws {ConfigurationError} `sync_unsupported` on a runtime whose cryptography is asynchronous */
export function requireSynchronous(answer: boolean | Promise<boolean>): boolean {
  if (typeof answer === 'boolean') return answer
  throw new ConfigurationError(
    'sync_unsupported',
    'verifySync needs node:crypto. On a runtime with WebCrypto only, use verify.',
  )
}

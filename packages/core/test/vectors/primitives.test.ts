/**
 * Wycheproof's vectors of bare signatures against the engine on `node:crypto`, which takes a message
 * as text with one character for each byte. The engine for WebCrypto checks whole JWS, header and
 * all, so messages without a JOSE header cannot be put to it.
 */
import { createPublicKey } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import type { Algorithm } from '../../src/crypto/algorithms.ts'
import type { BareJwk, PreparedKey } from '../../src/crypto/engine.ts'
import { engine } from '../../src/crypto/node.ts'
import { describeVectors, readVectors } from '../support/third-party.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

interface PrimitiveTest {
  readonly tcId: number
  readonly comment: string
  readonly msg: string
  readonly sig?: string
  readonly tag?: string
  readonly key?: string
  readonly result: 'valid' | 'invalid' | 'acceptable'
}

interface PrimitiveGroup {
  readonly publicKeyDer?: string
  readonly tagSize?: number
  readonly tests: readonly PrimitiveTest[]
}

const files: [name: string, algorithm: Algorithm][] = [
  ['hmac_sha256', 'HS256'],
  ['hmac_sha384', 'HS384'],
  ['hmac_sha512', 'HS512'],
  ['rsa_signature_2048_sha256', 'RS256'],
  ['rsa_signature_2048_sha384', 'RS384'],
  ['rsa_signature_2048_sha512', 'RS512'],
  ['rsa_signature_3072_sha256', 'RS256'],
  ['rsa_signature_4096_sha256', 'RS256'],
  ['rsa_signature_4096_sha512', 'RS512'],
  ['rsa_pss_2048_sha256_mgf1_32', 'PS256'],
  ['rsa_pss_2048_sha384_mgf1_48', 'PS384'],
  ['rsa_pss_3072_sha256_mgf1_32', 'PS256'],
  ['rsa_pss_4096_sha384_mgf1_48', 'PS384'],
  ['rsa_pss_4096_sha512_mgf1_64', 'PS512'],
  ['ecdsa_secp256r1_sha256_p1363', 'ES256'],
  ['ecdsa_secp384r1_sha384_p1363', 'ES384'],
  ['ecdsa_secp521r1_sha512_p1363', 'ES512'],
  ['ed25519', 'EdDSA'],
]

/** RFC 7518 section 3.5 fixes the salt length and the mask's hash; these have other ones. */
const otherParameters: [name: string, algorithm: Algorithm][] = [
  ['rsa_pss_2048_sha256_mgf1_0', 'PS256'],
  ['rsa_pss_2048_sha256_mgf1sha1_20', 'PS256'],
]

const base64url = (hex = ''): string => Buffer.from(hex, 'hex').toString('base64url')

function read(name: string): readonly PrimitiveGroup[] {
  const path = `wycheproof/primitives/${name}_test.json`
  return readVectors<{ testGroups: readonly PrimitiveGroup[] }>(path).testGroups
}

function keyOf(group: PrimitiveGroup, test: PrimitiveTest, algorithm: Algorithm): PreparedKey {
  if (group.publicKeyDer === undefined) {
    return engine.prepareKey({ kty: 'oct', k: base64url(test.key) }, algorithm)
  }
  const key = Buffer.from(group.publicKeyDer, 'hex')
  const jwk = createPublicKey({ key, format: 'der', type: 'spki' }).export({ format: 'jwk' })
  return engine.prepareKey(jwk as BareJwk, algorithm)
}

function isSignature(group: PrimitiveGroup, test: PrimitiveTest, algorithm: Algorithm): unknown {
  const message = Buffer.from(test.msg, 'hex').toString('latin1')
  const key = keyOf(group, test, algorithm)
  return key.isSignature(message, Buffer.from(test.sig ?? test.tag ?? '', 'hex'))
}

describeVectors('wycheproof/primitives', 'Wycheproof primitives on node:crypto', () => {
  describe.each(files)('%s, as %s', (name, algorithm) => {
    const groups = read(name)
    const hashBits = Number(algorithm.slice(2))

    it('takes every valid signature and no invalid one', () => {
      const wrong: unknown[] = []
      const seen = new Set<string>()
      for (const group of groups) {
        // RFC 7518 section 3.2: the whole hash. A part of it is valid in the file and not here.
        const truncated = group.tagSize !== undefined && group.tagSize !== hashBits
        for (const test of group.tests) {
          seen.add(test.result)
          if (test.result === 'acceptable') continue
          const expected = test.result === 'valid' && !truncated
          const { tcId, comment, result } = test
          if (isSignature(group, test, algorithm) !== expected)
            wrong.push({ tcId, comment, result })
        }
      }
      expect(wrong).toEqual([])
      expect([...seen]).toEqual(expect.arrayContaining(['valid', 'invalid']))
    })
  })

  it.each(otherParameters)('takes nothing of %s for %s', (name, algorithm) => {
    const taken = read(name).flatMap((group) =>
      group.tests.filter(
        (test) => test.result === 'valid' && isSignature(group, test, algorithm) !== false,
      ),
    )
    expect(taken).toEqual([])
    expect(read(name).flatMap(({ tests }) => tests).length).toBeGreaterThan(100)
  })
})

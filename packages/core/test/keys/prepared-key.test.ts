/** The check of a signature on Node: yes or no, never an exception. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { BareJwk } from '../../src/crypto/engine.ts'
import { engine } from '../../src/crypto/node.ts'

const bare = (jwk: object): BareJwk => jwk as BareJwk
const ed = bare(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }))

describe('a prepared key', () => {
  it.each(['', 'AA', 'A'.repeat(86), 'A'.repeat(100_000)])('says no to nonsense', (signature) => {
    expect(engine.prepareKey(ed, 'EdDSA').isSignature('signed', signature)).toBe(false)
    const secret = { kty: 'oct', k: 'A'.repeat(86) } as const
    expect(engine.prepareKey(secret, 'HS512').isSignature('signed', signature)).toBe(false)
  })

  it('says no where the platform throws: a key and an algorithm that do not go together', () => {
    expect(engine.prepareKey(ed, 'ES256').isSignature('signed', 'A'.repeat(86))).toBe(false)
  })

  it('is not made of numbers that are no key', () => {
    expect(() =>
      engine.prepareKey({ kty: 'EC', crv: 'P-256', x: 'AQ', y: 'AQ' }, 'ES256'),
    ).toThrow()
  })
})

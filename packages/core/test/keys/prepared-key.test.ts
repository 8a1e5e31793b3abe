/** The check of a signature on Node: yes or no, never an exception. */
import { constants, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { BareJwk } from '../../src/crypto/engine.ts'
import { engine } from '../../src/crypto/node.ts'
import { whilePolluted } from '../support/polluted.ts'

const bare = (jwk: object): BareJwk => jwk as BareJwk
const ed = bare(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }))

describe('a prepared key', () => {
  it.each([0, 1, 64, 75_000])('says no to nonsense of %i bytes', (length) => {
    const signature = new Uint8Array(length)
    expect(engine.prepareKey(ed, 'EdDSA').isSignature('signed', signature)).toBe(false)
    const secret = { kty: 'oct', k: 'A'.repeat(86) } as const
    expect(engine.prepareKey(secret, 'HS512').isSignature('signed', signature)).toBe(false)
  })

  it('says no where the platform throws: a key and an algorithm that do not go together', () => {
    expect(engine.prepareKey(ed, 'ES256').isSignature('signed', new Uint8Array(64))).toBe(false)
  })

  it('wants the salt of a PSS signature to be as long as the hash (RFC 7518 section 3.5)', () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = engine.prepareKey(bare(pair.publicKey.export({ format: 'jwk' })), 'PS256')
    const answers = [0, 20, 32, 64].map((saltLength) => {
      const padding = constants.RSA_PKCS1_PSS_PADDING
      const signer = { key: pair.privateKey, padding, saltLength }
      const signature = sign('sha256', Buffer.from('signed'), signer)
      return key.isSignature('signed', signature)
    })
    expect(answers).toEqual([false, false, true, false])
  })

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
    'of %s takes no options from Object.prototype',
    (algorithm) => {
      const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const pair = {
        RS256: rsa,
        PS256: rsa,
        ES256: ec,
        EdDSA: generateKeyPairSync('ed25519'),
      }[algorithm]
      const hash = algorithm === 'EdDSA' ? null : 'sha256'
      const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      const options = {
        RS256: {},
        PS256: pss,
        ES256: { dsaEncoding: 'ieee-p1363' as const },
        EdDSA: {},
      }[algorithm]
      const text = Buffer.from('signed')
      const good = sign(hash, text, { key: pair.privateKey, ...options })
      const other = sign(hash, text, {
        key: pair.privateKey,
        ...(algorithm === 'RS256' ? pss : {}),
      })
      const key = engine.prepareKey(bare(pair.publicKey.export({ format: 'jwk' })), algorithm)
      const answers = () => [
        key.isSignature('signed', good),
        good.equals(other) ? false : key.isSignature('signed', other),
      ]
      expect(answers()).toEqual([true, false])
      const context = Buffer.from('context')
      for (const polluted of [
        { padding: constants.RSA_PKCS1_PSS_PADDING },
        { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 },
        { padding: 'x' },
        { saltLength: 'x' },
        { dsaEncoding: 'der' },
        { dsaEncoding: 'x' },
        { context },
      ]) {
        expect(whilePolluted(polluted, answers)).toEqual([true, false])
      }
    },
  )

  it('is not made of numbers that are no key', () => {
    expect(() =>
      engine.prepareKey({ kty: 'EC', crv: 'P-256', x: 'AQ', y: 'AQ' }, 'ES256'),
    ).toThrow()
  })
})

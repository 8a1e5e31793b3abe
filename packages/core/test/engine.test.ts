/** What both engines must do alike. This suite runs on either of them: see the vitest projects. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engine } from '#engine'
import type { Algorithm } from '../src/crypto/algorithms.ts'
import type { BareJwk } from '../src/crypto/engine.ts'
import { can, createVerifier, type VerifierOptions } from '../src/index.ts'
import { goodClaims, mint, mintHmac, now, rsa, segment } from './support/mint.ts'

const clock = { now: () => new Date(now * 1000) }
const secret = new Uint8Array(64).fill(9)

interface Signer {
  readonly keys: VerifierOptions['keys']
  sign(header: object, claims: object): string
}

function asymmetric(pair: { publicKey: KeyObject; privateKey: KeyObject }, hash: string | null) {
  return {
    keys: pair.publicKey.export({ format: 'jwk' }),
    sign: (header: object, claims: object) => mint(header, claims, pair.privateKey, hash),
  }
}

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const ed = asymmetric(generateKeyPairSync('ed25519'), null)

const signers: [algorithm: Algorithm, signer: Signer][] = [
  ['RS256', asymmetric(rsa, 'sha256')],
  ['RS384', asymmetric(rsa, 'sha384')],
  ['RS512', asymmetric(rsa, 'sha512')],
  ['ES256', asymmetric(ec('P-256'), 'sha256')],
  ['ES384', asymmetric(ec('P-384'), 'sha384')],
  ['ES512', asymmetric(ec('P-521'), 'sha512')],
  ['EdDSA', ed],
  ['Ed25519', ed],
  ['HS256', { keys: { secret }, sign: (header, claims) => mintHmac(header, claims, secret) }],
]

describe.each(signers)('A verifier of %s tokens', (algorithm, signer) => {
  const verifier = createVerifier({ keys: signer.keys, algorithms: [algorithm], ...clock })
  const good = signer.sign({ alg: algorithm }, goodClaims)

  it('accepts a good token and decides by it', async () => {
    const token = await verifier.verify(good)
    expect(can(token, 'nz569yb7', 'admin')).toBe(true)
    expect(can(token, 'a5h281k8', 'admin')).toBe(false)
  })

  it('refuses a token whose claims were exchanged', async () => {
    const [header, , signature] = good.split('.')
    const claims = segment({ ...goodClaims, userId: 2 })
    await expect(verifier.verify(`${header}.${claims}.${signature}`)).rejects.toMatchObject({
      code: 'signature_invalid',
    })
  })

  it('refuses a token whose signature is cut short or goes on', async () => {
    const text = good.slice(0, good.lastIndexOf('.'))
    const bytes = Buffer.from(good.slice(good.lastIndexOf('.') + 1), 'base64url')
    for (const other of [bytes.subarray(0, -3), Buffer.concat([bytes, bytes.subarray(0, 3)])]) {
      await expect(verifier.verify(`${text}.${segment(other)}`)).rejects.toMatchObject({
        code: 'signature_invalid',
      })
    }
  })

  it('refuses the token of an expired session after the signature, with its own reason', async () => {
    const expired = signer.sign({ alg: algorithm }, { ...goodClaims, exp: now - 60 })
    await expect(verifier.verify(expired)).rejects.toMatchObject({ code: 'token_expired' })
  })
})

describe('A key made ready for one algorithm', () => {
  const text = (alg: string): string => `${segment({ alg })}.${segment(goodClaims)}`

  it('does not speak for another one, whatever the token says', async () => {
    const jwk = rsa.publicKey.export({ format: 'jwk' }) as BareJwk
    const key = engine.prepareKey(jwk, 'RS256')
    const signature = sign('sha512', Buffer.from(text('RS512')), rsa.privateKey)
    expect(await key.isSignature(text('RS512'), signature)).toBe(false)
  })

  it('does not do so as a secret either', async () => {
    const { createHmac } = await import('node:crypto')
    const key = engine.prepareKey({ kty: 'oct', k: segment(secret) }, 'HS256')
    const mac = (hash: string, alg: string): Uint8Array =>
      createHmac(hash, secret).update(text(alg)).digest()
    expect(await key.isSignature(text('HS256'), mac('sha256', 'HS256'))).toBe(true)
    expect(await key.isSignature(text('HS512'), mac('sha512', 'HS512'))).toBe(false)
  })
})

describe('A key that cannot be one', () => {
  const pair = ec('P-256')
  const { x, y } = pair.publicKey.export({ format: 'jwk' })
  const signed = mint({ alg: 'ES256' }, goodClaims, pair.privateKey)

  /** One engine notices it when the verifier is made, the other when the key is used. */
  it('never lets a token pass when its point is not on the curve', async () => {
    const keys = { kty: 'EC', crv: 'P-256', x, y: x }
    const attempt = async (): Promise<unknown> =>
      await createVerifier({ keys, algorithms: ['ES256'], ...clock }).verify(signed)
    await expect(attempt()).rejects.toMatchObject({
      code: expect.stringMatching(/^(option_invalid|signature_invalid)$/),
    })
    const sound = createVerifier({ keys: { ...keys, y }, algorithms: ['ES256'], ...clock })
    await expect(sound.verify(signed)).resolves.toBeDefined()
  })

  it.each([
    ['a length that base64url does not have', 'AAAAA'],
    ['a last character with bits behind the last byte', 'AAB'],
    ['a character of the other alphabet', 'AA+A'],
    ['padding', 'AAA='],
    ['nothing in it', ''],
  ])('is refused with a ConfigurationError when a member has %s', (_, member) => {
    for (const keys of [
      { kty: 'EC', crv: 'P-256', x: member, y },
      { kty: 'EC', crv: 'P-256', x, y: member },
      { kty: 'RSA', n: member, e: 'AQAB' },
      { kty: 'OKP', crv: 'Ed25519', x: member },
      { secret: { kty: 'oct', k: member } },
    ]) {
      const algorithm =
        'secret' in keys ? 'HS256' : { EC: 'ES256', RSA: 'RS256', OKP: 'EdDSA' }[keys.kty]
      expect(() => createVerifier({ keys, algorithms: [algorithm as Algorithm] })).toThrow(
        expect.objectContaining({ code: 'option_invalid' }),
      )
    }
  })
})

describe('base64url', () => {
  it('comes back from bytes as it was', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length * 11) % 256)
      const text = Buffer.from(bytes).toString('base64url')
      expect(engine.encodeBase64Url(bytes)).toBe(text)
      expect([...(engine.decodeBase64Url(text) ?? [])]).toEqual([...bytes])
    }
  })
})

describe('base64url that no encoder writes', () => {
  /** What the alphabet, the length and the last character say, without any engine. */
  function isCanonical(text: string): boolean {
    const canonical = Buffer.from(text, 'latin1').toString('latin1') === text
    return canonical && Buffer.from(text, 'base64url').toString('base64url') === text
  }

  it.each(['+', '/', '=', ' ', '\n', '.', '\0', '\u00e9', '\u0141', '\u2141', '\ud83d'])(
    'is refused: %j at any place of any length',
    (character) => {
      for (let length = 1; length < 12; length++) {
        for (let at = 0; at < length; at++) {
          const text = 'A'.repeat(at) + character + 'A'.repeat(length - at - 1)
          expect(engine.decodeBase64Url(text)).toBe(undefined)
          expect(engine.decodeText(text)).toBe(undefined)
        }
      }
    },
  )

  it('is whatever is not written back as it was', () => {
    const characters = [...'AQgwZ9_-', '+', '=', '\u0141']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...characters), { maxLength: 40 }), (array) => {
        const text = array.join('')
        expect(engine.decodeBase64Url(text) !== undefined).toBe(isCanonical(text))
        expect(engine.decodeText(text) !== undefined).toBe(isCanonical(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('is not read into what a later call reads', () => {
    const first = engine.decodeBase64Url('AAAA')
    engine.decodeText('____')
    engine.decodeBase64Url('____')
    expect([...(first ?? [])]).toEqual([0, 0, 0])
    expect(engine.decodeText(Buffer.from('{}'.padEnd(10_000)).toString('base64url'))).toBe(
      '{}'.padEnd(10_000),
    )
  })

  it.each([8188, 8191, 8192, 8194, 8195, 8196, 9000, 20_000])(
    'of %i characters is read whole, or not at all',
    (length) => {
      const bytes = Buffer.from('\u00e9{"a":1}'.padEnd(Math.floor((length * 3) / 4) - 1))
      const text = bytes.toString('base64url')
      expect(text).toHaveLength(length)
      expect(engine.decodeText(text)).toBe(bytes.toString())
      const ascii = Buffer.alloc(bytes.length, 'x').toString('base64url')
      expect(engine.decodeText(ascii)).toBe('x'.repeat(bytes.length))
      for (const other of ['=', '+', '\u0141']) {
        expect(engine.decodeText(text.slice(0, -1) + other)).toBe(undefined)
      }
    },
  )

  it('is no text, and no JSON, when the bytes are not UTF-8', () => {
    expect(engine.decodeText('_w')).toBe('')
    expect(engine.decodeText(Buffer.alloc(9000, 255).toString('base64url'))).toBe('')
    expect(engine.decodeText(Buffer.from('\ufeff{}').toString('base64url'))).toBe('\ufeff{}')
  })
})

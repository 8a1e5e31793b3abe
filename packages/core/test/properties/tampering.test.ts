/** A good token that was changed, however little, is another token: and not a good one. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { TokenError, type Verifier } from '../../src/index.ts'
import { goodClaims, segment } from '../support/mint.ts'
import { edDsa, es256, goodToken, rs256, verifierOf } from '../support/signers.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function isAccepted(verifier: Verifier, jwt: string): boolean {
  try {
    verifier.verifySync(jwt)
    return true
  } catch (error) {
    if (error instanceof TokenError) return false
    throw error
  }
}

describe.each([rs256, es256, edDsa])('A good $algorithm token', (signer) => {
  // With a cache that knows the good token: what is near to it must not be taken for it.
  const verifier = verifierOf(signer, { cache: { max: 10 } })
  const good = goodToken(signer)
  const positions = Array.from({ length: good.length }, (_, index) => index)
  const accepted = (variants: Iterable<string>): string[] => {
    const found: string[] = []
    for (const jwt of variants) {
      if (jwt !== good && isAccepted(verifier, jwt)) found.push(jwt)
    }
    return found
  }

  it('is accepted as it is', () => {
    expect(isAccepted(verifier, good)).toBe(true)
    expect(good.length).toBeGreaterThan(400)
  })

  it('is refused with any one character replaced by any other of the alphabet', () => {
    const variants = positions.flatMap((at) =>
      [...alphabet, '.', '=', '+', '/', ' '].map(
        (character) => good.slice(0, at) + character + good.slice(at + 1),
      ),
    )
    expect(accepted(variants)).toEqual([])
  })

  it('is refused with any one bit of its text flipped', () => {
    const variants = positions.flatMap((at) =>
      [0, 1, 2, 3, 4, 5, 6, 7].map(
        (bit) =>
          good.slice(0, at) +
          String.fromCharCode(good.charCodeAt(at) ^ (1 << bit)) +
          good.slice(at + 1),
      ),
    )
    expect(variants).toHaveLength(good.length * 8)
    expect(accepted(variants)).toEqual([])
  })

  it('is refused with any one bit of its header, payload or signature flipped', () => {
    const segments = good.split('.')
    const variants = segments.flatMap((text, index) => {
      const bytes = Buffer.from(text, 'base64url')
      return Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        return segments.with(index, flipped.toString('base64url')).join('.')
      })
    })
    expect(accepted(variants)).toEqual([])
  })

  it('is refused with any one character left out', () => {
    expect(accepted(positions.map((at) => good.slice(0, at) + good.slice(at + 1)))).toEqual([])
  })

  it('is refused with one character put in anywhere', () => {
    const characters = ['A', 'Q', 'g', '0', '-', '_', '.', '=', ' ', '\n', '\u0000', 'é']
    const variants = [...positions, good.length].flatMap((at) =>
      characters.map((character) => good.slice(0, at) + character + good.slice(at)),
    )
    expect(accepted(variants)).toEqual([])
  })

  it('is refused cut short anywhere, and with anything behind it', () => {
    const variants = positions.map((at) => good.slice(0, at))
    expect(accepted([...variants, `${good}.`, `${good}AAAA`, `${good}=`, good + good])).toEqual([])
  })

  it('is refused with any claim changed, added or removed under the same signature', () => {
    const [header, , signature] = good.split('.')
    const under = (claims: object): string => `${header}.${segment(claims)}.${signature}`
    expect(isAccepted(verifier, under(goodClaims))).toBe(true)
    const name = fc.oneof(fc.constantFrom(...Object.keys(goodClaims)), fc.string())
    fc.assert(
      fc.property(name, fc.option(fc.jsonValue(), { nil: undefined }), (claim, value) => {
        const claims = Object.fromEntries([...Object.entries(goodClaims), [claim, value]])
        const jwt = under(claims)
        fc.pre(jwt !== good)
        expect(() => verifier.verifySync(jwt)).toThrow(TokenError)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused with any member of the header changed under the same signature', () => {
    const [, payload, signature] = good.split('.')
    const name = fc.constantFrom('alg', 'typ', 'kid', 'cty', 'crit', 'b64', 'jwk', 'x', '__proto__')
    fc.assert(
      fc.property(name, fc.option(fc.jsonValue(), { nil: undefined }), (member, value) => {
        const header = Object.fromEntries([
          ...Object.entries({ alg: signer.algorithm, typ: 'JWT' }),
          [member, value],
        ])
        const jwt = `${segment(header)}.${payload}.${signature}`
        fc.pre(jwt !== good)
        expect(() => verifier.verifySync(jwt)).toThrow(TokenError)
      }),
      { numRuns: 300 },
    )
  })

  it('does not lend its segments to another good token', () => {
    const parts = good.split('.')
    const others = goodToken(signer, { userId: 2 }).split('.')
    const mixed = [1, 2, 3, 4, 5, 6].map((mask) =>
      parts.map((part, index) => ((mask >> index) & 1 ? others[index] : part)).join('.'),
    )
    const whole = others.join('.')
    expect(accepted(mixed.filter((jwt) => jwt !== whole))).toEqual([])
    expect(isAccepted(verifier, whole)).toBe(true)
  })
})

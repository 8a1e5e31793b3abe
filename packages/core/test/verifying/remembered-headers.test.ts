/** Headers are read once, and remembered only of tokens whose signature held. */
import { expect, it } from 'vitest'
import { goodClaims } from '../support/mint.ts'
import { hs256, verifierOf } from '../support/signers.ts'

const signed = (kid: string, typ = 'JWT') => hs256.sign({ alg: 'HS256', kid, typ }, goodClaims)

it('more of them than are remembered are all accepted, again and again', () => {
  const verifier = verifierOf(hs256, { cache: false })
  const tokens = Array.from({ length: 200 }, (_, index) => signed(`key-${index}`))
  for (let round = 0; round < 3; round++) {
    for (const jwt of tokens) expect(verifier.verifySync(jwt).userId).toBe(goodClaims.userId)
  }
})

it('a header that is remembered needs a signature all the same', () => {
  const verifier = verifierOf(hs256, { cache: false })
  const jwt = signed('known')
  verifier.verifySync(jwt)
  const [header, payload] = jwt.split('.')
  for (const [signature, code] of [
    ['', 'token_malformed'],
    ['AAAA', 'signature_invalid'],
  ]) {
    expect(() => verifier.verifySync(`${header}.${payload}.${signature}`)).toThrow(
      expect.objectContaining({ code }),
    )
  }
})

it('a header that was refused is refused again, and one of another verifier is unknown', () => {
  const strict = verifierOf(hs256, { cache: false })
  const other = verifierOf(hs256, { cache: false, types: ['at+jwt'] })
  const jwt = signed('k', 'at+jwt')
  expect(other.verifySync(jwt).userId).toBe(goodClaims.userId)
  for (let round = 0; round < 2; round++) {
    expect(() => strict.verifySync(jwt)).toThrow(
      expect.objectContaining({ code: 'typ_unexpected' }),
    )
  }
})

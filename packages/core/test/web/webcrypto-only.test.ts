/** What is different where there is WebCrypto only, and how it says so. */
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { expect, it } from 'vitest'
import { engine } from '#engine'
import { can, createVerifier, type VerifierOptions } from '../../src/index.ts'
import { goodClaims, goodHeader, mint, now, rsa } from '../support/mint.ts'

const clock = { now: () => new Date(now * 1000) }
const keys = rsa.publicKey.export({ format: 'jwk' })
const good = mint(goodHeader, goodClaims)

it('runs on the engine whose answers are promises', async () => {
  const key = engine.prepareKey({ kty: 'RSA', n: `${keys.n}`, e: `${keys.e}` }, 'RS256')
  const answer = key.isSignature('', new Uint8Array())
  expect(answer).toBeInstanceOf(Promise)
  expect(await answer).toBe(false)
})

it('verifies when it may wait', async () => {
  const token = await createVerifier({ keys, ...clock }).verify(good)
  expect(can(token, 'nz569yb7', 'admin')).toBe(true)
})

it('says that verifySync needs another runtime', () => {
  const verifier = createVerifier({ keys, ...clock })
  expect(() => verifier.verifySync(good)).toThrow(
    expect.objectContaining({ name: 'ConfigurationError', code: 'sync_unsupported' }),
  )
})

it('gives tokens that were verified before from verifySync too', async () => {
  const verifier = createVerifier({ keys, ...clock })
  const token = await verifier.verify(good)
  expect(verifier.verifySync(good)).toBe(token)
})

it('still says what is wrong with a token that needs no signature check', () => {
  const verifier = createVerifier({ keys, ...clock })
  expect(() => verifier.verifySync('')).toThrow(
    expect.objectContaining({ code: 'token_malformed' }),
  )
})

it.each<[string, () => VerifierOptions['keys'] | Promise<VerifierOptions['keys']>]>([
  ['a PEM', () => rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string],
  [
    'a CryptoKey',
    () =>
      webcrypto.subtle.importKey(
        'jwk',
        keys,
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
        true,
        ['verify'],
      ),
  ],
])('asks for a JWK in place of %s', async (_, make) => {
  const material = await make()
  expect(() => createVerifier({ keys: material })).toThrow(
    expect.objectContaining({
      name: 'ConfigurationError',
      code: 'option_invalid',
      message: expect.stringContaining('"keys"'),
    }),
  )
})

it('answers signature_invalid for a key whose point is not on the curve', async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x } = pair.publicKey.export({ format: 'jwk' })
  const verifier = createVerifier({
    keys: { kty: 'EC', crv: 'P-256', x, y: x },
    algorithms: ['ES256'],
    ...clock,
  })
  await expect(
    verifier.verify(mint({ alg: 'ES256' }, goodClaims, pair.privateKey)),
  ).rejects.toMatchObject({ name: 'TokenError', code: 'signature_invalid' })
})

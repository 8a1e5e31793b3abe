/** Whatever text comes in, a verifier answers with a token or a TokenError, and always the same. */
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { TokenError, type Verifier } from '../../src/index.ts'
import { goodToken, type Signer, signers, verifierOf } from '../support/signers.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** The token's claims as text, or the code and message of the refusal. Throws for anything else. */
function read(answer: () => { readonly claims: unknown }): string {
  try {
    return JSON.stringify(answer().claims)
  } catch (error) {
    if (error instanceof TokenError) return `${error.code}: ${error.message}`
    throw error
  }
}

async function outcome(verifier: Verifier, jwt: string): Promise<string> {
  const sync = read(() => verifier.verifySync(jwt))
  const settled = await verifier.verify(jwt).then(
    (token) => () => token,
    (error: unknown) => () => {
      throw error
    },
  )
  expect(read(settled)).toBe(sync)
  return sync
}

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const segmentText = fc.string({ unit: fc.constantFrom(...base64url), maxLength: 60 })
const json = fc.json({ maxDepth: 4 })
const jsonSegment = json.map((text) => Buffer.from(text).toString('base64url'))
const bytesSegment = fc
  .uint8Array({ maxLength: 60 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'))

/** Headers that get past the allowlist, so that the members behind it are reached too. */
const nearHeader = fc
  .record(
    {
      alg: fc.constantFrom('RS256', 'ES256', 'EdDSA', 'HS256', 'none', ''),
      typ: fc.oneof(fc.constantFrom('JWT', 'jwt', 'application/jwt', 'at+jwt'), fc.jsonValue()),
      kid: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      cty: fc.oneof(fc.constantFrom('JWT', 'json'), fc.jsonValue()),
      crit: fc.jsonValue(),
      b64: fc.jsonValue(),
      jku: fc.webUrl(),
    },
    { requiredKeys: ['alg'] },
  )
  .map((header) => Buffer.from(JSON.stringify(header)).toString('base64url'))

const segment = fc.oneof(segmentText, jsonSegment, bytesSegment, nearHeader, fc.string())
const dotted = fc.array(segment, { maxLength: 6 }).map((segments) => segments.join('.'))
const threeSegments = fc.tuple(nearHeader, segment, segment).map((parts) => parts.join('.'))

/** A good token after a few edits anywhere in it. */
function edited(signer: Signer): fc.Arbitrary<string> {
  const good = goodToken(signer)
  const edit = fc.record({
    at: fc.nat(good.length),
    remove: fc.nat({ max: 5 }),
    insert: fc.oneof(segmentText, fc.string({ unit: 'binary', maxLength: 3 })),
  })
  return fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) =>
      edits.reduce(
        (jwt, { at, remove, insert }) => jwt.slice(0, at) + insert + jwt.slice(at + remove),
        good,
      ),
    )
}

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  // Every code unit, surrogates without a partner among them.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 })
    .map((units) => String.fromCharCode(...units)),
  dotted,
  threeSegments,
)

it.each(signers)(
  'answers with a token or a TokenError to any text, as a verifier of $algorithm',
  async (signer) => {
    const verifiers = [verifierOf(signer), verifierOf(signer, { cache: { max: 2 } })]
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, edited(signer)), async (jwt) => {
        const outcomes = await Promise.all(verifiers.map((verifier) => outcome(verifier, jwt)))
        expect(new Set(outcomes).size).toBe(1)
      }),
      { numRuns: 1500 },
    )
  },
)

it.each(signers)(
  'does the same when the text is signed, as a verifier of $algorithm',
  async (signer) => {
    const verifier = verifierOf(signer, { maxTokenBytes: 100_000 })
    const raw = fc.oneof(
      json,
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.uint8Array({ maxLength: 60 }),
      fc.dictionary(fc.constantFrom('exp', 'nbf', 'iat', 'aud', 'cnf', 'userId'), fc.jsonValue()),
    )
    let reached = 0
    await fc.assert(
      fc.asyncProperty(raw, async (payload) => {
        const answer = await outcome(verifier, signer.sign({ alg: signer.algorithm }, payload))
        expect(answer).not.toMatch(/^signature_invalid/)
        if (!answer.startsWith('token_malformed')) reached++
      }),
      { numRuns: 400 },
    )
    expect(reached).toBeGreaterThan(10)
  },
)

it('answers to what is no string at all as to a malformed token', async () => {
  const verifier = verifierOf(signers[0] as Signer)
  await fc.assert(
    fc.asyncProperty(fc.anything({ withBigInt: true, withDate: true }), async (value) => {
      fc.pre(typeof value !== 'string')
      expect(await outcome(verifier, value as string)).toMatch(/^token_malformed: .*not a string/)
    }),
    { numRuns: 300 },
  )
})

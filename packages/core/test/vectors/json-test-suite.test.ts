/**
 * Files of JSONTestSuite as raw bytes of correctly signed tokens: as the whole payload, as the whole
 * header, and as one value inside of an otherwise good header and payload, where nothing but the
 * bytes of the file can be the reason for the refusal.
 */
import { expect, it } from 'vitest'
import { createVerifier, TokenError } from '../../src/index.ts'
import { goodClaims, goodHeader, mint, options, rsa } from '../support/mint.ts'
import { describeVectors, filesIn, readBytes } from '../support/third-party.ts'

/** What is wrong with each file as a value inside of JSON that is in order otherwise. */
const faults: Readonly<Record<string, RegExp>> = {
  'i_number_huge_exp.json': /a number that is out of range/,
  'i_object_key_lone_2nd_surrogate.json': /not valid Unicode/,
  'i_string_UTF-16LE_with_BOM.json': /is not a JSON object/,
  'i_string_UTF-8_invalid_sequence.json': /is not a JSON object/,
  'i_string_UTF8_surrogate_U+D800.json': /is not a JSON object/,
  'i_string_invalid_lonely_surrogate.json': /not valid Unicode/,
  'i_string_invalid_utf-8.json': /is not a JSON object/,
  'i_string_lone_utf8_continuation_byte.json': /is not a JSON object/,
  'i_string_truncated-utf-8.json': /is not a JSON object/,
  'i_structure_500_nested_arrays.json': /nested too deeply/,
  'i_structure_UTF-8_BOM_empty_object.json': /is not a JSON object/,
  'n_number_Inf.json': /is not a JSON object/,
  'n_number_NaN.json': /is not a JSON object/,
  'n_string_invalid-utf-8-in-escape.json': /is not a JSON object/,
  'n_structure_100000_opening_arrays.json': /nested too deeply/,
  'y_object_duplicated_key.json': /the same member twice/,
  'y_object_duplicated_key_and_value.json': /the same member twice/,
}

/** The JSON of an object with one more member, whose value is made of raw bytes. */
function withMember(object: object, value: Uint8Array): Buffer {
  const json = JSON.stringify(object)
  return Buffer.concat([Buffer.from(`${json.slice(0, -1)},"extra":`), value, Buffer.from('}')])
}

describeVectors('jsontestsuite', 'JSONTestSuite, signed', () => {
  const files = filesIn('jsontestsuite')
  const keys = rsa.publicKey.export({ format: 'jwk' })
  const verifier = createVerifier({ ...options, keys })
  const roomy = createVerifier({ ...options, keys, maxTokenBytes: 1_000_000 })

  async function refusal(jwt: string, from = roomy): Promise<TokenError> {
    const error: unknown = await from.verify(jwt).catch((reason: unknown) => reason)
    if (error instanceof TokenError) return error
    throw new Error('this was not refused with a TokenError', { cause: error })
  }

  it('has the files that are listed here, and no others', () => {
    expect(files.sort()).toEqual(Object.keys(faults).sort())
  })

  it('is put into tokens that are accepted as long as the JSON is in order', async () => {
    const value = Buffer.from('[{"a":[]}]')
    const token = mint(withMember(goodHeader, value), withMember(goodClaims, value))
    expect((await verifier.verify(token)).claims['extra']).toEqual([{ a: [] }])
  })

  it.each(files)('is refused as a payload, and as a header: %s', async (name) => {
    const bytes = readBytes(`jsontestsuite/${name}`)
    expect((await refusal(mint(goodHeader, bytes))).code).toBe('token_malformed')
    expect((await refusal(mint(bytes, goodClaims))).code).toBe('token_malformed')
  })

  it.each(files)('is refused as a claim, and as a member of the header: %s', async (name) => {
    const bytes = readBytes(`jsontestsuite/${name}`)
    const inPayload = await refusal(mint(goodHeader, withMember(goodClaims, bytes)))
    const inHeader = await refusal(mint(withMember(goodHeader, bytes), goodClaims))
    for (const { code, message } of [inPayload, inHeader]) {
      expect(code).toBe('token_malformed')
      expect(message).toMatch(faults[name] ?? /^$/)
    }
  })

  it('is too large before it is anything else, where it is large', async () => {
    const bytes = readBytes('jsontestsuite/n_structure_100000_opening_arrays.json')
    expect((await refusal(mint(goodHeader, bytes), verifier)).code).toBe('token_too_large')
    expect((await refusal(mint(bytes, goodClaims), verifier)).code).toBe('token_too_large')
  })

  it.each(['exp', 'nbf', 'iat'])(
    'finds a number that no double can hold invalid as %s',
    async (claim) => {
      const huge = readBytes('jsontestsuite/i_number_huge_exp.json').toString().slice(1, -1)
      const claims = JSON.stringify({ ...goodClaims, [claim]: 0 }).replace(
        `"${claim}":0`,
        `"${claim}":${huge}`,
      )
      expect((await refusal(mint(goodHeader, claims))).code).toBe('claim_invalid')
    },
  )
})

/**
 * Tenantry beside jose, with the same key, algorithm, issuer, audience, tolerance and clock. Whatever
 * Tenantry accepts jose accepts too; where Tenantry alone refuses, the reason is one of a closed list.
 */
import fc from 'fast-check'
import { jwtVerify } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { createVerifier, TokenError } from '../src/index.ts'
import {
  audience,
  before,
  claims,
  claimsJson,
  type Edit,
  header,
  headerJson,
  issuer,
  token,
  tokenOf,
} from './support/drafts.ts'
import { now, rsa } from './support/mint.ts'
import { rows, stricter } from './support/peer-rows.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const clockTolerance = 5
const verifier = createVerifier({
  keys: rsa.publicKey,
  algorithms: ['RS256'],
  issuer,
  audience,
  clockTolerance,
  maxTokenBytes: 100_000,
  cache: false,
  now: () => new Date(now * 1000),
})

function ours(jwt: string): string {
  try {
    verifier.verifySync(jwt)
    return 'accepted'
  } catch (error) {
    if (error instanceof TokenError) return `${error.code}: ${error.message}`
    throw error
  }
}

async function joseAccepts(jwt: string): Promise<boolean> {
  const currentDate = new Date(now * 1000)
  const options = { algorithms: ['RS256'], issuer, audience, clockTolerance, currentDate }
  return await jwtVerify(jwt, rsa.publicKey, options).then(
    () => true,
    () => false,
  )
}

function verdictOf(own: string, jose: boolean): string {
  if (own === 'accepted') return jose ? 'both accept' : 'only Tenantry accepts'
  return jose ? 'only jose accepts' : 'both refuse'
}

describe('Tenantry beside jose', () => {
  const cases = rows.map(([name, verdict, reason, ...edits]) => ({ name, verdict, reason, edits }))

  it.each(cases)('on $name: $verdict', async ({ verdict, reason, edits }) => {
    const jwt = tokenOf(edits)
    const own = ours(jwt)
    expect(verdictOf(own, await joseAccepts(jwt))).toBe(verdict)
    expect(own).toMatch(reason)
    if (verdict === 'only jose accepts') expect(stricter).toContain(own)
  })

  it('shows every reason of the closed list in a row', () => {
    const shown = rows
      .filter(([, verdict]) => verdict === 'only jose accepts')
      .map(([, , , ...edits]) => ours(tokenOf(edits)))
    expect([...new Set(shown)].sort()).toEqual([...stricter].sort())
  })
})

const json = fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' })
const time = fc.oneof(
  fc.integer({ min: -8, max: 8 }).map((offset) => now + offset),
  fc.constantFrom(now - 5.5, now + 5.5, now + 4.999, now - 4.999, 0, -1, now * 1000, 1e11, 1e15),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  json,
  fc.constant(undefined),
)
const origin = fc.oneof(
  fc.constantFrom(issuer, audience, `${issuer}/`, issuer.toUpperCase(), ` ${audience}`, undefined),
  fc.array(fc.oneof(fc.constantFrom(issuer, audience), json), { maxLength: 3 }),
  json,
)
const memberText = fc.oneof(
  fc.constantFrom('"a":1', '"iss":"x"', '"x":1e999', '"\\ud800":1', '"x":"\\u0000"'),
  json.map((value) => `"x":${JSON.stringify(value)}`),
)

const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  ...rows.flatMap(([, , , ...edits]) => edits.map((edit) => fc.constant(edit))),
  fc
    .tuple(fc.constantFrom('exp', 'nbf', 'iat'), time)
    .map(([name, value]) => claims({ [name]: value })),
  fc.tuple(fc.constantFrom('iss', 'aud'), origin).map(([name, value]) => claims({ [name]: value })),
  fc
    .tuple(
      fc.constantFrom(
        'userId',
        'tenantId',
        'sessionId',
        'mode',
        'sub',
        'jti',
        'type',
        'cnf',
        'authorization',
        'x',
      ),
      fc.option(json, { nil: undefined }),
    )
    .map(([name, value]) => claims({ [name]: value })),
  fc
    .tuple(
      fc.constantFrom(
        'alg',
        'typ',
        'cty',
        'kid',
        'crit',
        'b64',
        'jwk',
        'jku',
        'x5c',
        'zip',
        'enc',
        'x',
      ),
      fc.option(json, { nil: undefined }),
    )
    .map(([name, value]) => header({ [name]: value })),
  memberText.map((text) => claimsJson(before(text))),
  memberText.map((text) => headerJson(before(text))),
  fc
    .constantFrom(' ', '\n', '\t', '\ufeff', '\u0000')
    .map((text) => claimsJson((written) => text + written)),
  fc
    .tuple(fc.nat(900), fc.constantFrom('', ' ', '\n', '=', '.', 'A', '-', '+', '\u00e9'))
    .map(([at, text]) => token((jwt) => jwt.slice(0, at) + text + jwt.slice(at))),
  fc.nat(900).map((at) => token((jwt) => jwt.slice(0, at) + jwt.slice(at + 1))),
)

describe('Around those rows', () => {
  it('accepts nothing that jose refuses, and refuses more only for a reason of the list', async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.array(anyEdit, { maxLength: 3 }), async (edits) => {
        const jwt = tokenOf(edits)
        const own = ours(jwt)
        const verdict = verdictOf(own, await joseAccepts(jwt))
        seen.set(verdict, (seen.get(verdict) ?? 0) + 1)
        expect(verdict).not.toBe('only Tenantry accepts')
        if (verdict === 'only jose accepts') expect(stricter).toContain(own)
      }),
      { numRuns: 4000 },
    )
    for (const verdict of ['both accept', 'both refuse', 'only jose accepts']) {
      expect(seen.get(verdict)).toBeGreaterThan(100)
    }
  })
})

/** When a token counts: one sentence for every combination of times, tolerance and age limit. */
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { isTenantryError } from '../../src/index.ts'
import { goodClaims, now } from '../support/mint.ts'
import { hs256, verifierOf } from '../support/signers.ts'

// Thousands of cases in one test take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

interface Times {
  readonly exp: number
  readonly nbf: number | undefined
  readonly iat: number | undefined
}

/** The seconds at which something changes under one of the tolerances and age limits below. */
const edges = [0, 5, 60, 65, 120].flatMap((edge) => [now - edge, now + edge])

const seconds = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...edges) },
  { weight: 6, arbitrary: fc.integer({ min: -70, max: 70 }).map((offset) => now + offset) },
  { weight: 2, arbitrary: fc.constantFrom(now - 5.5, now + 5.5, now + 4.999, now - 4.999) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1e11, 1e11 + 1, 1e12, -1e11, -1e13, -1e300) },
)
const times: fc.Arbitrary<Times> = fc.record({
  exp: fc.oneof(
    seconds,
    seconds.map((time) => time + 100),
  ),
  nbf: fc.option(seconds, { nil: undefined }),
  iat: fc.option(seconds, { nil: undefined }),
})

it('counts from nbf and iat until exp and the age limit, each with the tolerance', () => {
  let accepted = 0
  const policies = fc.record({
    tolerance: fc.constantFrom(0, 5, 60),
    limit: fc.constantFrom(undefined, 0, 1, 60, 1e6),
  })
  fc.assert(
    fc.property(times, policies, ({ exp, nbf, iat }, { tolerance, limit }) => {
      const sane = [exp, nbf, iat].every((time = 0) => Math.abs(time) <= 1e11)
      const isYoung =
        limit === undefined || (limit > 0 && iat !== undefined && iat + limit > now - tolerance)
      const latest = now + tolerance
      const counts =
        sane && exp > now - tolerance && (nbf ?? now) <= latest && (iat ?? now) <= latest && isYoung

      const verifier = verifierOf(hs256, {
        clockTolerance: tolerance,
        ...(limit === undefined ? {} : { maxTokenAge: limit }),
      })
      const jwt = hs256.sign({ alg: 'HS256' }, { ...goodClaims, exp, nbf, iat })
      let outcome: string
      try {
        const token = verifier.verifySync(jwt)
        outcome = 'accepted'
        accepted++
        expect(token.expiresAt).toEqual(new Date(exp * 1000))
        expect(token.expiresAt.getTime()).not.toBeNaN()
        expect(token.issuedAt).toEqual(iat === undefined ? undefined : new Date(iat * 1000))
        expect(token.issuedAt?.getTime()).not.toBeNaN()
      } catch (error) {
        if (!isTenantryError(error)) throw error
        outcome = error.code
      }
      expect(outcome === 'accepted').toBe(counts)
      if (!counts) {
        expect(outcome).toMatch(/^(claim_invalid|claim_missing|token_expired|token_inactive)$/)
      }
    }),
    { numRuns: 2000 },
  )
  expect(accepted).toBeGreaterThan(50)
})

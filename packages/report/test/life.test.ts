import { describe, expect, it } from 'vitest'
import { formatBytes, formatLength, lifeOf } from '../src/index.ts'
import { at, decoded, now } from './support/tokens.ts'

const life = (claims: Readonly<Record<string, unknown>>, then = now) =>
  lifeOf(decoded({ iat: undefined, exp: undefined, ...claims }).claims, then)

describe('the life of a token', () => {
  it('runs from iat to exp', () => {
    expect(life({ iat: at(-2880), exp: at(720) })).toEqual({
      state: 'running',
      issued: {
        time: new Date('2026-11-20T15:12:00Z'),
        utc: '2026-11-20 15:12:00Z',
        relative: '48 minutes ago',
      },
      starts: undefined,
      expires: {
        time: new Date('2026-11-20T16:12:00Z'),
        utc: '2026-11-20 16:12:00Z',
        relative: 'in 12 minutes',
      },
      length: 3600,
      lengthInWords: '1 hour',
      progress: 0.8,
    })
  })

  it('is another one at another time', () => {
    const claims = { iat: at(0), nbf: at(60), exp: at(600) }
    const states = [0, 59, 60, 599, 600, 9999].map(
      (seconds) => life(claims, new Date(now.getTime() + seconds * 1000)).state,
    )
    expect(states).toEqual(['not_yet', 'not_yet', 'running', 'running', 'expired', 'expired'])
  })

  it('never has more or less progress than there is', () => {
    expect(life({ iat: at(10), exp: at(20) }).progress).toBe(0)
    expect(life({ iat: at(-20), exp: at(-10) }).progress).toBe(1)
    expect(life({ exp: at(10) }).progress).toBeUndefined()
    expect(life({ iat: at(10), exp: at(-10) }).progress).toBeUndefined()
  })

  it('has an end, or can never be accepted', () => {
    expect(life({}).state).toBe('endless')
    for (const exp of ['x', null, true, at(0) * 1000, 1e300, -1e300, { a: 1 }]) {
      expect(life({ exp }).state).toBe('unreadable')
    }
    expect(life({ exp: at(10), nbf: 'x' }).state).toBe('unreadable')
  })

  it('has a length in words', () => {
    const lengths = [0, 1, 60, 90, 3600, 5400, 3601, 604_800, 2_592_000, 31_557_600, 63_200_000]
    expect(lengths.map(formatLength)).toEqual([
      '0 seconds',
      '1 second',
      '1 minute',
      '1 minute 30 seconds',
      '1 hour',
      '1 hour 30 minutes',
      '1 hour',
      '7 days',
      '30 days',
      '1 year',
      '2 years',
    ])
    expect([0, 1, 1023, 1024, 4300, 1_500_000].map(formatBytes)).toEqual([
      '0 bytes',
      '1 byte',
      '1023 bytes',
      '1.0 KB',
      '4.2 KB',
      '1.4 MB',
    ])
  })
})

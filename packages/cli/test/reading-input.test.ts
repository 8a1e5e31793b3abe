import {
  cleanToken,
  closest,
  formatDistance,
  formatInstant,
  looksLikeCredential,
  looksLikeToken,
} from '@tenantry/report'
import { describe, expect, it } from 'vitest'
import { readDuration } from '../src/input/duration.ts'
import { readInstant } from '../src/input/instant.ts'
import { wrap } from '../src/output/lines.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl'

describe('cleaning', () => {
  it.each([
    ['space around it', `  ${jwt}\r\n`],
    ['wrapped lines', jwt.replaceAll('.', '.\n  ')],
    ['double quotes', `"${jwt}"`],
    ['single quotes and a comma', `'${jwt}',`],
    ['Bearer', `bearer ${jwt}`],
    ['a header', `Authorization: Bearer ${jwt}`],
    ['a quoted header', `"authorization:Bearer ${jwt}"`],
    ['a quoted token in a header', `Authorization: Bearer "${jwt}"`],
    ['a byte order mark', `\ufeff${jwt}`],
  ])('takes off %s', (_, text) => {
    expect(cleanToken(text)).toEqual({ jwt })
    expect(looksLikeToken(text)).toBe(true)
  })

  it('finds the token in the answer of a token endpoint', () => {
    const oauth = JSON.stringify({ access_token: jwt })
    const userfront = JSON.stringify({ tokens: { access: { value: jwt } } })
    expect(cleanToken(oauth)).toEqual({ jwt, member: 'access_token' })
    expect(cleanToken(`'${userfront}'`)).toEqual({ jwt, member: 'tokens.access.value' })
    expect(cleanToken('{"access_token":1}').member).toBeUndefined()
    expect(cleanToken('{"__proto__":{"access_token":"x"}}').member).toBeUndefined()
  })

  it('knows a token from a role', () => {
    expect(looksLikeToken('admin')).toBe(false)
    expect(looksLikeToken('eyJ')).toBe(false)
    expect(looksLikeToken('a.b.c')).toBe(false)
    expect(looksLikeToken('eyJ.a.b.c')).toBe(false)
  })

  it('knows a token whose header has white space', () => {
    for (const header of ['{ "alg":"RS256"}', '{\n  "alg"', '{\r\n"alg"', '{\t"', ' {"', '\n{}']) {
      const part = Buffer.from(header).toString('base64url')
      expect(looksLikeToken(`${part}.e30.c2ln`)).toBe(true)
      expect(looksLikeToken(`${part}.e30`)).toBe(false)
      expect(looksLikeCredential(`${part}.e30`)).toBe(true)
    }
  })

  it('knows names from credentials', () => {
    const names = [
      'acme',
      'export.users.read',
      'external.audit',
      'ex.admin',
      'Bearer Bank',
      'e.y.e',
    ]
    for (const name of [
      ...names,
      'x'.repeat(128),
      'https://example.com/roles/admin',
      'ewok.one.x',
    ]) {
      expect(looksLikeToken(name)).toBe(false)
      expect(looksLikeCredential(name)).toBe(false)
    }
  })
})

describe('durations and times', () => {
  it('reads seconds, minutes, hours and days', () => {
    const texts = ['0', '90', '90s', '1.5m', '2h', '7d']
    expect(texts.map((text) => readDuration('--x', text))).toEqual([0, 90, 90, 90, 7200, 604_800])
  })

  it.each(['', '-1', '1w', '1 h', '1e3', 'Infinity', '0x10'])('refuses %j', (text) => {
    expect(() => readDuration('--x', text)).toThrow('--x is no duration')
  })

  it('reads a date as UTC unless it says otherwise', () => {
    const read = (text: string): string => readInstant('--at', text).toISOString()
    expect(read('2026-11-20')).toBe('2026-11-20T00:00:00.000Z')
    expect(read('2026-11-20 16:04')).toBe('2026-11-20T16:04:00.000Z')
    expect(read('2026-11-20T16:04:11.5Z')).toBe('2026-11-20T16:04:11.500Z')
    expect(read('2026-11-20T16:04:11+02:00')).toBe('2026-11-20T14:04:11.000Z')
    expect(read('0')).toBe('1970-01-01T00:00:00.000Z')
  })

  it.each(['tomorrow', '2026-02-30', '2026-13-01', '2026-11-20T25:00', '20.11.2026', '-1'])(
    'refuses %j',
    (text) => {
      expect(() => readInstant('--at', text)).toThrow('--at is no time')
    },
  )

  it('says how far away a time is', () => {
    const now = new Date('2026-11-20T16:00:00Z')
    const after = (seconds: number): string =>
      formatDistance(new Date(now.getTime() + seconds * 1000), now)
    expect([0, 1, 59, 60, 720, -180, 7200, -86_400, 40_000_000].map(after)).toEqual([
      'now',
      'in 1 second',
      'in 59 seconds',
      'in 1 minute',
      'in 12 minutes',
      '3 minutes ago',
      'in 2 hours',
      '1 day ago',
      'in 1 year',
    ])
    expect(formatInstant(now)).toBe('2026-11-20 16:00:00Z')
  })
})

describe('suggestions and lines', () => {
  it('suggests a name that is close and nothing that is not', () => {
    const known = ['decode', 'verify', 'can', 'secret-file']
    expect(closest('deocde', known)).toBe('decode')
    expect(closest('VERIFY', known)).toBe('verify')
    expect(closest('secret', known)).toBe('secret-file')
    expect(closest('banana', known)).toBeUndefined()
    expect(closest('x'.repeat(100_000), known)).toBeUndefined()
  })

  it('breaks between words, and cuts a word that is wider than a line', () => {
    expect(wrap(`${'word '.repeat(20)}end`).every((line) => line.length <= 80)).toBe(true)
    expect(wrap('y'.repeat(500), 10)).toEqual([`${'y'.repeat(34)}...${'y'.repeat(33)}`])
  })
})

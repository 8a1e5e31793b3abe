import { algorithmNames } from '@tenantry/core'
import { createTestIssuer } from '@tenantry/testing'
import { describe, expect, it } from 'vitest'
import { takeFragment } from '../src/reading/hand-over.ts'
import { readKeys } from '../src/reading/read-keys.ts'
import { readToken, type TokenReading } from '../src/reading/read-token.ts'
import { isSignedAllTheSame, type Verdict, verify } from '../src/reading/verify.ts'
import { goodToken, unsigned } from './support/tokens.ts'

const nothing = { issuer: '', audience: '', workspace: '', mode: '' }

function read(text: string): Extract<TokenReading, { kind: 'read' }> {
  const reading = readToken(text)
  if (reading.kind !== 'read') throw new Error(`not read: ${reading.kind}`)
  return reading
}

async function verdictOn(
  jwt: string,
  keys: string,
  more: Partial<typeof nothing> & { now?: Date } = {},
): Promise<Verdict> {
  const { now = new Date(), ...expected } = more
  const input = { keys: readKeys(keys), expected: { ...nothing, ...expected }, now }
  return await verify({ token: read(jwt), ...input })
}

describe('what is pasted as a token', () => {
  it('is cleaned', async () => {
    const { jwt } = await goodToken()
    const wrapped = jwt.replace(/.{60}/g, '$&\n  ')
    for (const text of [
      jwt,
      `Bearer ${jwt}`,
      `"${jwt}"`,
      wrapped,
      `Authorization: Bearer ${jwt}\n`,
    ]) {
      expect(read(text).jwt).toBe(jwt)
    }
    expect(read(JSON.stringify({ access_token: jwt }))).toMatchObject({
      jwt,
      member: 'access_token',
    })
  })

  it('is nothing, or is said to be no token', () => {
    expect(readToken('  \n')).toEqual({ kind: 'empty' })
    expect(readToken('abc')).toMatchObject({ kind: 'unreadable', code: 'token_malformed' })
    expect(readToken('a'.repeat(2 ** 20 + 1))).toMatchObject({ code: 'token_too_large' })
  })
})

describe('what is pasted as keys', () => {
  it.each([
    ['an address', 'https://auth.example.com/jwks.json', /cannot fetch/],
    ['a PEM', '-----BEGIN PUBLIC KEY-----\nMIIB', /PEM/],
    ['no JSON', '{ "keys": [', /no JWK Set/],
    ['a list', '[]', /no JWK Set/],
    ['something else', '{ "secret": "x" }', /neither "keys" nor "kty"/],
    ['far too much', `{"keys":[${'1,'.repeat(200_000)}1]}`, /longer/],
  ])('is refused when it is %s', (_, text, message) => {
    expect(readKeys(text)).toEqual({ kind: 'unreadable', message: expect.stringMatching(message) })
  })

  it('never becomes a secret', () => {
    const keys = readKeys('{ "kty": "oct", "k": "c2VjcmV0", "secret": "x" }')
    expect(keys).toEqual({ kind: 'read', keys: { kty: 'oct', k: 'c2VjcmV0' } })
  })
})

describe('verifying', () => {
  it('is core’s own, as of the time that is asked about', async () => {
    const { jwt, jwks } = await goodToken()
    expect(await verdictOn(jwt, '')).toEqual({ kind: 'unverified' })
    expect(await verdictOn(jwt, jwks)).toMatchObject({ kind: 'verified', token: { userId: 7 } })
    const later = new Date(Date.now() + 2 * 3_600_000)
    expect(await verdictOn(jwt, jwks, { now: later })).toMatchObject({
      kind: 'refused',
      error: { code: 'token_expired' },
    })
  })

  it.each(algorithmNames.filter((name) => !name.startsWith('HS')))(
    'checks %s',
    async (algorithm) => {
      const issuer = createTestIssuer({ algorithm })
      const other = createTestIssuer({ algorithm })
      const jwt = await issuer.token({}, { header: { kid: undefined } })
      expect((await verdictOn(jwt, JSON.stringify(issuer.keys))).kind).toBe('verified')
      expect(await verdictOn(jwt, JSON.stringify(other.keys))).toMatchObject({
        error: { code: 'signature_invalid' },
      })
    },
  )

  it('takes no secret, and no token that is signed with one', async () => {
    const { jwks } = await goodToken()
    const secret = createTestIssuer({ algorithm: 'HS256' })
    expect(await verdictOn(await secret.token(), jwks)).toMatchObject({
      error: { code: 'alg_not_allowed' },
    })
    expect(await verdictOn(unsigned({}, { alg: 'none' }), jwks)).toMatchObject({
      error: { code: 'alg_not_allowed' },
    })
    const oct = '{ "kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0" }'
    expect(await verdictOn(await secret.token(), oct)).toMatchObject({ kind: 'undecided' })
  })

  it('compares what is filled in, and only that', async () => {
    const { jwt, jwks } = await goodToken({ iss: 'https://auth.example.com', aud: 'api' })
    const checks = {
      issuer: 'https://auth.example.com',
      audience: 'api',
      workspace: 'demo1234',
      mode: 'test',
    }
    expect((await verdictOn(jwt, jwks, checks)).kind).toBe('verified')
    for (const [name, code] of Object.entries({
      issuer: 'issuer_mismatch',
      audience: 'audience_mismatch',
      workspace: 'workspace_mismatch',
    })) {
      expect(await verdictOn(jwt, jwks, { ...checks, [name]: 'other' })).toMatchObject({
        error: { code },
      })
    }
    expect(await verdictOn(jwt, jwks, { mode: 'live' })).toMatchObject({
      error: { code: 'mode_mismatch' },
    })
  })

  it('does not decide with keys that cannot be used', async () => {
    const { jwt } = await goodToken()
    for (const keys of [
      'nothing',
      '{ "keys": [] }',
      '{ "kty": "RSA", "n": "AQAB", "e": "AQAB" }',
    ]) {
      expect((await verdictOn(jwt, keys)).kind).toBe('undecided')
    }
  })

  it('says that the signature matches only when core came past it', async () => {
    const { jwt, jwks, issuer } = await goodToken()
    const codes = async (token: string, more = {}): Promise<boolean> => {
      const verdict = await verdictOn(token, jwks, more)
      if (verdict.kind !== 'refused') throw new Error(verdict.kind)
      return isSignedAllTheSame(verdict.error)
    }
    expect(await codes(await issuer.expired())).toBe(true)
    expect(await codes(jwt, { issuer: 'x' })).toBe(true)
    expect(await codes(await issuer.forged())).toBe(false)
    expect(await codes(unsigned({}, { alg: 'none' }))).toBe(false)
  })
})

describe('the fragment of the address', () => {
  function visit(hash: string): { taken: ReturnType<typeof takeFragment>; replaced: unknown[] } {
    const replaced: unknown[] = []
    const location = { hash, pathname: '/page', search: '?x=1' }
    const history = { replaceState: (...values: unknown[]) => replaced.push(values) }
    // The two members of each that are used.
    const taken = takeFragment(location as Location, history as unknown as History)
    return { taken, replaced }
  }

  it('is read and taken out of the address', () => {
    const keys = encodeURIComponent('{"keys":[]}')
    const { taken, replaced } = visit(`#token=a.b-_.c&jwks=${keys}`)
    expect(taken).toEqual({
      token: 'a.b-_.c',
      keys: '{"keys":[]}',
      theme: undefined,
      origin: 'link',
    })
    expect(replaced).toEqual([[null, '', '/page?x=1']])
  })

  it('is taken out when it says nothing, too', () => {
    expect(visit('#elsewhere').replaced).toHaveLength(1)
    expect(visit('').replaced).toHaveLength(0)
  })
})

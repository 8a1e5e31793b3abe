/** Which key a token means: the rules for kid, alg, and what is missing of them. */
import { describe, expect, it } from 'vitest'
import { type Algorithm, createVerifier, type PublicJwk, type Verifier } from '../../src/index.ts'
import { outcomeOf } from '../support/outcome.ts'
import { issuerOf, type SingleKeyIssuer } from '../support/published-key.ts'

const [first, second] = [issuerOf('ES256'), issuerOf('ES256')]
const edwards = issuerOf('EdDSA')
const algorithms: Algorithm[] = ['ES256', 'EdDSA', 'Ed25519']

function verifierOf(...keys: readonly PublicJwk[]): Verifier {
  return createVerifier({ keys: { keys }, algorithms })
}

const named = ({ jwk }: SingleKeyIssuer, kid: string): PublicJwk => ({ ...jwk, kid })
const unnamed = ({ jwk }: SingleKeyIssuer): PublicJwk => ({ ...jwk, kid: undefined })
const tokenOf = ({ issuer }: SingleKeyIssuer, kid: string | undefined): Promise<string> =>
  issuer.token({}, { header: { kid } })

describe('a key without a name', () => {
  it.each([undefined, '', 'a', '__proto__', 'k'.repeat(256)])('takes kid %j', async (kid) => {
    const verifier = verifierOf(unnamed(first))
    expect(await outcomeOf(verifier, await tokenOf(first, kid))).toBe('accepted')
    expect(await outcomeOf(verifier, await tokenOf(second, kid))).toBe('signature_invalid')
  })

  it('takes a kid that no named key has', async () => {
    const verifier = verifierOf(named(first, 'a'), unnamed(second))
    expect(await outcomeOf(verifier, await tokenOf(second, 'b'))).toBe('accepted')
    expect(await outcomeOf(verifier, await tokenOf(first, 'a'))).toBe('accepted')
    expect(await outcomeOf(verifier, await tokenOf(second, 'a'))).toBe('signature_invalid')
  })

  it('takes no kid when there are two that fit', async () => {
    const verifier = verifierOf(unnamed(first), unnamed(second))
    expect(await outcomeOf(verifier, await tokenOf(first, 'a'))).toBe('key_not_found')
    expect(await outcomeOf(verifier, await tokenOf(first, undefined))).toBe('key_not_found')
  })
})

describe('a token without a kid', () => {
  it('means the only key that fits its algorithm, whatever its name', async () => {
    const verifier = verifierOf(named(first, 'a'), named(edwards, 'b'))
    expect(await outcomeOf(verifier, await tokenOf(first, undefined))).toBe('accepted')
    expect(await outcomeOf(verifier, await tokenOf(edwards, undefined))).toBe('accepted')
  })

  it('means no key when two fit, named or not', async () => {
    for (const other of [named(second, 'b'), unnamed(second)]) {
      const verifier = verifierOf(named(first, 'a'), other)
      expect(await outcomeOf(verifier, await tokenOf(first, undefined))).toBe('key_not_found')
    }
  })

  it('means no key when none fits', async () => {
    const verifier = verifierOf(named(edwards, 'a'))
    expect(await outcomeOf(verifier, await tokenOf(first, undefined))).toBe('key_not_found')
  })
})

describe('a token with a kid', () => {
  it('means the key of that name among many', async () => {
    const verifier = verifierOf(named(first, 'a'), named(second, 'b'), named(edwards, 'c'))
    expect(await outcomeOf(verifier, await tokenOf(first, 'a'))).toBe('accepted')
    expect(await outcomeOf(verifier, await tokenOf(second, 'b'))).toBe('accepted')
    expect(await outcomeOf(verifier, await tokenOf(second, 'a'))).toBe('signature_invalid')
  })

  it('is alg_not_allowed when the key of that name is for another algorithm', async () => {
    const verifier = verifierOf(named(first, 'a'), named(edwards, 'b'), unnamed(second))
    expect(await outcomeOf(verifier, await tokenOf(first, 'b'))).toBe('alg_not_allowed')
    expect(await outcomeOf(verifier, await tokenOf(edwards, 'a'))).toBe('alg_not_allowed')
  })

  it.each([
    '',
    'A',
    ' a',
    'a\u0000',
    'а',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '../../../../../../dev/null',
    '/etc/passwd',
    "' OR '1'='1",
    "x' UNION SELECT 'key'; --",
    'http://127.0.0.1/key',
    '$(id)',
    '0',
  ])('finds nothing under a name that no key has: %j', async (kid) => {
    const verifier = verifierOf(named(first, 'a'))
    expect(await outcomeOf(verifier, await tokenOf(first, kid))).toBe('key_not_found')
  })

  it.each(['__proto__', 'constructor', '', 'k'.repeat(256)])(
    'compares names only: %j is a name like another, when a key may have it',
    async (kid) => {
      const keys = kid === '' ? [unnamed(first)] : [named(first, kid), named(second, 'other')]
      expect(await outcomeOf(verifierOf(...keys), await tokenOf(first, kid))).toBe('accepted')
    },
  )
})

describe('EdDSA and Ed25519', () => {
  const token = (alg: string): Promise<string> => edwards.issuer.token({}, { header: { alg } })

  it.each([undefined, 'EdDSA', 'Ed25519'])('name the same key, with alg %s', async (alg) => {
    const verifier = verifierOf({ ...edwards.jwk, alg })
    expect(await outcomeOf(verifier, await token('EdDSA'))).toBe('accepted')
    expect(await outcomeOf(verifier, await token('Ed25519'))).toBe('accepted')
  })

  it.each(['EdDSA', 'Ed25519'] as const)('are listed each for itself: %s', async (listed) => {
    const other = listed === 'EdDSA' ? 'Ed25519' : 'EdDSA'
    const keys = { ...edwards.jwk, alg: other }
    const verifier = createVerifier({ keys, algorithms: [listed] })
    expect(await outcomeOf(verifier, await token(listed))).toBe('accepted')
    expect(await outcomeOf(verifier, await token(other))).toBe('alg_not_allowed')
  })
})

it('uses one key for one algorithm, though the numbers would do for others', async () => {
  const own = issuerOf('RS256')
  const other = issuerOf('RS512')
  const twin = { ...own.key.export({ format: 'jwk' }), kid: 'r', alg: 'RS512' }
  const verifier = createVerifier({
    keys: { keys: [own.jwk, twin] },
    algorithms: ['RS256', 'RS512'],
  })
  expect(await outcomeOf(verifier, await own.issuer.token())).toBe('accepted')
  expect(await outcomeOf(verifier, await tokenOf(own, 'r'))).toBe('alg_not_allowed')
  expect(await outcomeOf(verifier, await tokenOf(other, own.jwk.kid))).toBe('alg_not_allowed')
})

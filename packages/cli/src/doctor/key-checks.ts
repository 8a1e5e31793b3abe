/** Keys: what is published, in the words that core has for each key. */

import { type Algorithm, algorithmNames, isTenantryError } from '@tenantry/core'
import { quote } from '@tenantry/report'
import { memberOf, type PublishedKey } from '../jwks/published-set.ts'
import { createVerifier } from '../verification/create-verifier.ts'
import { type Finding, fail, ok, warn } from './check.ts'

/** D20 to D25. Empty when there is no set to look at. */
export function checkKeys(
  keys: readonly PublishedKey[] | undefined,
  accepted: readonly Algorithm[],
): readonly Finding[] {
  if (keys === undefined) return []
  const verdicts = keys.map(vet)
  return [
    uniqueIds(keys),
    privateHalves(keys),
    secrets(keys),
    strength(keys, verdicts),
    names(keys),
    usable(keys, verdicts, accepted),
  ]
}

/** The key as it is called in a sentence. */
export function nameOf({ kid }: PublishedKey, index: number): string {
  return kid === undefined ? `key ${index + 1}` : quote(kid, 40)
}

function uniqueIds(keys: readonly PublishedKey[]): Finding {
  const kids = keys.map(({ kid }) => kid)
  const twice = [...new Set(kids.filter((kid, index) => kids.indexOf(kid) !== index))]
  const [double] = twice.filter((kid) => kid !== undefined)
  if (double !== undefined) {
    const detail = `${quote(double)} is the name of two keys, and a verifier takes neither`
    return fail('D20', detail, 'give each key a name of its own')
  }
  const list = keys.slice(0, 4).map((key, index) => `${nameOf(key, index)} (${kindOf(key)})`)
  const more = keys.length > 4 ? `, and ${keys.length - 4} more` : ''
  return ok('D20', `${list.join(', ')}${more}`)
}

function privateHalves(keys: readonly PublishedKey[]): Finding {
  const bad = keys.findIndex(({ kty, secrets }) => kty !== 'oct' && secrets.some(isNotSecret))
  const key = keys[bad]
  if (key === undefined) return ok('D21', 'none')
  const name = nameOf(key, bad)
  const members = key.secrets.filter(isNotSecret).map((member) => quote(member))
  const detail = `${name} publishes its private half (${members.join(', ')}): anybody can sign`
  return fail('D21', detail, `make a new key now, and remove ${name}`)
}

function isNotSecret(member: string): boolean {
  return member !== 'k'
}

function secrets(keys: readonly PublishedKey[]): Finding {
  const bad = keys.findIndex(({ kty }) => kty === 'oct')
  const key = keys[bad]
  if (key === undefined) return ok('D22', 'none')
  const name = nameOf(key, bad)
  const detail = `${name} is a secret (kty "oct") that anybody can read: anybody can sign`
  return fail('D22', detail, `make a new secret now, and remove ${name}`)
}

function strength(keys: readonly PublishedKey[], verdicts: readonly Verdict[]): Finding {
  const bad = verdicts.findIndex(({ severity }) => severity === 'unsafe')
  const key = keys[bad]
  if (key === undefined) return ok('D23', 'no key is known to be weak')
  const detail = `${nameOf(key, bad)}: ${verdicts[bad]?.reason ?? ''}`
  return fail('D23', detail, 'make a new key; a verifier leaves this one out')
}

function names(keys: readonly PublishedKey[]): Finding {
  const lacks = keys.flatMap((key, index) => {
    const missing = [
      // A single key without a name takes any token.
      ...(key.kid === undefined && keys.length > 1 ? ['kid'] : []),
      ...(key.alg === undefined ? ['alg'] : []),
    ]
    return missing.length === 0 ? [] : [`${nameOf(key, index)} has no ${missing.join(' and no ')}`]
  })
  const [first] = lacks
  if (first === undefined) return ok('D24', 'on every key')
  const more = lacks.length > 1 ? `, and ${lacks.length - 1} more keys` : ''
  return warn('D24', `${first}${more}`, 'publish both with each key, so that no guess is needed')
}

function usable(
  keys: readonly PublishedKey[],
  verdicts: readonly Verdict[],
  accepted: readonly Algorithm[],
): Finding {
  const kids = keys.flatMap(({ kid }, index) => (verdicts[index]?.algorithm ? [kid] : []))
  const good = verdicts.flatMap(({ algorithm }, index) => {
    const kid = keys[index]?.kid
    const isDouble = kid !== undefined && kids.indexOf(kid) !== kids.lastIndexOf(kid)
    return algorithm === undefined || isDouble ? [] : [algorithm]
  })
  const wanted = accepted.length === 0 ? good : good.filter((name) => isAccepted(name, accepted))
  const list = [...new Set(good)].join(', ')
  if (wanted.length === 0) {
    const detail =
      good.length === 0
        ? 'no key can be used'
        : `no key for ${accepted.join(', ')}: the keys are for ${list}`
    return fail('D25', detail, 'publish a key for an algorithm that your app accepts')
  }
  const left = keys.length - wanted.length
  const rest = left === 0 ? '' : `; ${left} left out`
  return ok('D25', `${wanted.length} of ${keys.length}, for ${list}${rest}`)
}

/** Two names for one algorithm (RFC 9864). */
function isAccepted(algorithm: Algorithm, accepted: readonly Algorithm[]): boolean {
  const one = (name: Algorithm): Algorithm => (name === 'Ed25519' ? 'EdDSA' : name)
  return accepted.some((name) => one(name) === one(algorithm))
}

interface Verdict {
  /** The algorithm that it can be used for. */
  readonly algorithm?: Algorithm
  /** `unsafe`: nobody should have made or published it. `unusable`: it is for something else. */
  readonly severity?: 'unsafe' | 'unusable'
  readonly reason?: string
}

/** Hands the key to core alone, as a set of one: what core says is about this key. */
function vet({ jwk, kty, alg, secrets }: PublishedKey): Verdict {
  // Said already by D21 and D22.
  if (kty === 'oct' || secrets.length > 0) return { severity: 'unusable' }
  const algorithm = algorithmNames.find((name) => name === alg) ?? usualFor(kty, jwk)
  if (alg !== undefined && alg !== algorithm) return { severity: 'unusable' }
  // Core vets whatever it is given.
  const keys = { keys: [jwk as object] }
  try {
    createVerifier({ keys, algorithms: [algorithm] }).close()
    return { algorithm }
  } catch (error) {
    if (!isTenantryError(error)) throw error
    const [, unsafe] = error.message.split(' is refused: ', 2)
    if (unsafe === undefined) return { severity: 'unusable' }
    return { severity: 'unsafe', reason: unsafe.replace(/\.$/, '') }
  }
}

function usualFor(kty: string | undefined, jwk: unknown): Algorithm {
  const crv = memberOf(jwk, 'crv')
  if (kty === 'OKP') return 'EdDSA'
  if (kty !== 'EC') return 'RS256'
  return crv === 'P-384' ? 'ES384' : crv === 'P-521' ? 'ES512' : 'ES256'
}

function kindOf({ jwk, kty, alg }: PublishedKey): string {
  const crv = memberOf(jwk, 'crv')
  const n = memberOf(jwk, 'n')
  const size = typeof n === 'string' ? ` ${bitsOf(n)}` : typeof crv === 'string' ? ` ${crv}` : ''
  const kind = `${kty ?? 'no kty'}${size}${alg === undefined ? '' : `, ${alg}`}`
  return quote(kind, 40).slice(1, -1)
}

function bitsOf(modulus: string): number {
  const bytes = Buffer.from(modulus, 'base64url')
  const first = bytes.findIndex((byte) => byte !== 0)
  if (first === -1) return 0
  return (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24
}

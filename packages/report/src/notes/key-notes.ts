/** Notes on the keys that a token is to be verified with. What is wrong with a key, core says. */
import {
  type Algorithm,
  algorithmNames,
  createVerifier,
  isTenantryError,
  type PublicJwk,
} from '@tenantry/core'
import { count } from '../text/size.ts'
import { listNames, quote } from '../text/visible.ts'
import { type Note, note } from './note.ts'
import type { NotedToken } from './noted-token.ts'

/** More keys than any issuer has; the rest is not looked at. */
const MAX_KEYS = 100

/** The key that the token names, and the others of the set. */
export function keyNotes({ decoded: { header }, keys }: NotedToken): readonly Note[] {
  const set = keysOf(keys)
  if (set === undefined) return []
  const kid = header['kid']
  // A key without a name takes any kid.
  const named = set.filter((key) => kid === undefined || key.kid === undefined || key.kid === kid)
  const notes: Note[] = []
  if (named.length === 0 && typeof kid === 'string') notes.push(unknownKid(kid, set))
  const alg = algorithmNames.find((name) => name === header['alg'])
  for (const key of named) notes.push(...namedKeyNotes(key, alg))
  const others = set.filter((key) => !named.includes(key))
  const unsafe = others.filter((key) => isUnsafe(faultOf(key, algorithmOf(key) ?? alg)))
  const [first] = unsafe
  if (first !== undefined) {
    const reason = faultOf(first, algorithmOf(first) ?? alg)
    const more = unsafe.length > 1 ? ` So are ${count(unsafe.length - 1, 'more')}.` : ''
    notes.push(note('key_set_unsafe', `${nameOf(first)} of the set is unsafe: ${reason}.${more}`))
  }
  return notes
}

function unknownKid(kid: string, set: readonly PublicJwk[]): Note {
  const names = set.flatMap((key) => (typeof key.kid === 'string' ? [key.kid] : []))
  return note(
    'kid_unknown',
    `No key is called ${quote(kid, 40)}. The set has ${listNames(names, 4)}.`,
  )
}

function namedKeyNotes(key: PublicJwk, alg: Algorithm | undefined): readonly Note[] {
  const own = algorithmOf(key)
  const fault = faultOf(key, own ?? alg)
  if (fault !== undefined) {
    const id = isUnsafe(fault) ? 'key_weak' : 'key_unusable'
    return [note(id, `${nameOf(key)} cannot be used: ${fault}.`)]
  }
  if (own === undefined || alg === undefined || isSameAlgorithm(own, alg)) return []
  return [note('key_unusable', `${nameOf(key)} is for ${own}, and the token says ${alg}.`)]
}

function nameOf({ kid }: PublicJwk): string {
  return typeof kid === 'string' ? `Key ${quote(kid, 40)}` : 'The key'
}

function algorithmOf({ alg }: PublicJwk): Algorithm | undefined {
  return algorithmNames.find((name) => name === alg)
}

function isSameAlgorithm(one: Algorithm, other: Algorithm): boolean {
  const canonical = (name: Algorithm): Algorithm => (name === 'Ed25519' ? 'EdDSA' : name)
  return canonical(one) === canonical(other)
}

/** What core has against a key, in its words; undefined when it takes it, or cannot be asked. */
function faultOf(key: PublicJwk, algorithm: Algorithm | undefined): string | undefined {
  if (algorithm === undefined) return undefined
  const { secret: _, ...members } = key
  try {
    createVerifier({ keys: { ...members }, algorithms: [askable(algorithm)], cache: false }).close()
    return undefined
  } catch (error) {
    if (!isTenantryError(error)) throw error
    return /(?:is refused|can be used): (.+)\.$/s.exec(error.message)?.[1] ?? 'it is not a key'
  }
}

/** Secrets are asked for in another way; what is no secret is for no HS algorithm. */
function askable(algorithm: Algorithm): Algorithm {
  return algorithm.startsWith('HS') ? 'RS256' : algorithm
}

/** A key for something else does no harm in a set. */
function isUnsafe(fault: string | undefined): boolean {
  if (fault === undefined) return false
  return !/^(?:its (?:use|key_ops|kid|kty is)|its alg is not|it has no alg|no listed|it is not a JWK)/.test(
    fault,
  )
}

function keysOf(keys: unknown): readonly PublicJwk[] | undefined {
  if (typeof keys !== 'object' || keys === null) return undefined
  const set: unknown = Object.hasOwn(keys, 'keys') ? Reflect.get(keys, 'keys') : [keys]
  if (!Array.isArray(set)) return undefined
  return set.slice(0, MAX_KEYS).filter((key) => typeof key === 'object' && key !== null)
}

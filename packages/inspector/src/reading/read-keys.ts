/** From what was pasted to keys for core. */
import type { PublicJwk, PublicJwks } from '@tenantry/core'
import type { Origin } from './hand-over.ts'

/** What became of the pasted text. Core has not vetted the keys yet. */
export type KeysReading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly message: string }
  | {
      readonly kind: 'read'
      readonly keys: PublicJwk | PublicJwks
      /** Keys of the maker of a link prove nothing about the issuer. */
      readonly origin: Origin
    }

/** As much as core takes from a JWKS endpoint. */
const MAX_LENGTH = 256 * 1024

/** Reads a JWK Set or a JWK. Nothing else, least of all an address, becomes keys here. */
export function readKeys(pasted: string, origin: Origin): KeysReading {
  const text = pasted.trim()
  if (text === '') return { kind: 'empty' }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return unreadable(
      'This page cannot fetch an address. Open it in another tab, and paste what it answers.',
    )
  }
  if (text.includes('-----BEGIN ')) {
    return unreadable('This is a PEM. Paste the key as a JWK: tenantry jwks print --key FILE')
  }
  if (text.length > MAX_LENGTH) return unreadable('This is longer than any set of keys.')
  const value = parseJson(text)
  if (!isObject(value)) return unreadable('This is no JWK Set and no JWK.')
  const keys: unknown = Reflect.get(value, 'keys')
  if (Array.isArray(keys)) return { kind: 'read', keys: { keys }, origin }
  if (typeof Reflect.get(value, 'kty') !== 'string') {
    return unreadable('This is no JWK Set and no JWK: it has neither "keys" nor "kty".')
  }
  // Only the members of a JWK: pasted text must not say `{ "secret": … }` to core.
  const members = Object.entries(value).filter(([member]) => member !== 'secret')
  return { kind: 'read', keys: Object.fromEntries(members), origin }
}

function unreadable(message: string): KeysReading {
  return { kind: 'unreadable', message }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

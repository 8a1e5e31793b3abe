/** Keys that are handed over in the options: every form of them becomes vetted keys, or throws. */

import type { KeyObject, webcrypto } from 'node:crypto'
import { engine } from '#engine'
import type { Algorithm } from '../crypto/algorithms.ts'
import { ConfigurationError } from '../errors.ts'
import { createKeySet, type KeySet } from './key-set.ts'
import { isFault, type VerificationKey, vetJwk } from './vet-jwk.ts'

/** A public key as JSON (RFC 7517 section 4). */
export interface PublicJwk {
  readonly kty?: string | undefined
  readonly kid?: string | undefined
  readonly alg?: string | undefined
  readonly use?: string | undefined
  readonly [member: string]: unknown
}

/** Public keys as JSON (RFC 7517 section 5). */
export interface PublicJwks {
  readonly keys: readonly PublicJwk[]
}

/**
 * A secret for HS256, HS384 or HS512: its bytes, or, so that secrets can have names and be rotated,
 * one or more JWKs of type `oct`.
 */
export interface SecretKeys {
  readonly secret: Uint8Array | PublicJwk | PublicJwks
}

/** Keys given by value. A URL is the other form of the `keys` option. */
export type StaticKeys =
  | string
  | PublicJwk
  | PublicJwks
  | KeyObject
  | webcrypto.CryptoKey
  | SecretKeys

/** Whether the option is `{ secret }`: the only way in which a secret is ever given. */
export function isSecret(keys: unknown): keys is SecretKeys {
  return isObject(keys) && Object.hasOwn(keys, 'secret')
}

/**
 * Vets the keys of the `keys` option.
 *
 * @throws {ConfigurationError} `option_invalid` for a weak, private, duplicate or unusable key
 */
export function readStaticKeys(keys: unknown, algorithms: readonly Algorithm[]): KeySet {
  const secret = isSecret(keys)
  if (secret && Object.keys(keys).length > 1) throw invalid('{ secret } has nothing else in it')
  const [jwks, isSet] = secret ? secretJwks(keys.secret) : publicJwks(keys)
  const vetted: VerificationKey[] = []
  const names = new Set<string>()
  let skipped: string | undefined
  for (const [index, jwk] of jwks.entries()) {
    const key = vetJwk(jwk, algorithms, secret)
    if (isFault(key)) {
      // A set may hold keys for other purposes. A key that is unsafe is a mistake wherever it is.
      if (isSet && key.severity === 'unusable') {
        skipped ??= key.reason
        continue
      }
      throw invalid(
        `${isSet ? `key ${index + 1} of the set` : 'the key'} is refused: ${key.reason}`,
      )
    }
    if (key.kid !== undefined && names.has(key.kid)) {
      throw invalid(`key ${index + 1} of the set has the kid of an earlier one`)
    }
    if (key.kid !== undefined) names.add(key.kid)
    vetted.push(key)
  }
  if (vetted.length === 0) {
    throw invalid(skipped === undefined ? 'the set is empty' : `no key can be used: ${skipped}`)
  }
  return createKeySet(vetted)
}

type Jwks = readonly [jwks: readonly unknown[], isSet: boolean]

function secretJwks(secret: unknown): Jwks {
  if (secret instanceof Uint8Array) {
    // Everybody has a public key: whoever takes one for a secret takes tokens from everybody.
    if (/^\s*-----BEGIN/.test(new TextDecoder().decode(secret))) {
      throw invalid('the secret is the text of a PEM: a public key is given without { secret }')
    }
    return [[{ kty: 'oct', k: engine.encodeBase64Url(secret) }], false]
  }
  if (isObject(secret)) return setOrSingle(secret)
  throw invalid(
    'a secret is a Uint8Array, a JWK of type "oct" or a JWK Set of them, never a string',
  )
}

function publicJwks(keys: unknown): Jwks {
  const material = typeof keys === 'string' ? pemOf(keys) : keys
  let exported: Readonly<Record<string, unknown>> | undefined
  try {
    exported = engine.exportPublicJwk(material)
  } catch (cause) {
    throw invalid(
      'no public key can be read from it; if it is a PEM, are its line breaks intact?',
      cause,
    )
  }
  if (exported !== undefined) return [[exported], false]
  if (isObject(keys)) return setOrSingle(keys)
  throw invalid('give a JWKS URL, a JWK Set, a JWK, a PEM, a KeyObject, a CryptoKey or { secret }')
}

function setOrSingle(value: object): Jwks {
  if (!Object.hasOwn(value, 'keys')) return [[value], false]
  const set: unknown = Reflect.get(value, 'keys')
  if (!Array.isArray(set)) throw invalid('the keys member of a JWK Set is a list')
  return [set, true]
}

const publicPem = /-----BEGIN (PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)-----/
const anyPem = /-----BEGIN [A-Z0-9 ]+-----/g

/** The PEM in a string: as it is, with its line breaks escaped, or as base64 of the whole. */
function pemOf(text: string): string {
  const pem = text.includes('-----BEGIN')
    ? text.replaceAll(/(?:\\r)?\\n/g, '\n')
    : decodeBase64(text)
  const blocks = pem.match(anyPem) ?? []
  if (blocks.length === 0)
    throw invalid('the string is neither an https URL nor a PEM; a file has to be read first')
  if (blocks.length > 1) throw invalid('the string holds more than one PEM block')
  if (!publicPem.test(pem)) {
    throw invalid('the PEM is not a public key or certificate: a private key does not belong here')
  }
  return pem
}

function decodeBase64(text: string): string {
  try {
    return atob(text.trim())
  } catch {
    return ''
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function invalid(reason: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError('option_invalid', `Option "keys": ${reason}.`, { cause })
}

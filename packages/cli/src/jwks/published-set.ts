/** What an endpoint publishes, read without believing any of it. */
import type { Observation } from './observe.ts'

/** Members that only a private key has, and the one of a secret (RFC 7518 section 6). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv', 'k']

/** One member of the list, a JWK or not. */
export interface PublishedKey {
  /** The member as it is. */
  readonly jwk: unknown
  readonly kid: string | undefined
  readonly kty: string | undefined
  readonly alg: string | undefined
  readonly use: string | undefined
  /** The private members that are there. */
  readonly secrets: readonly string[]
}

/** The keys of an answer. Undefined when it is no JWK Set. */
export function readPublishedSet({
  body,
  fault,
}: Observation): readonly PublishedKey[] | undefined {
  // What core could not read as a set is none, whatever another parser makes of it.
  if (body === undefined || (fault !== undefined && !isAboutKeys(fault.reason))) return undefined
  const keys: unknown = memberOf(parseJson(body), 'keys')
  return Array.isArray(keys) ? keys.map(readKey) : undefined
}

/** The set was read, and what is in it is of no use. */
function isAboutKeys(reason: string): boolean {
  return reason === 'the endpoint publishes no key that can be used'
}

function readKey(jwk: unknown): PublishedKey {
  const text = (name: string): string | undefined => {
    const value = memberOf(jwk, name)
    return typeof value === 'string' ? value : undefined
  }
  return {
    jwk,
    kid: text('kid'),
    kty: text('kty'),
    alg: text('alg'),
    use: text('use'),
    secrets: privateMembers.filter((name) => memberOf(jwk, name) !== undefined),
  }
}

/** A key without the members that should not be there. */
export function withoutSecrets({ jwk }: PublishedKey): unknown {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return jwk
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !privateMembers.includes(name)))
}

/** An own member of an object. */
export function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null
  return isObject && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

/** Undefined for what is no JSON. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

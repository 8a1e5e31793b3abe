/** Keys and tokens that every contender of a bench works with, as a file that processes share. */
import { readFileSync } from 'node:fs'

export type MintedAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

/** Tokens of one issuer, and its public key in every form that a library may want. */
export interface Material {
  readonly algorithm: MintedAlgorithm
  readonly issuer: string
  /** With `kid`, `alg` and `use`. */
  readonly jwk: {
    readonly kid: string
    readonly alg: string
    readonly use: string
    readonly kty: string
    readonly [member: string]: string
  }
  readonly pem: string
  /** Good tokens, each of another user. */
  readonly tokens: readonly string[]
  /** A good token whose signature was made with another key. */
  readonly forged: string
  /** Expired an hour ago. */
  readonly expired: string
}

/** The tenant in which every user of a minted token is `admin`. */
export const tenantId = 'tnt00001'
export const role = 'admin'

/** A tenant that no token names. */
export const strangeTenantId = 'tnt99999'

export function readMaterial(path: string): Material {
  // Written by mint.ts, in the same run.
  return JSON.parse(readFileSync(path, 'utf8')) as Material
}

/** One of the list; counts round and round. */
export function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('There is nothing to pick from.')
  return item
}

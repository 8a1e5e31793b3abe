/** Strings that are no good tokens, and that nobody needs a key to make. */
import { randomBytes } from 'node:crypto'
import type { Material } from './material.ts'

/** The kinds, and the code with which Tenantry refuses each of them. */
export const garbageCodes = {
  'not a JWT': 'token_malformed',
  'wrong alg': 'alg_not_allowed',
  'unknown kid': 'key_not_found',
  oversized: 'token_too_large',
} as const

export type GarbageKind = keyof typeof garbageCodes

/** Some of one kind, each of them another string. */
export function garbage(kind: GarbageKind, { tokens, jwk }: Material): readonly string[] {
  const { kid, alg } = jwk
  return tokens.map((token) => {
    if (kind === 'not a JWT') return randomText(token.length)
    if (kind === 'oversized') return `${token}${randomText(12_000 - token.length)}`
    if (kind === 'wrong alg') return withHeader(token, { alg: 'HS256', typ: 'JWT', kid })
    return withHeader(token, { alg, typ: 'JWT', kid: randomText(kid.length) })
  })
}

function withHeader(token: string, header: object): string {
  const [, payload, signature] = token.split('.')
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`
}

function randomText(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length)
}

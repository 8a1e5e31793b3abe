/** Tokens that nobody signed, for what is said of a token whoever made it. */
import { type DecodedToken, decodeToken } from '@tenantry/core'
import { type Note, notesOf } from '../../src/index.ts'

/** What time it is in these tests. */
export const now: Date = new Date('2026-11-20T16:00:00Z')

/** `now` as a claim, and so many seconds later. */
export function at(seconds: number): number {
  return now.getTime() / 1000 + seconds
}

/** A compact token. JSON may be given as text, to say what JavaScript cannot. */
export function compact(header: unknown, claims: unknown): string {
  const encode = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  return `${encode(header)}.${encode(claims)}.AAAA`
}

/** A token about which there is nothing to say, with these claims instead of its own. */
export function plain(claims: Readonly<Record<string, unknown>> = {}): string {
  return compact(
    { alg: 'RS256', typ: 'JWT', kid: 'k1' },
    {
      sub: 'usr_7',
      aud: 'api',
      authorization: { acme: { roles: ['admin'] } },
      iat: at(-60),
      exp: at(240),
      ...claims,
    },
  )
}

export function decoded(claims: Readonly<Record<string, unknown>> = {}): DecodedToken {
  return decodeToken(plain(claims))
}

export interface Surroundings {
  readonly keys?: unknown
  readonly knownRoles?: readonly string[]
}

/** The notes on a token. */
export function notes(jwt: string, surroundings: Surroundings = {}): readonly Note[] {
  return notesOf({ jwt, decoded: decodeToken(jwt), now, ...surroundings })
}

export function ids(jwt: string, surroundings: Surroundings = {}): readonly string[] {
  return notes(jwt, surroundings).map(({ id }) => id)
}

/** The text of the one note of this kind. */
export function textOf(jwt: string, id: string, surroundings: Surroundings = {}): string {
  const found = notes(jwt, surroundings).filter((note) => note.id === id)
  return found.map(({ text }) => text).join('\n')
}

/** What notes are made about. */
import type { DecodedToken } from '@tenantry/core'

/** A token with what surrounds it. */
export interface NotedToken {
  readonly decoded: DecodedToken
  /** The whole token; its length is what travels. */
  readonly jwt: string
  readonly now: Date
  /** A JWK Set or a JWK that the token is to be verified with, as it was read from JSON. */
  readonly keys?: unknown
  /** The roles of the application. Others get a note. */
  readonly knownRoles?: readonly string[] | undefined
}

/** A token as a person wants to see it. */
import { type AccessMatrix, type MatrixOptions, matrixOf } from './access/matrix.ts'
import { type Life, lifeOf } from './life.ts'
import type { Note } from './notes/note.ts'
import type { NotedToken } from './notes/noted-token.ts'
import { notesOf } from './notes/notes-of.ts'
import { kindOf, type TokenKind } from './token/kind.ts'
import { type Reading, readClaims, readHeader } from './token/readings.ts'
import { subjectInWords } from './token/subject.ts'

/** Everything that can be said without asking whether the token is genuine. */
export interface TokenReport {
  /** Safe to print. */
  readonly subject: string
  readonly kind: TokenKind
  /** The length of the token. */
  readonly bytes: number
  readonly life: Life
  readonly access: AccessMatrix
  readonly notes: readonly Note[]
  readonly header: readonly Reading[]
  readonly claims: readonly Reading[]
}

/** What a report is made of. */
export interface ReportInput extends NotedToken {
  /** Which tenants and roles to show. */
  readonly show?: MatrixOptions
}

/**
 * Makes the report of a token, verified or not, as it is at `now`.
 *
 * @example
 * ```ts
 * import { decodeToken } from '@tenantry/core'
 * import { createReport } from '@tenantry/report'
 *
 * const report = createReport({ jwt, decoded: decodeToken(jwt), now: new Date() })
 * for (const { level, text } of report.notes) console.log(level, text)
 * ```
 */
export function createReport(input: ReportInput): TokenReport {
  const { decoded, jwt, now, show } = input
  return {
    subject: subjectInWords(decoded.claims),
    kind: kindOf(decoded.claims),
    bytes: jwt.length,
    life: lifeOf(decoded.claims, now),
    access: matrixOf(decoded, show),
    notes: notesOf(input),
    header: readHeader(decoded.header),
    claims: readClaims(decoded.claims, now),
  }
}

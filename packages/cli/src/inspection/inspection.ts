/** What `inspect` found out. */
import { matrixOf, slipOf, type TokenReport } from '@tenantry/report'
import type { CheckContext } from '../verification/check-lines.ts'
import type { CheckResult } from '../verification/examine.ts'
import type { Verdict } from '../verification/verdict.ts'

/** A report, and what came of the checks that were asked for. */
export interface Inspection {
  readonly report: TokenReport
  readonly verdict: Verdict
  /** Empty when nothing was verified. */
  readonly checks: readonly CheckResult[]
  readonly context: CheckContext
  /** What the table is narrowed to. */
  readonly wanted: { readonly tenants: readonly string[]; readonly roles: readonly string[] }
  readonly listsClaims: boolean
}

/** A name that the token does not have, and one that it has and that was probably meant. */
export interface MissingName {
  readonly name: string
  readonly meant: string | undefined
}

/** What the table was to be narrowed to and the token does not have. */
export function missingNames({ wanted, context }: Inspection): {
  readonly tenants: readonly MissingName[]
  readonly roles: readonly MissingName[]
} {
  const { claims, header } = context
  if (claims === undefined || header === undefined) return { tenants: [], roles: [] }
  const { rows } = matrixOf({ verified: false, header, claims }, { all: true })
  const missing = (names: readonly string[], known: readonly string[]): readonly MissingName[] =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({ name, meant: slipOf(name, known) }))
  return {
    tenants: missing(
      wanted.tenants,
      rows.map(({ tenant }) => tenant),
    ),
    roles: missing(wanted.roles, [...new Set(rows.flatMap(({ roles }) => roles))]),
  }
}

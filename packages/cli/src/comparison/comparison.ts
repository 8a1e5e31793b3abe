/** What `diff` found out. */
import type { TokenChanges } from '@tenantry/report'

/** Two tokens side by side. */
export interface Comparison {
  readonly changes: TokenChanges
  /** They are equal to the last character. */
  readonly isSameToken: boolean
  readonly isSameSignature: boolean
}

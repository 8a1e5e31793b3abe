/** What `diff --json` prints. */
import type { MemberChange } from '@tenantry/report'
import type { Comparison } from './comparison.ts'

/** The members besides schema, ok and code. */
export function diffDocument({
  changes,
  isSameToken,
  isSameSignature,
}: Comparison): Readonly<Record<string, unknown>> {
  return {
    verified: false,
    same: isSameToken,
    differences: changes.count,
    signature: isSameSignature ? 'same' : 'different',
    header: changes.header.map(memberDocument),
    claims: changes.claims.map(memberDocument),
    tenants: changes.tenants.map(({ members, ...change }) => ({
      ...change,
      members: members.map(memberDocument),
    })),
  }
}

/** JSON leaves out what is undefined. */
function memberDocument({ name, change, before, after }: MemberChange): MemberChange {
  return { name, change, before, after }
}

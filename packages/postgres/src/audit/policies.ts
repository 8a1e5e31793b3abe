/** Whether the policies of a table, taken together, always look at the tenant. */
import type { CatalogRow } from './catalog.ts'
import { type Finding, finding } from './finding.ts'

/** `pg_policy.polcmd`: SELECT, INSERT, UPDATE, DELETE. */
const commands = ['r', 'a', 'w', 'd'] as const

/**
 * Rows pass when any permissive policy says so and every restrictive one. What an expression means cannot be
 * judged from here: one that reads the setting counts as one on the tenant.
 *
 * @param policies - those that hold for the role
 */
export function auditPolicies(
  table: string,
  policies: readonly CatalogRow[],
  setting: string,
): readonly Finding[] {
  if (policies.length === 0) return [finding('table_without_policy', table)]
  const looksAtTenant = (expression: string) => expression.includes(`current_setting('${setting}'`)
  const open = new Set<string>()
  let isRestricted = true
  for (const command of commands) {
    const holding = policies.filter((policy) => ['*', command].includes(policy.text('command')))
    const isOnTenant = (policy: CatalogRow) => expressionsOf(policy, command).every(looksAtTenant)
    if (holding.some((policy) => !policy.is('permissive') && isOnTenant(policy))) continue
    isRestricted = false
    for (const policy of holding) {
      if (policy.is('permissive') && !isOnTenant(policy)) open.add(policy.text('name'))
    }
  }
  if (open.size > 0) return [...open].map((name) => finding('policy_open', `${table}: ${name}`))
  return isRestricted ? [] : [finding('policy_not_restrictive', table)]
}

/** What is asked about rows that are there, and about rows that are written; without a check it is the same. */
function expressionsOf(policy: CatalogRow, command: (typeof commands)[number]): readonly string[] {
  const using = policy.text('using')
  const check = policy.text('check') || using
  if (command === 'a') return [check]
  return command === 'w' ? [using, check] : [using]
}

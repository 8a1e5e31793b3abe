/** The tenants and roles that the flags of `mint` give. */
import { quote } from '@tenantry/report'
import type { GivenFlag } from '../command-line/command.ts'
import { type CliFailure, usageFailure } from '../failure.ts'

/** Roles by tenant, in the order in which they were given. */
export type Grants = ReadonlyMap<string, readonly string[]>

/**
 * Reads `--tenant ID=ROLE,ROLE` and `--tenant ID --role ROLE`. A role counts for the tenant before
 * it. Names are taken as they are, byte for byte, as they are compared later.
 *
 * @throws {CliFailure} for a name that is empty or has a space around it, and a role without a tenant
 */
export function readGrants(given: readonly GivenFlag[]): Grants {
  const grants = new Map<string, string[]>()
  let current: string[] | undefined
  for (const { name, value = '' } of given) {
    if (name === 'tenant') {
      const [tenant, roles] = splitTenant(value)
      current = grants.get(tenant) ?? []
      current.push(...roles)
      grants.set(tenant, current)
    } else if (name === 'role') {
      if (current === undefined) {
        throw usageFailure('--role comes before every --tenant.', 'The tenant comes first.')
      }
      current.push(value)
    }
  }
  return new Map([...grants].map(([tenant, roles]) => [tenant, [...new Set(roles)]]))
}

function splitTenant(text: string): readonly [tenant: string, roles: readonly string[]] {
  const end = text.indexOf('=')
  const tenant = end === -1 ? text : text.slice(0, end)
  if (!isName(tenant)) throw odd('tenant', tenant)
  const list = end === -1 ? '' : text.slice(end + 1)
  const roles = list === '' ? [] : list.split(',')
  const wrong = roles.find((role) => !isName(role))
  if (wrong !== undefined) throw odd('role', wrong)
  return [tenant, roles]
}

/** A space around a name is a slip, and the name would never be found again. */
function isName(text: string): boolean {
  return text !== '' && text.trim() === text
}

function odd(what: 'tenant' | 'role', name: string): CliFailure {
  return usageFailure(
    `--tenant has a ${what} that is empty or has a space around it: ${quote(name)}.`,
    'Write --tenant ID=ROLE,ROLE. A name that is so indeed comes with --role.',
  )
}

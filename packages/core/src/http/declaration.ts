/** A guard in the declaration of a route: `{ role: 'admin' }`. */
import type { Requirement } from '../access/requirement.ts'
import { ConfigurationError } from '../errors.ts'
import type { Demand, RuleOptions } from './guard-options.ts'

type DeclaredDemand<Role extends string, Permission extends string> =
  | { readonly auth: true }
  | { readonly optional: true }
  | { readonly tenant: true }
  | { readonly role: Role }
  | { readonly anyRole: readonly Role[] }
  | { readonly allRoles: readonly Role[] }
  | { readonly permission: Permission }
  | { readonly require: Requirement<Role, Permission> }

/** One demand, and what a guard can be told besides. */
export type Declaration<Request, Role extends string, Permission extends string> = DeclaredDemand<
  Role,
  Permission
> &
  RuleOptions<Request>

const flags: Readonly<Record<string, Demand>> = {
  auth: { kind: 'anyone' },
  optional: { kind: 'optional' },
  tenant: { kind: 'member' },
}

// What these make is read, and refused when it is none, where the rule is made.
const requirements: Readonly<Record<string, (value: unknown) => unknown>> = {
  role: (role) => (typeof role === 'string' ? role : undefined),
  anyRole: (any) => ({ any }),
  allRoles: (all) => ({ all }),
  permission: (permission) => ({ permission }),
  require: (requirement) => requirement,
}

const known = [...Object.keys(flags), ...Object.keys(requirements)]

/**
 * Reads a declaration.
 *
 * @param name - where it stands, for the message: `config.tenantry`
 * @param route - the route, for the message
 * @throws {ConfigurationError} `option_invalid` when it is not exactly one demand with options
 */
export function readDeclaration<Request>(
  declaration: unknown,
  name: string,
  route: string,
): { readonly demand: Demand; readonly options: RuleOptions<Request> } {
  const isObject = typeof declaration === 'object' && declaration !== null
  const entries = isObject ? Object.entries(declaration) : []
  const [first, second] = entries.filter(([key]) => known.includes(key))
  if (first === undefined || second !== undefined) {
    throw invalid(`is 'public' or has exactly one of ${known.join(', ')}`)
  }
  const [key, value] = first
  const options = Object.fromEntries(entries.filter(([option]) => option !== key))
  const demand = flags[key]
  if (demand === undefined) {
    const requirement = requirements[key]?.(value) as Requirement
    return { demand: { kind: 'requirement', requirement }, options }
  }
  if (value !== true) throw invalid(`has "${key}", which can only be true`)
  return { demand, options }

  function invalid(rule: string): ConfigurationError {
    return new ConfigurationError('option_invalid', `${name} ${rule}. See ${route}.`)
  }
}

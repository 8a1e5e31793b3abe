/** A guard declared on the route: `{ config: { tenantry: { role: 'admin' } } }`. */
import { ConfigurationError, type Requirement } from '@tenantry/core'
import type { Demand, RuleOptions } from '@tenantry/core/http'
import type { FastifyRequest } from 'fastify'
import type { Permission, Role } from './augment.ts'

type RouteDemand =
  | { readonly auth: true }
  | { readonly optional: true }
  | { readonly tenant: true }
  | { readonly role: Role }
  | { readonly anyRole: readonly Role[] }
  | { readonly allRoles: readonly Role[] }
  | { readonly permission: Permission }
  | { readonly require: Requirement<Role, Permission> }

/**
 * One demand, and what a guard can be told besides.
 *
 * @example
 * ```ts
 * import type { RouteConfig } from '@tenantry/fastify'
 *
 * const tenantry: RouteConfig = { role: 'admin', hideTenants: true }
 * ```
 */
export type RouteConfig = RouteDemand & RuleOptions<FastifyRequest>

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

/** @throws {ConfigurationError} `option_invalid` when it is not exactly one demand with options */
export function readRouteConfig(
  config: unknown,
  route: string,
): { readonly demand: Demand; readonly options: RuleOptions<FastifyRequest> } {
  const entries = typeof config === 'object' && config !== null ? Object.entries(config) : []
  const [first, second] = entries.filter(([key]) => known.includes(key))
  if (first === undefined || second !== undefined) {
    throw invalid(route, `is 'public' or has exactly one of ${known.join(', ')}`)
  }
  const [key, value] = first
  const options = Object.fromEntries(entries.filter(([name]) => name !== key))
  const demand = flags[key]
  if (demand === undefined) {
    const requirement = requirements[key]?.(value) as Requirement
    return { demand: { kind: 'requirement', requirement }, options }
  }
  if (value !== true) throw invalid(route, `has "${key}", which can only be true`)
  return { demand, options }
}

function invalid(route: string, rule: string): ConfigurationError {
  return new ConfigurationError('option_invalid', `config.tenantry ${rule}. See ${route}.`)
}

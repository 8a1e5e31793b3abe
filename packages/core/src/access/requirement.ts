/** What a caller may be required to be, checked before it is asked. */
import { ConfigurationError } from '../errors.ts'
import type { RoleModel } from './roles.ts'

/**
 * What is asked of a caller in a tenant:
 *
 * - `'admin'`: holds the role, or with a role model one that inherits it
 * - `{ exactly: 'admin' }`: holds just this role
 * - `{ any: [...] }`, `{ all: [...] }`: at least one of, every one of; never empty
 * - `{ permission: 'widgets:read' }`: holds a role with the permission; needs a role model
 *
 * A bare list is refused, because it could mean any or all.
 */
export type Requirement<Role extends string = string, Permission extends string = string> =
  | Role
  | { readonly any: readonly Requirement<Role, Permission>[] }
  | { readonly all: readonly Requirement<Role, Permission>[] }
  | { readonly exactly: Role }
  | { readonly permission: Permission }

/** A requirement as it was written, in a copy that cannot be changed. */
export function writtenAs(parsed: ParsedRequirement): Requirement {
  if (typeof parsed === 'string') return parsed
  switch (parsed.kind) {
    case 'exactly':
      return Object.freeze({ exactly: parsed.role })
    case 'permission':
      return Object.freeze({ permission: parsed.permission })
    case 'any':
      return Object.freeze({ any: Object.freeze(parsed.of.map(writtenAs)) })
    case 'all':
      return Object.freeze({ all: Object.freeze(parsed.of.map(writtenAs)) })
  }
}

/** Nesting any and all more deeply than this is a mistake. */
const MAX_DEPTH = 16

/** Any membership at all, with roles or without: what `requireTenant` asks for. */
export interface MembershipRequirement {
  readonly kind: 'member'
}

export const membership: MembershipRequirement = Object.freeze({ kind: 'member' })

export function isMembership(
  requirement: ParsedRequirement | MembershipRequirement,
): requirement is MembershipRequirement {
  return requirement === membership
}

/** A requirement that has been read: a role, or what kind it is and of what. */
export type ParsedRequirement =
  | string
  | { readonly kind: 'exactly'; readonly role: string }
  | { readonly kind: 'permission'; readonly permission: string }
  | { readonly kind: 'any' | 'all'; readonly of: readonly ParsedRequirement[] }

/**
 * Reads a requirement. To be called where a guard is made, so that a mistake shows at start-up.
 *
 * @throws {ConfigurationError} `requirement_invalid` for the wrong form, an empty list or a
 * permission without a role model; `role_unknown` for a role that the model does not define
 */
export function parseRequirement(
  requirement: unknown,
  model: RoleModel | undefined,
  depth: number = 0,
): ParsedRequirement {
  if (typeof requirement === 'string') return readRole(requirement, model)
  if (Array.isArray(requirement)) {
    throw invalid('A bare list is ambiguous: write { any: [...] } or { all: [...] }.')
  }
  if (typeof requirement !== 'object' || requirement === null) {
    throw invalid('A requirement is a role, { any }, { all }, { exactly } or { permission }.')
  }
  if (depth > MAX_DEPTH) throw invalid('The requirement is nested too deeply.')
  const keys = Object.keys(requirement)
  const [key] = keys
  if (keys.length !== 1 || key === undefined) {
    throw invalid('A requirement has exactly one of any, all, exactly and permission.')
  }
  const value: unknown = Reflect.get(requirement, key)
  switch (key) {
    case 'any':
    case 'all':
      return { kind: key, of: readList(key, value, model, depth) }
    case 'exactly':
      return { kind: key, role: readRole(value, model) }
    case 'permission':
      return { kind: key, permission: readPermission(value, model) }
    default:
      throw invalid(`"${key}" is not a requirement. Known: any, all, exactly, permission.`)
  }
}

function readRole(role: unknown, model: RoleModel | undefined): string {
  if (typeof role !== 'string' || role === '') throw invalid('A role is a string, and not empty.')
  if (model === undefined || model.has(role)) return role
  throw new ConfigurationError(
    'role_unknown',
    `Role "${role}" is not in the role model. Known: ${model.roles.join(', ')}.`,
  )
}

function readList(
  key: string,
  list: unknown,
  model: RoleModel | undefined,
  depth: number,
): readonly ParsedRequirement[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw invalid(`{ ${key}: [...] } needs a list of at least one requirement.`)
  }
  // Array.from reads a hole as undefined, which is refused like any other odd item.
  return Array.from<unknown, ParsedRequirement>(list, (item) =>
    parseRequirement(item, model, depth + 1),
  )
}

function readPermission(permission: unknown, model: RoleModel | undefined): string {
  if (typeof permission !== 'string' || permission === '') {
    throw invalid('A permission is a string, and not empty.')
  }
  if (model !== undefined) return permission
  throw invalid('{ permission } needs a role model: pass `roles` to createVerifier.')
}

function invalid(message: string): ConfigurationError {
  return new ConfigurationError('requirement_invalid', message)
}

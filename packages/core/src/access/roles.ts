/** Role models: which roles there are, what they may do, and which roles contain which. */
import { ConfigurationError } from '../errors.ts'
import { copyPlain } from '../plain-options.ts'

/** One role of a model. */
export interface RoleDefinition<Role extends string = string> {
  /** Roles whose permissions and standing this role has as well. */
  readonly inherits?: readonly Role[]
  /** What this role may do, in words of your own, such as `widgets:read`. */
  readonly permissions?: readonly string[]
}

const models = new WeakSet<object>()

/** The roles of an application, checked when they are defined. Made by {@link defineRoles}. */
export interface RoleModel<Role extends string = string, Permission extends string = string> {
  /** Every role, in the order of definition. */
  readonly roles: readonly Role[]
  /** Every permission that some role has. */
  readonly permissions: readonly Permission[]
  /** Whether the model defines this role. */
  has(role: string): role is Role
  /** The role itself and every role that it inherits, directly or not; empty for an unknown role. */
  impliedBy(role: string): readonly Role[]
  /** Every permission of the role, inherited ones included; empty for an unknown role. */
  permissionsOf(role: string): readonly Permission[]
}

type PermissionOf<Definitions> = {
  [Role in keyof Definitions]: Definitions[Role] extends {
    readonly permissions: readonly (infer P)[]
  }
    ? P & string
    : never
}[keyof Definitions]

const none: readonly never[] = Object.freeze([])

/**
 * Defines the roles of an application (hierarchical RBAC, ANSI INCITS 359-2004). Pass the model to
 * `createVerifier`: a requirement then also counts inherited roles, and a mistyped role does not
 * compile.
 *
 * @throws {ConfigurationError} `role_unknown` when a role inherits one that is not defined,
 * `role_cycle` when a role inherits itself, `option_invalid` for a definition of the wrong form
 *
 * @example
 * ```ts
 * import { defineRoles } from '@tenantry/core'
 *
 * const roles = defineRoles({
 *   viewer: { permissions: ['widgets:read'] },
 *   admin: { inherits: ['viewer'], permissions: ['widgets:write'] },
 * })
 * ```
 */
export function defineRoles<
  const Definitions extends {
    readonly [Role in keyof Definitions]: RoleDefinition<keyof Definitions & string>
  },
>(definitions: Definitions): RoleModel<keyof Definitions & string, PermissionOf<Definitions>> {
  const read = readDefinitions(definitions)
  const implied = new Map<string, readonly string[]>()
  const permissions = new Map<string, readonly string[]>()
  for (const role of read.values()) {
    const roles = impliedRoles(role)
    implied.set(role.name, Object.freeze(roles.map(({ name }) => name)))
    const all = roles.flatMap((one) => one.permissions)
    permissions.set(role.name, Object.freeze([...new Set(all)]))
  }
  const model = Object.freeze({
    roles: Object.freeze([...read.keys()]),
    permissions: Object.freeze([...new Set([...permissions.values()].flat())]),
    has: (role: string): role is string => read.has(role),
    impliedBy: (role: string) => implied.get(role) ?? none,
    permissionsOf: (role: string) => permissions.get(role) ?? none,
  })
  models.add(model)
  // The names were read from the keys of `definitions`: the types say the same of them.
  return model as unknown as RoleModel<keyof Definitions & string, PermissionOf<Definitions>>
}

/** Whether a value is a role model that `defineRoles` of this copy of the package made. */
export function isRoleModel(value: unknown): value is RoleModel {
  return typeof value === 'object' && value !== null && models.has(value)
}

/** A role with the roles themselves that it inherits. */
interface DefinedRole {
  readonly name: string
  readonly permissions: readonly string[]
  readonly inherits: DefinedRole[]
}

function readDefinitions(definitions: unknown): ReadonlyMap<string, DefinedRole> {
  const read = new Map<string, DefinedRole>()
  const inherited: [role: DefinedRole, names: readonly string[]][] = []
  for (const [name, definition] of Object.entries(
    copyPlain(definitions, 'The definitions of roles'),
  )) {
    if (name === '') throw invalid('The name of a role is not empty.')
    const members = copyPlain(definition, `The definition of role "${name}"`)
    checkMembers(name, members)
    const permissions = readNames(name, members, 'permissions')
    const role: DefinedRole = { name, permissions, inherits: [] }
    read.set(name, role)
    inherited.push([role, readNames(name, members, 'inherits')])
  }
  if (read.size === 0) throw invalid('A role model has at least one role.')
  for (const [role, names] of inherited) {
    for (const name of names) role.inherits.push(definedRole(name, role, read))
  }
  return read
}

function definedRole(
  name: string,
  heir: DefinedRole,
  roles: ReadonlyMap<string, DefinedRole>,
): DefinedRole {
  const role = roles.get(name)
  if (role !== undefined) return role
  throw new ConfigurationError(
    'role_unknown',
    `Role "${heir.name}" inherits "${name}", which is not defined.`,
  )
}

function checkMembers(role: string, members: object): void {
  const odd = Object.keys(members).find((key) => key !== 'inherits' && key !== 'permissions')
  if (odd === undefined) return
  throw invalid(`Role "${role}" has the unknown key "${odd}". Known: inherits, permissions.`)
}

function readNames(role: string, definition: object, key: string): readonly string[] {
  if (!Object.hasOwn(definition, key)) return none
  const list: unknown = Reflect.get(definition, key)
  // Array.from reads holes as undefined; `every` would skip them.
  const names: readonly unknown[] = Array.isArray(list) ? Array.from(list) : [undefined]
  if (names.every((name) => typeof name === 'string' && name !== '')) return names as string[]
  throw invalid(`Role "${role}": ${key} is not a list of names.`)
}

/** The role and all that it inherits, nearest first. */
function impliedRoles(role: DefinedRole): readonly DefinedRole[] {
  const found = new Set([role])
  for (const { inherits } of found) {
    for (const inherited of inherits) {
      if (inherited === role) {
        throw new ConfigurationError('role_cycle', `Role "${role.name}" inherits itself.`)
      }
      found.add(inherited)
    }
  }
  return [...found]
}

function invalid(message: string): ConfigurationError {
  return new ConfigurationError('option_invalid', message)
}

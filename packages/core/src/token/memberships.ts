/**
 * The `authorization` map of a token, read so that nothing in it can be mistaken: own keys only,
 * roles that are a list of strings and nothing else, compiled when a tenant is first asked about.
 */

/** What a token says of one tenant. */
export interface TenantGrant {
  readonly roles: readonly string[]
  /** Permissions written into the token itself, where the issuer does that. */
  readonly permissions?: readonly string[]
}

/** The well-formed part of the map, without a prototype and frozen. */
export interface Authorization {
  readonly [tenantId: string]: TenantGrant
}

/** What granted something: the role as the token has it, and the tenant in which it is held. */
export interface Grant {
  /** The tenant that was asked about, or the ancestor of it in which the role is held. */
  readonly tenantId: string
  /** The held role; undefined when a permission is written into the token itself. */
  readonly role: string | undefined
}

/** What the roles of one tenant amount to: every role and permission that is held, and why. */
export interface Standing {
  readonly tenantId: string
  /** By role, the role that grants it: itself, or one that inherits it. */
  readonly roles: ReadonlyMap<string, string>
  /** By permission, the role that grants it; undefined when it is written into the token itself. */
  readonly permissions: ReadonlyMap<string, string | undefined>
}

/** Works out the standing of a membership; called once per token and tenant. */
export type Compile = (tenantId: string, grant: Required<TenantGrant>) => Standing

/** One tenant of the map. */
export interface Membership extends TenantGrant {
  readonly permissions: readonly string[]
  /** One, or none when its roles are no list of strings: such an entry is there, and grants nothing. */
  readonly standings: readonly Standing[]
}

export interface Memberships {
  /** What the token says of a tenant; undefined when it does not name it. */
  get(tenantId: string): Membership | undefined
  /** The tenants with a well-formed entry, in the order of the token. */
  tenants(): readonly string[]
  authorization(): Authorization
}

const none: readonly string[] = Object.freeze([])
const malformed: Membership = Object.freeze({
  roles: none,
  permissions: none,
  standings: Object.freeze([]),
})

/** Whether a value can be an authorization map at all. */
export function isAuthorizationMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads a map out of a token. The map must not change afterwards. */
export function createMemberships(map: object, compile: Compile): Memberships {
  return new MapMemberships(map, compile)
}

class MapMemberships implements Memberships {
  readonly #map: object
  readonly #compile: Compile
  /** The first one that was asked for: most tokens are asked about one tenant only, and often. */
  #tenantId: string | undefined
  #membership: Membership | undefined
  #read: Map<string, Membership> | undefined
  #tenants: readonly string[] | undefined
  #authorization: Authorization | undefined

  constructor(map: object, compile: Compile) {
    this.#map = map
    this.#compile = compile
  }

  get(tenantId: string): Membership | undefined {
    if (tenantId === this.#tenantId) return this.#membership
    const known = this.#read?.get(tenantId)
    if (known !== undefined) return known
    if (tenantId === '__proto__' || !Object.hasOwn(this.#map, tenantId)) return undefined
    const membership = this.#compileEntry(tenantId, Reflect.get(this.#map, tenantId))
    if (membership === undefined) return undefined
    if (this.#tenantId === undefined) {
      this.#tenantId = tenantId
      this.#membership = membership
    } else {
      this.#read ??= new Map()
      this.#read.set(tenantId, membership)
    }
    return membership
  }

  tenants(): readonly string[] {
    this.#tenants ??= Object.freeze(wellFormed(this.#map).map(({ tenantId }) => tenantId))
    return this.#tenants
  }

  authorization(): Authorization {
    this.#authorization ??= toAuthorization(wellFormed(this.#map))
    return this.#authorization
  }

  #compileEntry(tenantId: string, entry: unknown): Membership | undefined {
    if (!isAuthorizationMap(entry)) return undefined
    const roles = readStrings(entry, 'roles')
    if (roles === undefined) return malformed
    const permissions = readStrings(entry, 'permissions') ?? none
    return { roles, permissions, standings: [this.#compile(tenantId, { roles, permissions })] }
  }
}

/** A copy of a map, with the well-formed part of each entry. */
export function copyGrants(map: object): object {
  const copy: Record<string, object> = Object.create(null)
  for (const [tenantId, entry] of Object.entries(map)) {
    // An entry whose roles are no list is still there, and grants nothing.
    if (isAuthorizationMap(entry)) copy[tenantId] = readGrant(entry) ?? nothing
  }
  return Object.freeze(copy)
}

const nothing = Object.freeze({})

interface Entry {
  readonly tenantId: string
  readonly grant: TenantGrant
}

/** The entries that are well formed. `__proto__` is no tenant. */
function wellFormed(map: object): readonly Entry[] {
  return Object.entries(map).flatMap(([tenantId, entry]) => {
    const grant = isAuthorizationMap(entry) ? readGrant(entry) : undefined
    return grant === undefined || tenantId === '__proto__' ? [] : [{ tenantId, grant }]
  })
}

/** The roles and permissions of an entry, frozen; undefined when its roles are no list of strings. */
function readGrant(entry: object): TenantGrant | undefined {
  const roles = readStrings(entry, 'roles')
  if (roles === undefined) return undefined
  const permissions = readStrings(entry, 'permissions')
  const grant =
    permissions === undefined || permissions.length === 0 ? { roles } : { roles, permissions }
  return Object.freeze(Object.assign(Object.create(null), grant))
}

/** A frozen list of strings, or undefined for anything else, a list with one odd item included. */
function readStrings(entry: object, name: string): readonly string[] | undefined {
  const list: unknown = Object.hasOwn(entry, name) ? Reflect.get(entry, name) : undefined
  if (!Array.isArray(list)) return undefined
  // Array.from reads holes as undefined; `every` would skip them.
  const strings: readonly unknown[] = Array.from(list)
  return strings.every((item) => typeof item === 'string') ? Object.freeze(strings) : undefined
}

function toAuthorization(entries: readonly Entry[]): Authorization {
  const map: Record<string, TenantGrant> = Object.create(null)
  for (const { tenantId, grant } of entries) map[tenantId] = grant
  return Object.freeze(map)
}

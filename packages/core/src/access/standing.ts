/** What the roles of one tenant amount to under a role model. */
import type { Compile } from '../token/memberships.ts'
import type { RoleModel } from './roles.ts'

const nothing: ReadonlyMap<string, string | undefined> = new Map()

/** Without a model each role stands for itself alone. A role outside of the model does so always. */
export function compileWith(model: RoleModel | undefined): Compile {
  return (tenantId, { roles: held, permissions: written }) => {
    const roles = new Map<string, string>()
    // What is written in the token comes first: it is the plainest reason.
    for (const role of held) roles.set(role, role)
    if (model === undefined && written.length === 0) {
      return { tenantId, roles, permissions: nothing }
    }
    const permissions = new Map<string, string | undefined>()
    for (const permission of written) permissions.set(permission, undefined)
    if (model === undefined) return { tenantId, roles, permissions }
    // The list, not the map that grows on the way.
    for (const role of held) {
      for (const implied of model.impliedBy(role)) {
        if (!roles.has(implied)) roles.set(implied, role)
      }
      for (const permission of model.permissionsOf(role)) {
        if (!permissions.has(permission)) permissions.set(permission, role)
      }
    }
    return { tenantId, roles, permissions }
  }
}

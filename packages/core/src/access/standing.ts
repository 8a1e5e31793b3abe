/** What the roles of one tenant amount to under a role model. */
import type { Compile, Grant } from '../token/memberships.ts'
import type { RoleModel } from './roles.ts'

const nothing: ReadonlyMap<string, Grant> = new Map()

/** Without a model each role stands for itself alone. A role outside of the model does so always. */
export function compileWith(model: RoleModel | undefined): Compile {
  return (tenantId, { roles: held, permissions: written }) => {
    const membership: Grant = { tenantId, role: undefined }
    const roles = new Map<string, Grant>()
    // What is written in the token comes first: it is the plainest reason.
    for (const role of held) roles.set(role, { tenantId, role })
    if (model === undefined && written.length === 0) {
      return { roles, permissions: nothing, membership }
    }
    const permissions = new Map<string, Grant>()
    for (const permission of written) permissions.set(permission, membership)
    if (model === undefined) return { roles, permissions, membership }
    // The list, not the map that grows on the way.
    for (const role of held) {
      const grant: Grant = { tenantId, role }
      for (const implied of model.impliedBy(role)) {
        if (!roles.has(implied)) roles.set(implied, grant)
      }
      for (const permission of model.permissionsOf(role)) {
        if (!permissions.has(permission)) permissions.set(permission, grant)
      }
    }
    return { roles, permissions, membership }
  }
}

/** What the roles of one tenant amount to under a role model. */
import type { Compile } from '../token/memberships.ts'
import type { RoleModel } from './roles.ts'

/** Without a model each role stands for itself alone. A role outside of the model does so always. */
export function compileWith(model: RoleModel | undefined): Compile {
  return ({ roles: held, permissions: written }) => {
    const roles = new Map<string, string>()
    const permissions = new Map<string, string | undefined>()
    // What is written in the token comes first: it is the plainest reason.
    for (const role of held) roles.set(role, role)
    for (const permission of written) permissions.set(permission, undefined)
    if (model === undefined) return { roles, permissions }
    for (const role of held) {
      for (const implied of model.impliedBy(role)) {
        if (!roles.has(implied)) roles.set(implied, role)
      }
      for (const permission of model.permissionsOf(role)) {
        if (!permissions.has(permission)) permissions.set(permission, role)
      }
    }
    return { roles, permissions }
  }
}

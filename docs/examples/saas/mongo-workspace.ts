/** The database of a tenant in MongoDB. */
import { randomUUID } from 'node:crypto'
import type { FirstUser } from '@tenantry/databases'
import { type Connection, type Model, Schema } from 'mongoose'
import type { Project, Role, Workspace } from './workspace.ts'

interface StoredUser {
  readonly _id: string
  readonly email: string
  readonly role: Role
  readonly passwordHash: string
}

const text = { type: String, required: true } as const
const userSchema = new Schema<StoredUser>({
  _id: text,
  email: { ...text, unique: true },
  role: { ...text, enum: ['admin', 'member'] },
  passwordHash: text,
})
const projectSchema = new Schema<Project>({ name: { ...text, unique: true } })

/** Of a tenant. */
export const collections = ['users', 'projects'] as const

interface Models {
  readonly users: Model<StoredUser>
  readonly projects: Model<Project>
}

/** A connection takes a model once. */
const models = new WeakMap<Connection, Models>()

/** Models of this connection, and so of this tenant. */
function modelsOf(connection: Connection): Models {
  const made = models.get(connection) ?? {
    users: connection.model<StoredUser>('User', userSchema),
    projects: connection.model<Project>('Project', projectSchema),
  }
  models.set(connection, made)
  return made
}

export async function migrate(connection: Connection): Promise<void> {
  const { users, projects } = modelsOf(connection)
  await users.createIndexes()
  await projects.createIndexes()
}

export async function addFirstUser(
  connection: Connection,
  { email, passwordHash }: FirstUser,
): Promise<void> {
  const user = { _id: randomUUID(), email, role: 'admin', passwordHash } as const
  await modelsOf(connection).users.create(user)
}

export function mongoWorkspace(connection: Connection): Workspace {
  const { users, projects } = modelsOf(connection)
  return {
    async account(email) {
      const found = await users.findOne({ email: { $eq: email } }).lean()
      if (found === null) return undefined
      const { _id: userId, role, passwordHash } = found
      return { userId, email, role, passwordHash }
    },
    async users() {
      const found = await users.find().sort('email').lean()
      return found.map(({ email, role }) => ({ email, role }))
    },
    async projects() {
      const found = await projects.find().sort('name').lean()
      return found.map(({ name }) => ({ name }))
    },
    async addProject(name) {
      try {
        await projects.create({ name })
        return { name }
      } catch (error) {
        if (error instanceof Error && Reflect.get(error, 'code') === 11_000) return undefined
        throw error
      }
    },
  }
}

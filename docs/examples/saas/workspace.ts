/** What the application asks of a tenant's own database. No question names the tenant: it is the only one there. */
export interface Workspace {
  /** With the hash of the password, for logging in. */
  account(email: string): Promise<Account | undefined>
  users(): Promise<readonly User[]>
  projects(): Promise<readonly Project[]>
  /** Undefined when the tenant has one of that name. */
  addProject(name: string): Promise<Project | undefined>
}

export interface User {
  readonly email: string
  readonly role: Role
}

export interface Account extends User {
  readonly userId: string
  readonly passwordHash: string
}

export interface Project {
  readonly name: string
}

/** The first user of a tenant is its admin. */
export type Role = 'admin' | 'member'

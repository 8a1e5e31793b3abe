/** The connection of the driver that Mongoose uses: its database and its client are behind the guard. */
import { currentSystem } from '@tenantry/core/context'
import type { NativeConnection } from './guarded-collection.ts'
import { guardClient, guardDatabase, rawOf } from './guarded-database.ts'
import { refuse } from './refuse.ts'

export type ConnectionClass = new (...args: unknown[]) => NativeConnection

const databases = new WeakMap<object, unknown>()
const clients = new WeakMap<object, unknown>()

export function createGuardedConnection(Native: ConnectionClass): ConnectionClass {
  class GuardedConnection extends Native {
    override watch(...args: unknown[]): unknown {
      if (currentSystem() === undefined) refuse('watch of a whole database')
      return super.watch(...args)
    }

    override aggregate(...args: unknown[]): unknown {
      if (currentSystem() === undefined) refuse('aggregate of a whole database')
      return super.aggregate(...args)
    }
  }
  Object.defineProperty(GuardedConnection.prototype, 'db', {
    get(this: NativeConnection): unknown {
      return guardDatabase(databases.get(this), this.base)
    },
    set(this: NativeConnection, opened: unknown) {
      databases.set(this, rawOf(opened))
    },
  })
  Object.defineProperty(GuardedConnection.prototype, 'client', {
    get(this: NativeConnection): unknown {
      return guardClient(clients.get(this), this.base)
    },
    set(this: NativeConnection, opened: unknown) {
      clients.set(this, rawOf(opened))
    },
  })
  return GuardedConnection
}

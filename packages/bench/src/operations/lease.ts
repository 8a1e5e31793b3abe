/** A call with the database of a tenant that is open: through the pool, and without one. */
import { createTenantDatabases } from '@tenantry/databases'
import { type Operation, repeatAwaited } from './repeat.ts'

interface Database {
  readonly tenantId: string
  ask(): Promise<string>
}

const tenantIds = Array.from({ length: 40 }, (_, index) => `tenant-${index}`)

const isOwn = (answer: string | undefined, tenantId: string) => answer === tenantId

/** `bare call`, `use` or `lease and release`. */
export async function leasing(name: string): Promise<Operation> {
  const connect = async ({ tenantId }: { readonly tenantId: string }): Promise<Database> => ({
    tenantId,
    ask: async () => tenantId,
  })
  if (name === 'bare call') {
    const opened = new Map<string, Database>()
    for (const tenantId of tenantIds) opened.set(tenantId, await connect({ tenantId }))
    return repeatAwaited(tenantIds, async (tenantId) => await opened.get(tenantId)?.ask(), isOwn)
  }
  const databases = createTenantDatabases<Database>({
    registry: {
      async find(tenantId) {
        return { tenantId, status: 'active', databaseName: tenantId, version: 1 }
      },
    },
    connect,
    disconnect: async () => undefined,
    isHealthy: () => true,
    ping: async () => undefined,
  })
  const ways: Readonly<Record<string, (tenantId: string) => Promise<string>>> = {
    use: (tenantId) => databases.use(tenantId, (database) => database.ask()),
    'lease and release': async (tenantId) => {
      const lease = await databases.lease(tenantId)
      const answer = await lease.database.ask()
      lease.release()
      return answer
    },
  }
  const way = ways[name]
  if (way === undefined) throw new Error(`There is no way ${name}.`)
  return {
    ...repeatAwaited(tenantIds, way, isOwn),
    close: async () => void (await databases.close()),
  }
}

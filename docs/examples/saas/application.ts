/** The application, whatever framework and database it is on. */
import type { Server } from 'node:http'
import { createVerifier, type Verifier } from '@tenantry/core'
import {
  createTenantDatabases,
  provisionTenant,
  sweepTenants,
  type TenantDatabases,
  type TenantRecord,
} from '@tenantry/databases'
import { type Administration, createAdministration } from './administration.ts'
import type { Backend } from './backend.ts'
import { seeds } from './data.ts'
import { algorithm, startIssuer } from './issuer.ts'
import { createLogin, type Login } from './login.ts'
import type { Workspace } from './workspace.ts'

export interface Application<Database> {
  readonly verifier: Verifier
  readonly databases: TenantDatabases<Database, TenantRecord>
  readonly login: Login
  readonly administration: Administration
  /** The workspace of the tenant that the guard has checked. */
  workspace(request: object): Workspace
  /** Adds the tenants that are there for trying it out. */
  seed(): Promise<void>
  /** Everything but the databases of the tenants. */
  close(): Promise<void>
}

/** The application on a framework. */
export interface ApplicationServer {
  readonly server: Server
  /** On loopback. Answers with the URL. */
  listen(port: number): Promise<string>
}

const audience = 'saas-example'

/** Milliseconds between two looks for tenants that are half done. */
const sweepEvery = 60_000

export async function openApplication<Database>(
  { binding, provisioning, workspaceOf, close }: Backend<Database>,
  adminToken: string | undefined,
): Promise<Application<Database>> {
  const { registry } = provisioning
  const issuer = await startIssuer(audience)
  const verifier = createVerifier({
    keys: issuer.jwksUrl,
    algorithms: [algorithm],
    issuer: issuer.url,
    audience,
  })
  await verifier.ready()
  const databases = createTenantDatabases<Database, TenantRecord>({ registry, ...binding })

  const sweep = async (): Promise<void> => {
    try {
      const { finished, removed, left, orphans } = await sweepTenants(provisioning)
      const found = { finished, removed, left: left.map(({ tenantId }) => tenantId), orphans }
      if (Object.values(found).some((ids) => ids.length > 0)) console.log('Swept:', found)
    } catch (error) {
      console.error(error instanceof Error ? error.message : 'The sweep has failed.')
    }
  }
  await sweep()
  const sweeping = setInterval(() => void sweep(), sweepEvery).unref()

  return {
    verifier,
    databases,
    login: createLogin({ registry, databases, workspaceOf, issuer }),
    administration: createAdministration(adminToken, provisioning, databases, issuer),
    workspace: (request) => workspaceOf(databases.of(request)),
    async seed() {
      for (const { slug, email, password, projects } of seeds) {
        const tenant = { key: `seed-${slug}`, slug, email, password }
        const { tenantId, isNew } = await provisionTenant({ ...provisioning, ...tenant })
        if (!isNew) continue
        await databases.use(tenantId, async (database) => {
          for (const name of projects) await workspaceOf(database).addProject(name)
        })
      }
    },
    async close() {
      clearInterval(sweeping)
      verifier.close()
      await issuer.close()
      await close()
    },
  }
}

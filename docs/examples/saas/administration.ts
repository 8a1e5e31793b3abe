/** What an administrator of the platform may do, and who is one. */
import { createHash, timingSafeEqual } from 'node:crypto'
import {
  type Provisioning,
  provisionTenant,
  type TenantDatabases,
  type TenantRecord,
} from '@tenantry/databases'
import type { z } from 'zod'
import type { newTenant } from './input.ts'
import type { Issuer } from './issuer.ts'

/** A tenant as an administrator sees it. */
export interface TenantSummary {
  readonly tenantId: string
  readonly slug: string
  readonly status: string
}

export interface Administration {
  /** Whether the Authorization header has the administrator's token. */
  isAdministrator(authorization: string | undefined): boolean
  tenants(): Promise<readonly TenantSummary[]>
  addTenant(key: string, tenant: z.infer<typeof newTenant>): Promise<TenantSummary>
  /** False when there is no such tenant. */
  setStatus(tenantId: string, status: 'active' | 'suspended'): Promise<boolean>
  /** False when they have just been rotated. */
  rotateKeys(): Promise<boolean>
}

/** Without a token of at least this length there is no administrator, and everybody is refused. */
const shortest = 16

export function createAdministration<Database>(
  token: string | undefined,
  provisioning: Provisioning<Database>,
  databases: TenantDatabases<Database, TenantRecord>,
  issuer: Issuer,
): Administration {
  const { registry } = provisioning
  const expected = token && token.length >= shortest ? digest(`Bearer ${token}`) : undefined

  return {
    isAdministrator(authorization) {
      if (expected === undefined || authorization === undefined) return false
      return timingSafeEqual(digest(authorization), expected)
    },
    async tenants() {
      return (await registry.list()).map(summary)
    },
    async addTenant(key, tenant) {
      const { tenantId, slug } = await provisionTenant({ ...provisioning, key, ...tenant })
      return { tenantId, slug, status: 'active' }
    },
    async setStatus(tenantId, status) {
      const row = await registry.find(tenantId)
      if (row === undefined || !['active', 'suspended'].includes(row.status)) return false
      if (status === 'active') await databases.resume(tenantId)
      // Requests that are going on have ten seconds to end; new ones are refused from now on.
      else await databases.suspend(tenantId, { deadline: 10 })
      return true
    },
    rotateKeys: () => issuer.rotate(),
  }
}

function summary({ tenantId, slug, status }: TenantRecord): TenantSummary {
  return { tenantId, slug, status }
}

/** Of one length, whatever was sent, so that comparing them takes one time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

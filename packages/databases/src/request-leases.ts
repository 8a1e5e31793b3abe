/** The leases of requests: taken behind a guard, and given back when the response is over. */
import type { ServerResponse } from 'node:http'
import { ConfigurationError } from '@tenantry/core'
import { readAuth, readPassedAuth } from '@tenantry/core/http'
import type { Lease } from './lease.ts'
import { isGone, onEnd } from './response-end.ts'

/** By the framework's own object for the request. */
export interface RequestLeases<Database> {
  attach(request: object, response: ServerResponse): Promise<boolean>
  isInTenant(request: object): boolean
  of(request: object): Database
}

const fixes = {
  guarded: '  app.get(path, guard.requireTenant(), databases.middleware(), handler)',
  optional: 'getOptionalAuth(req)',
}

export function createRequestLeases<Database>(
  withLease: (tenantId: string, run: (held: Lease<Database>) => boolean) => Promise<boolean>,
): RequestLeases<Database> {
  const leases = new WeakMap<object, Lease<Database>>()
  return {
    async attach(request, response) {
      // What the guard itself has noted of this request: nobody else can put a tenant there.
      const tenantId = tenantOf(request)
      if (isGone(response)) return false
      if (leases.has(request)) return true
      return await withLease(tenantId, (held) => {
        if (isGone(response) || leases.has(request)) {
          held.release()
          return !isGone(response)
        }
        leases.set(request, held)
        onEnd(response, () => held.release())
        return true
      })
    },
    isInTenant(request) {
      return readPassedAuth(request)?.tenantId !== undefined
    },
    of(request) {
      const held = leases.get(request)
      if (held !== undefined) return held.database
      throw new ConfigurationError(
        'option_invalid',
        'This request has no database. With Express, put databases.middleware() behind a guard that ' +
          `checks the tenant:\n${fixes.guarded}\n` +
          'With Fastify, register the plugin before the routes, and guard each route:\n' +
          '  await app.register(tenantDatabases, { databases })\n' +
          '  app.get(path, { preHandler: app.requireTenant() }, handler)',
      )
    },
  }
}

/** @throws {ConfigurationError} `option_invalid`, `tenant_unresolved` */
function tenantOf(request: object): string {
  const { tenantId } = readAuth(request, fixes)
  if (tenantId !== undefined) return tenantId
  throw new ConfigurationError(
    'tenant_unresolved',
    'No tenant was checked for this request. Guard the route with requireTenant or requireRole.',
  )
}

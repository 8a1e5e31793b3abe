/** Puts guards on the routes that declare them. */
import { type MakeGuard, readDeclaration } from '@tenantry/core/http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Audit, watchRoute } from './audit/audit-routes.ts'
import { seen } from './audit/earlier-routes.ts'
import type { Guard } from './augment.ts'
import { goOnInside } from './guards.ts'

/** Puts the guard that a route declares before its other handlers, and notes routes with a tenant. */
export function guardDeclaredRoutes(
  app: FastifyInstance,
  audit: Audit,
  make: MakeGuard<Guard, FastifyRequest>,
): void {
  app.addHook('onRoute', function (options) {
    watchRoute(audit, this, options)
    const config = options.config ?? {}
    if ('tenantry' in config && config.tenantry !== 'public') {
      const route = `${options.method} ${options.url}`
      const declared = readDeclaration<FastifyRequest>(config.tenantry, 'config.tenantry', route)
      const guard = make(declared.demand, declared.options)
      options.preHandler = [guard, ...[options.preHandler ?? []].flat()]
    }
    // A preHandler behind a guard may go on from the context of another request, too.
    options.preHandler = [...[options.preHandler ?? []].flat(), goOnInside]
    options.config = Object.assign({ [seen]: true }, config)
  })
}

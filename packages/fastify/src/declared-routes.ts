/** Puts guards on the routes that declare them. */
import { isDeepStrictEqual } from 'node:util'
import { ConfigurationError } from '@tenantry/core'
import { type MakeGuard, readDeclaration } from '@tenantry/core/http'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { type Audit, watchRoute } from './audit/audit-routes.ts'
import { seen } from './audit/earlier-routes.ts'
import type { Guard } from './augment.ts'
import { goOnInside } from './guards.ts'

/** A route, and what it declared when its guard was put on it. */
interface ReadRoute {
  readonly name: string
  readonly options: RouteOptions
  readonly declared: unknown
}

/** Puts the guard that a route declares before its other handlers, and notes routes with a tenant. */
export function guardDeclaredRoutes(
  app: FastifyInstance,
  audit: Audit,
  make: MakeGuard<Guard, FastifyRequest>,
): void {
  const read: ReadRoute[] = []
  app.addHook('onRoute', function (options) {
    watchRoute(audit, this, options)
    const config = options.config ?? {}
    const name = `${options.method} ${options.url}`
    read.push({ name, options, declared: config.tenantry })
    if ('tenantry' in config && config.tenantry !== 'public') {
      const declared = readDeclaration<FastifyRequest>(config.tenantry, 'config.tenantry', name)
      const guard = make(declared.demand, declared.options)
      options.preHandler = [guard, ...[options.preHandler ?? []].flat()]
    }
    // A preHandler behind a guard may go on from the context of another request, too.
    options.preHandler = [...[options.preHandler ?? []].flat(), goOnInside]
    options.config = Object.assign({ [seen]: true }, config)
  })
  app.addHook('onReady', async () => {
    for (const route of read.splice(0)) refuseLateDeclaration(route)
  })
}

/** @throws {ConfigurationError} `option_invalid` when the guard that is declared is not on the route */
function refuseLateDeclaration({ name, options: { config = {} }, declared }: ReadRoute): void {
  if (!('tenantry' in config) || config.tenantry === 'public') return
  if (isDeepStrictEqual(config.tenantry, declared)) return
  throw new ConfigurationError(
    'option_invalid',
    `config.tenantry of ${name} was changed by an onRoute hook that runs after the plugin. ` +
      'Add that hook before: await app.register(tenantry, { verifier })',
  )
}

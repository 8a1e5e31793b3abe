/** What the plugin does to the routes of an instance. */
import { ConfigurationError } from '@tenantry/core'
import { type GuardSettings, toRefusal } from '@tenantry/core/http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { answer, createReport } from './answer.ts'
import { type Audit, hasParameter, isInsideGuard } from './audit-routes.ts'
import { goOnInside, type MakeGuard } from './guards.ts'
import { readRouteConfig } from './route-config.ts'

/** In the config of every route that was defined after the plugin was loaded. */
const seen = Symbol('tenantry.seen')

/** Puts the guard that a route declares before its other handlers, and notes routes with a tenant. */
export function guardDeclaredRoutes(app: FastifyInstance, audit: Audit, make: MakeGuard): void {
  app.addHook('onRoute', function (options) {
    const config = options.config ?? {}
    if ('tenantry' in config && config.tenantry !== 'public') {
      const declared = readRouteConfig(config.tenantry, `${options.method} ${options.url}`)
      const guard = make(declared.demand, declared.options)
      options.preHandler = [guard, ...[options.preHandler ?? []].flat()]
    }
    // A preHandler behind a guard may go on from the context of another request, too.
    options.preHandler = [...[options.preHandler ?? []].flat(), goOnInside]
    options.config = Object.assign({ [seen]: true }, config)
    if (hasParameter(options.url, audit.tenantParam)) {
      audit.routes.push({ path: options.url, instance: this, options })
    }
  })
}

/**
 * A route that was defined before the plugin was loaded has not got the guard that it declares, and
 * the audit has not seen it. Fastify tells of such routes only when they are asked for.
 */
export function refuseEarlierRoutes(
  app: FastifyInstance,
  settings: GuardSettings<FastifyRequest>,
  strict: boolean,
): void {
  const report = createReport()
  app.addHook('onRequest', (request, reply, done) => {
    const { config, url = '' } = request.routeOptions
    const isDeclared = 'tenantry' in config
    const isOpen =
      strict &&
      hasParameter(url, settings.tenantParam) &&
      !isInsideGuard(request.server, settings.tenantParam)
    if (seen in config || config.tenantry === 'public' || !(isDeclared || isOpen)) {
      done()
      return
    }
    const error = new ConfigurationError(
      'option_invalid',
      `${request.method} ${url} was defined before its guards were there. ` +
        'Write before the routes: await app.register(tenantry, { verifier })',
    )
    report(error, request)
    answer(reply, toRefusal(error, settings.refusal))
  })
}

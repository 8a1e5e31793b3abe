/** Routes that were defined before the plugin was loaded. */
import { ConfigurationError } from '@tenantry/core'
import { createWarning, type GuardSettings, toRefusal } from '@tenantry/core/http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { answer } from '../answer.ts'
import { guardsAround, hasParameter } from './audit-routes.ts'

/** In the config of every route that was defined after the plugin was loaded. */
export const seen: unique symbol = Symbol('tenantry.seen')

/** How Fastify tells of a router without a route. Should it be told otherwise, the hook stays. */
const noRoutes = '(empty tree)'

/**
 * A route that was defined before the plugin was loaded has not got the guard that it declares, and
 * the audit has not seen it. Fastify tells of such routes only when they are asked for.
 */
export function refuseEarlierRoutes(
  app: FastifyInstance,
  settings: GuardSettings<FastifyRequest>,
): void {
  // One router has the routes of the whole application. A hook would be work for every request.
  if (app.printRoutes() === noRoutes) return
  const warn = createWarning()
  app.addHook('onRequest', (request, reply, done) => {
    const { config, url = '' } = request.routeOptions
    if (seen in config || config.tenantry === 'public' || !needsGuard(request, settings)) {
      done()
      return
    }
    const error = new ConfigurationError(
      'option_invalid',
      `${request.method} ${url} was defined before its guards were there. ` +
        'Write before the routes: await app.register(tenantry, { verifier })',
    )
    if (warn(error)) request.log.error({ code: error.code, route: url }, error.message)
    answer(reply, toRefusal(error, settings.refusal))
  })
}

/** Whether its route declares a guard, or is open where it must not be. */
function needsGuard(
  { server, routeOptions: { config, url = '' } }: FastifyRequest,
  { strict, tenantParam }: GuardSettings<FastifyRequest>,
): boolean {
  if ('tenantry' in config) return true
  return strict && hasParameter(url, tenantParam) && guardsAround(server, tenantParam).size === 0
}

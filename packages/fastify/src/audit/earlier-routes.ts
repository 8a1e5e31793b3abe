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

/** What Fastify calls the list of the instances inside of one. Without such a list the hook stays. */
const children = 'Symbol(fastify.children)'

/**
 * A route that was defined before the plugin was loaded has not got the guard that it declares, and
 * the audit has not seen it. Fastify tells of such routes only when they are asked for.
 */
export function refuseEarlierRoutes(
  app: FastifyInstance,
  settings: GuardSettings<FastifyRequest>,
): void {
  // A hook would be work for every request.
  if (isFirst(app)) return
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

/** Whether every route of this instance, and of those inside of it, is still to come. */
function isFirst(app: FastifyInstance): boolean {
  const list = Object.getOwnPropertySymbols(app).find((symbol) => String(symbol) === children)
  const inside: unknown = list === undefined ? undefined : Reflect.get(app, list)
  // An instance that is there already does not tell the plugin of the routes that it gets later.
  if (!Array.isArray(inside) || inside.length > 0) return false
  try {
    // One router has the routes of the whole application.
    return app.printRoutes() === noRoutes
  } catch {
    // Routes with constraints of the application's own cannot always be printed.
    return false
  }
}

/** Whether its route declares a guard, or is open where it must not be. */
function needsGuard(
  { server, routeOptions: { config, url = '' } }: FastifyRequest,
  { strict, tenantParam }: GuardSettings<FastifyRequest>,
): boolean {
  if ('tenantry' in config) return true
  return strict && hasParameter(url, tenantParam) && guardsAround(server, tenantParam).size === 0
}

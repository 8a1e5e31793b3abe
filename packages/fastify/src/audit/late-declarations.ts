/** Guards that are declared on a route after its guard was made. */
import { isDeepStrictEqual } from 'node:util'
import { ConfigurationError } from '@tenantry/core'
import type { FastifyInstance, RouteOptions } from 'fastify'

/** A route, and what it declared when its guard was put on it. */
interface ReadRoute {
  readonly name: string
  readonly options: RouteOptions
  readonly declared: unknown
}

/**
 * An onRoute hook that runs after ours can still declare a guard, of which none is made. Then the
 * application does not start. Answers with what is to be called for each route.
 */
export function refuseLateDeclarations(app: FastifyInstance): (options: RouteOptions) => void {
  const read: ReadRoute[] = []
  app.addHook('onReady', async () => {
    for (const route of read.splice(0)) refuseLate(route)
  })
  return (options) => {
    const name = `${options.method} ${options.url}`
    read.push({ name, options, declared: options.config?.tenantry })
  }
}

/** @throws {ConfigurationError} `option_invalid` when the guard that is declared is not on the route */
function refuseLate({ name, options: { config = {} }, declared }: ReadRoute): void {
  if (!('tenantry' in config) || config.tenantry === 'public') return
  if (isDeepStrictEqual(config.tenantry, declared)) return
  throw new ConfigurationError(
    'option_invalid',
    `config.tenantry of ${name} was changed by an onRoute hook that runs after the plugin. ` +
      'Add that hook before: await app.register(tenantry, { verifier })',
  )
}

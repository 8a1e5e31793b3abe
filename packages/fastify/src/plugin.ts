/** The plugin. */
import { ConfigurationError } from '@tenantry/core'
import { createGuards, type GuardOptions, readGuardOptions } from '@tenantry/core/http'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { findAudit, hasInnerAudit, refuseOpenRoutes, startAudit } from './audit/audit-routes.ts'
import { refuseEarlierRoutes } from './audit/earlier-routes.ts'
import type { Permission, Role } from './augment.ts'
import { guardDeclaredRoutes } from './declared-routes.ts'
import { goOnInside, guardMaker } from './guards.ts'

/**
 * The options of the plugin. With `strict`, the application does not start with a route that has the
 * tenant parameter and no guard for it.
 */
export type TenantryOptions = GuardOptions<FastifyRequest, Role, Permission>

/** What Fastify itself puts on a request. */
const taken = ['id', 'params', 'raw', 'query', 'log', 'body']

async function plugin(app: FastifyInstance, options: TenantryOptions): Promise<void> {
  const settings = readGuardOptions<FastifyRequest>(options, (name) => taken.includes(name))
  if (findAudit(app) !== undefined || hasInnerAudit(app)) {
    throw new ConfigurationError(
      'option_invalid',
      'The plugin is registered already, on this instance or on one around or inside of it.',
    )
  }
  const make = guardMaker(settings)
  const audit = startAudit(app, settings.tenantParam)
  app.decorateRequest(settings.requestProperty, undefined)
  for (const [name, guard] of Object.entries(createGuards(make, 'app'))) app.decorate(name, guard)
  guardDeclaredRoutes(app, audit, make)
  refuseEarlierRoutes(app, settings)
  // Between a guard in onRequest and here a hook may have gone on from the context of another request.
  app.addHook('preValidation', goOnInside)
  if (settings.strict) app.addHook('onReady', async () => refuseOpenRoutes(audit, settings))
}

/**
 * The plugin for Fastify 4 and 5: guards on the instance, and guards declared on routes.
 *
 * A guard answers refusals by itself (RFC 9457, RFC 6750 section 3), and gives what is no refusal to
 * Fastify's error handling. In `onRequest` there is no body yet to compare the tenant with.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 *
 * @example
 * ```ts
 * import { createVerifier, userfront } from '@tenantry/core'
 * import { getAuth, tenantry } from '@tenantry/fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * const verifier = createVerifier(userfront({ workspaceId: 'demo1234', mode: 'live' }))
 * await app.register(tenantry, { verifier, strict: true })
 *
 * app.get('/tenants/:tenantId/widgets', { preHandler: app.requireRole('admin') }, async (request) => {
 *   return { tenant: getAuth(request).tenantId }
 * })
 * app.get('/tenants/:tenantId/name', { config: { tenantry: { tenant: true } } }, async () => 'Acme')
 * app.get('/tenants/:tenantId/logo', { config: { tenantry: 'public' } }, async () => 'a picture')
 * ```
 */
export const tenantry: FastifyPluginAsync<TenantryOptions> = fp(plugin, {
  fastify: '^4.24.0 || ^5.0.0',
  name: '@tenantry/fastify',
})

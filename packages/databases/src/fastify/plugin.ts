/** The plugin for Fastify 4 and 5: `request.database` behind a guard that checks the tenant. */
import { validateHeaderValue } from 'node:http'
import { isTenantryError } from '@tenantry/core'
import {
  continueRequest,
  createWarning,
  refusalOf,
  replacedHeaders,
  toRefusal,
} from '@tenantry/core/http'
import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
} from 'fastify'
import fp from 'fastify-plugin'
import type { RegisteredDatabase } from '../augment.ts'
import { checkKnown, invalid } from '../options.ts'
import { isGone } from '../response-end.ts'
import type { TenantDatabases } from '../tenant-databases.ts'

/** Options of the plugin. */
export interface TenantDatabasesPluginOptions {
  // biome-ignore lint/suspicious/noExplicitAny: whatever its databases and rows are
  readonly databases: TenantDatabases<any, any>
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The database of the tenant that a guard has checked, until the response is over. To read it
     * without one throws.
     */
    readonly database: RegisteredDatabase
  }
}

async function plugin(app: FastifyInstance, options: TenantDatabasesPluginOptions): Promise<void> {
  checkKnown(options, ['databases'], ['databases'])
  const { databases } = options
  if (typeof databases.attach !== 'function') {
    throw invalid('databases', 'is not what createTenantDatabases makes')
  }
  const warn = createWarning()

  app.decorateRequest('database', {
    getter(this: FastifyRequest) {
      return databases.of(this)
    },
  })

  function lease(
    request: FastifyRequest,
    reply: FastifyReply,
    done: HookHandlerDoneFunction,
  ): void {
    if (!databases.isInTenant(request)) {
      done()
      return
    }
    databases.attach(request, reply.raw).then(
      (isAttached) => {
        if (isAttached) continueRequest(request, done)
      },
      (error: unknown) => refuse(error, request, reply, done),
    )
  }

  function refuse(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
    done: HookHandlerDoneFunction,
  ): void {
    if (reply.sent || isGone(reply.raw)) return
    if (!isTenantryError(error)) {
      done(new Error('A database could not be leased.', { cause: error }))
      return
    }
    if (warn(error)) request.log.error({ code: error.code }, error.message)
    const { status, headers, body } = toRefusal(error, refusalOf(request).policy)
    for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value)
    for (const name of replacedHeaders) reply.removeHeader(name)
    // Bytes, because Fastify adds a charset to the content type of a string.
    void reply.code(status).headers(headers).send(Buffer.from(body))
  }

  app.addHook('onRoute', (route) => {
    route.preHandler = [...[route.preHandler ?? []].flat(), lease]
  })
}

/**
 * Puts the database of the tenant on requests that a guard has let into one: `request.database`. It is
 * leased after the guards and the other preHandlers of the route, and released when the response has
 * ended or broken off. A request that is let into no tenant gets none.
 *
 * @throws {ConfigurationError} `option_invalid`, naming the option
 *
 * @example
 * ```ts
 * import { tenantDatabases } from '@tenantry/databases/fastify'
 * import { tenantry } from '@tenantry/fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * await app.register(tenantry, { verifier })
 * await app.register(tenantDatabases, { databases })
 * app.get('/tenants/:tenantId/widgets', { preHandler: app.requireTenant() }, async (request) =>
 *   databases.of(request),
 * )
 * ```
 */
export const tenantDatabases: FastifyPluginAsync<TenantDatabasesPluginOptions> = fp(plugin, {
  fastify: '^4.24.0 || ^5.0.0',
  name: '@tenantry/databases',
  dependencies: ['@tenantry/fastify'],
})

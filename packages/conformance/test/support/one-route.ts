/** One route, `/t/:tenantId`, behind guards and other functions that a test chooses, on each framework. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { currentAuth } from '@tenantry/core/context'
import type { GuardOptions, RuleOptions } from '@tenantry/core/http'
import * as onExpress from '@tenantry/express'
import * as onFastify from '@tenantry/fastify'
import express5, { type RequestHandler } from 'express'
import fastify5, {
  type FastifyInstance,
  type preHandlerAsyncHookHandler,
  type preHandlerHookHandler,
} from 'fastify'
import fastify4 from 'fastify4'
import { onTestFinished } from 'vitest'

/** Middleware or a hook: what a framework runs before the handler. */
export type Step =
  | RequestHandler
  | preHandlerHookHandler
  | preHandlerAsyncHookHandler
  | onFastify.Guard

/** The guards of one set of options. */
export interface GuardSet {
  requireAuth(rule?: Rule): Step
  optionalAuth(rule?: Rule): Step
  requireTenant(rule?: Rule): Step
  requireRole(role: string, rule?: Rule): Step
}

type Rule = Pick<RuleOptions<never>, 'maxTokenAge'>

/** What differs from framework to framework. */
export interface OneRoute {
  readonly name: string
  guards(options: GuardOptions<{ readonly headers: IncomingHttpHeaders }>): Promise<GuardSet>
  /** Runs this, and goes on with the request. */
  step(run: (request: object, response: ResponseLike) => void | Promise<void>): Step
  /** Answers the port. */
  serve(...steps: readonly Step[]): Promise<number>
}

/** What both have of a response before it is sent. */
export interface ResponseLike {
  setHeader(name: string, value: string): unknown
}

/** What the handler has seen: the caller, what is on the request, and the context. */
function seen(auth: onExpress.RequestAuth | undefined, request: object): object {
  const on = (property: string) => userOf(Reflect.get(request, property))
  return {
    user: userOf(auth),
    tenant: auth?.tenantId ?? null,
    roles: auth?.roles ?? [],
    auth: on('auth'),
    other: on('other'),
    context: userOf(currentAuth()),
  }
}

function userOf(caller: unknown): unknown {
  return Reflect.get(Object(caller), 'userId') ?? null
}

function onExpressOf(name: string, express: typeof express5): OneRoute {
  return {
    name,
    async guards(options) {
      return onExpress.createGuard(options)
    },
    step(run): RequestHandler {
      return async (request, response, next) => {
        try {
          await run(request, response)
          next()
        } catch (error) {
          next(error)
        }
      }
    },
    async serve(...steps) {
      const app = express()
      // Each framework gets the steps that were made by its own entry of the list.
      app.get('/t/:tenantId', ...(steps as RequestHandler[]), (request, response) => {
        response.json(seen(onExpress.getOptionalAuth(request), request))
      })
      const server = createServer(app)
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      onTestFinished(async () => {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      })
      return (server.address() as AddressInfo).port
    },
  }
}

function onFastifyOf(name: string, fastify: () => FastifyInstance): OneRoute {
  return {
    name,
    async guards(options) {
      // An instance has one set of guards; a guard is a function, and stands on the routes of others too.
      const owner = fastify()
      onTestFinished(() => owner.close())
      await owner.register(onFastify.tenantry, options)
      return owner
    },
    step(run): preHandlerAsyncHookHandler {
      return async (request, reply) => {
        await run(request, { setHeader: (header, value) => reply.header(header, value) })
      }
    },
    async serve(...steps) {
      const app = fastify()
      onTestFinished(() => app.close())
      for (const property of ['auth', 'other']) app.decorateRequest(property, undefined)
      // As above.
      const preHandler = steps as preHandlerHookHandler[]
      app.get('/t/:tenantId', { preHandler }, async (request) =>
        seen(onFastify.getOptionalAuth(request), request),
      )
      await app.listen({ port: 0, host: '127.0.0.1' })
      return (app.server.address() as AddressInfo).port
    },
  }
}

// The types are those of the newer version: what is used of it here is the same in the older one.
const express4: typeof express5 = createRequire(import.meta.url)('express4')
const olderFastify = fastify4 as unknown as typeof fastify5

/** All four. */
export const fourOfThem: readonly OneRoute[] = [
  onExpressOf('Express 4', express4),
  onExpressOf('Express 5', express5),
  onFastifyOf('Fastify 4', () => olderFastify({ forceCloseConnections: true })),
  onFastifyOf('Fastify 5', () => fastify5({ forceCloseConnections: true })),
]

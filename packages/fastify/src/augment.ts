/** What the plugin adds to Fastify's types. */
import type { Verifier } from '@tenantry/core'
import type { Guards as CoreGuards, Declaration, RequestAuth } from '@tenantry/core/http'
import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify'

/**
 * Tells Fastify's types which verifier is in use, so that a mistyped role does not compile:
 *
 * ```typescript
 * declare module '@tenantry/fastify' {
 *   interface Register {
 *     verifier: typeof verifier
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications merge their verifier into it
export interface Register {}

type Registered = Register extends { readonly verifier: infer Known } ? Known : Verifier

/** The roles of the registered verifier; any string without one. */
export type Role = Registered extends Verifier<infer Name> ? Name : string

/** The permissions of the registered verifier; any string without one. */
export type Permission = Registered extends Verifier<string, infer Name> ? Name : string

/** A request or a reply, whatever server, schema, type provider and logger it has. */
export interface FastifyMessage {
  readonly raw: object
  readonly log: object
}

/** A guard as a hook: for `onRequest`, `preValidation` or `preHandler`. */
export type Guard = (
  request: FastifyMessage,
  reply: FastifyMessage,
  done: HookHandlerDoneFunction,
) => void

/** The guards that the plugin puts on the instance. */
export type Guards = CoreGuards<Guard, FastifyRequest, Role, Permission>

/**
 * A guard declared on a route: one demand, and what a guard can be told besides.
 *
 * @example
 * ```ts
 * import type { RouteConfig } from '@tenantry/fastify'
 *
 * const tenantry: RouteConfig = { role: 'admin', hideTenants: true }
 * ```
 */
export type RouteConfig = Declaration<FastifyRequest, Role, Permission>

declare module 'fastify' {
  interface FastifyInstance extends Guards {}
  interface FastifyRequest {
    /** The caller; undefined without a guard, and for somebody anonymous behind `optionalAuth`. */
    auth: RequestAuth<Role, Permission> | undefined
  }
  interface FastifyContextConfig {
    /** The guard of the route, or in so many words that it has none. */
    tenantry?: RouteConfig | 'public'
  }
}

/** What the plugin adds to Fastify's types. */
import type { Requirement, Verifier } from '@tenantry/core'
import type { RequestAuth, RuleOptions } from '@tenantry/core/http'
import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import type { RouteConfig } from './route-config.ts'

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

type Options = RuleOptions<FastifyRequest>
type RolesAndOptions = readonly [Role, ...Role[]] | readonly [Role, ...Role[], Options]

/** The guards that the plugin puts on the instance. Each works alone. */
export interface Guards {
  /** Anybody with a good token. */
  requireAuth(options?: Options): Guard
  /** Anybody with a good token, and anybody without one. What is sent must be good. */
  optionalAuth(options?: Options): Guard
  /** A member of the tenant, with roles or without. */
  requireTenant(options?: Options): Guard
  /** @throws {ConfigurationError} `role_unknown`, `requirement_invalid`, `option_invalid` */
  requireRole(role: Role, options?: Options): Guard
  /** At least one of these roles. Throws like `requireRole`. */
  requireAnyRole(...roles: RolesAndOptions): Guard
  /** Every one of these roles. Throws like `requireRole`. */
  requireAllRoles(...roles: RolesAndOptions): Guard
  /** A role with this permission; needs a role model. Throws like `requireRole`. */
  requirePermission(permission: Permission, options?: Options): Guard
  /** Any requirement. Throws like `requireRole`. */
  require(requirement: Requirement<Role, Permission>, options?: Options): Guard
}

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

/** Which routes with a tenant have no guard for it. */
import { ConfigurationError } from '@tenantry/core'
import { type GuardSettings, requireCalled } from '@tenantry/core/http'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { refuseLateDeclarations } from './late-declarations.ts'
import { guardedParameter } from './marked-guards.ts'
import { hooksOf, isGuardPhase, startsWithGuard } from './route-hooks.ts'

/** A route with the tenant parameter. */
export interface AuditedRoute {
  readonly method: string
  readonly path: string
  /** Whether a guard that checks the tenant stands before it. */
  readonly guarded: boolean
}

interface SeenRoute {
  readonly path: string
  readonly instance: FastifyInstance
  /** Fastify's own record, which hooks of other plugins may still change. */
  readonly options: RouteOptions
  /** The hooks that it had when the plugin saw it. */
  readonly written: ReadonlySet<unknown>
}

/** What is known of an instance that has the plugin, and of those inside of it. */
export interface Audit {
  readonly tenantParam: string
  readonly routes: SeenRoute[]
  /** Notes what a route declares when its guard is put on it. */
  readonly noteDeclared: (options: RouteOptions) => void
}

const audits = new WeakMap<object, Audit>()
/** Instances inside of which the plugin is. */
const holders = new WeakSet<object>()
/** The hooks of an instance that are guards of a tenant: the parameter, and where they stand. */
const guardHooks = new WeakMap<object, readonly GuardHook[]>()

interface GuardHook {
  readonly phase: unknown
  readonly tenantParam: string
}

/** Begins to watch the hooks of an instance and of those inside of it. */
export function startAudit(app: FastifyInstance, tenantParam: string): Audit {
  const noteDeclared = refuseLateDeclarations(app)
  const audit: Audit = { tenantParam, routes: [], noteDeclared }
  audits.set(app, audit)
  for (const around of enclosing(app)) holders.add(around)
  const addHook: (...hook: never[]) => FastifyInstance = app.addHook
  function watched(this: FastifyInstance, ...hook: never[]): FastifyInstance {
    const [phase, guard] = hook
    requireCalled(guard)
    const read = isGuardPhase(phase) ? guardedParameter(guard) : undefined
    if (read !== undefined) {
      guardHooks.set(this, [...(guardHooks.get(this) ?? []), { phase, tenantParam: read }])
    }
    return addHook.apply(this, hook)
  }
  // An encapsulated instance inherits from the one around it, and so this too.
  app.addHook = watched as typeof app.addHook
  return audit
}

/** What the plugin knows of the nearest instance around this one that has it. */
export function findAudit(app: FastifyInstance): Audit | undefined {
  return enclosing(app)
    .map((instance) => audits.get(instance))
    .find((audit) => audit !== undefined)
}

/** Whether an instance inside of this one has the plugin, whose routes this one would not know. */
export function hasInnerAudit(app: FastifyInstance): boolean {
  return holders.has(app)
}

/**
 * The routes with the tenant parameter, and whether a guard that checks the tenant stands before
 * them. To be called when the application is ready. A HEAD route that Fastify made of a GET route is
 * listed only when their guards differ.
 *
 * Seen are guards in the `onRequest`, `preValidation` and `preHandler` of a route, those in its
 * `config.tenantry`, and those given to `addHook` of the instance or of one around it. They count when
 * they read the tenant parameter of the plugin: not with another one, nor with `getTenantId`. They
 * do not count behind another hook of the route itself, in the same phase or an earlier one: it might
 * answer in their place. Hooks of instances, and those that plugins which are loaded later put on
 * routes, are not judged so. Not seen are a guard that is called from inside another function, and a route defined before the plugin
 * is loaded.
 *
 * @throws {ConfigurationError} `option_invalid` when the plugin is not registered there
 *
 * @example
 * ```ts
 * import { createVerifier, userfront } from '@tenantry/core'
 * import { auditRoutes, tenantry } from '@tenantry/fastify'
 * import Fastify from 'fastify'
 *
 * const verifier = createVerifier(userfront({ workspaceId: 'demo1234', mode: 'live' }))
 * const app = Fastify()
 * await app.register(tenantry, { verifier })
 * await app.ready()
 * console.log(auditRoutes(app))
 * ```
 */
export function auditRoutes(app: FastifyInstance): readonly AuditedRoute[] {
  const audit = findAudit(app)
  if (audit === undefined) {
    throw new ConfigurationError(
      'option_invalid',
      'This instance has no guards. Add: await app.register(tenantry, { verifier })',
    )
  }
  return survey(audit).map(({ method, path, guarded }) => ({ method, path, guarded }))
}

/** @throws {ConfigurationError} `option_invalid`, naming the routes that have no guard */
export function refuseOpenRoutes(audit: Audit, settings: GuardSettings<never>): void {
  const open = survey(audit).filter(({ guarded, isPublic }) => !guarded && !isPublic)
  if (open.length === 0) return
  // Without it the guard would go on reading the tenant elsewhere, and not count.
  const options =
    settings.getTenantId === undefined ? '' : `{ tenantParam: '${audit.tenantParam}' }`
  throw new ConfigurationError(
    'option_invalid',
    `No guard checks the tenant of ${open.map(({ method, path }) => `${method} ${path}`).join(', ')}. ` +
      `Add { preHandler: app.requireTenant(${options}) }, ahead of every other hook of the route, or ` +
      "say { config: { tenantry: 'public' } }.",
  )
}

/** Notes what a route declares, and that it names a tenant, before the plugin itself puts hooks on it. */
export function watchRoute(audit: Audit, instance: FastifyInstance, options: RouteOptions): void {
  const written = hooksOf(options)
  for (const hook of written) requireCalled(hook)
  audit.noteDeclared(options)
  if (!hasParameter(options.url, audit.tenantParam)) return
  audit.routes.push({ path: options.url, instance, options, written })
}

/** Where hooks of this instance, and of those around it, check the tenant in this parameter. */
export function guardsAround(instance: FastifyInstance, tenantParam: string): ReadonlySet<unknown> {
  const hooks = enclosing(instance).flatMap((around) => guardHooks.get(around) ?? [])
  return new Set(hooks.filter((hook) => hook.tenantParam === tenantParam).map(({ phase }) => phase))
}

function survey(audit: Audit): readonly (AuditedRoute & { readonly isPublic: boolean })[] {
  const { tenantParam } = audit
  const all = audit.routes.flatMap(({ path, instance, options, written }) => {
    const around = guardsAround(instance, tenantParam)
    const guarded = startsWithGuard(options, written, around, tenantParam)
    const isPublic = options.config?.tenantry === 'public'
    return [options.method].flat().map((method) => ({ method, path, guarded, isPublic }))
  })
  return all.filter(
    ({ method, path, guarded, isPublic }) =>
      method !== 'HEAD' ||
      !all.some(
        (one) =>
          one.method === 'GET' &&
          one.path === path &&
          one.guarded === guarded &&
          // A HEAD route of the application's own does not become public with the GET route.
          one.isPublic === isPublic,
      ),
  )
}

/** Whether a path has this parameter. `::` is a colon. */
export function hasParameter(path: string, name: string): boolean {
  const [whole, found] = /::|:([^/.(-]*)/.exec(path) ?? []
  if (whole === undefined) return false
  if (found?.replace(/\?$/, '') === name) return true
  const rest = path.slice(path.indexOf(whole) + whole.length)
  // What looks like a parameter inside the regular expression of another is none, and hides the next.
  return hasParameter(found === undefined ? rest : afterParentheses(rest), name)
}

/** What follows the parentheses at the beginning, counted as Fastify's router counts them. */
function afterParentheses(text: string): string {
  if (!text.startsWith('(')) return text
  let depth = 0
  for (const { 0: found, index } of text.matchAll(/\\.|[()]/g)) {
    if (found === '(') depth++
    if (found === ')') depth--
    if (depth === 0) return text.slice(index + 1)
  }
  return ''
}

/** Fastify's encapsulation is a chain of prototypes. */
function enclosing(instance: object): readonly object[] {
  const outer: object | null = Object.getPrototypeOf(instance)
  return outer === null ? [instance] : [instance, ...enclosing(outer)]
}

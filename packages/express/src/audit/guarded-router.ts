/** A router on which a route with a tenant and without a guard cannot be defined. */
import { METHODS } from 'node:http'
import { ConfigurationError } from '@tenantry/core'
import type { GuardSettings } from '@tenantry/core/http'
import type { Router } from 'express'
import { auditRouter, routerOf } from './audit-routes.ts'
import { isRouter } from './layers.ts'

/**
 * Makes a router so where that is asked for. All of its methods define routes by way of `route`.
 *
 * @throws {ConfigurationError} `option_invalid` for what is no router
 */
export function guardedRouter(router: Router, settings: GuardSettings<never>): Router {
  if (!isRouter(router)) {
    throw new ConfigurationError(
      'option_invalid',
      'guard.router takes a router: guard.router(express.Router({ mergeParams: true })), or nothing.',
    )
  }
  if (!settings.strict) return router
  const { tenantParam, getTenantId } = settings
  // Without it the guard would go on reading the tenant elsewhere, and not count.
  const options = getTenantId === undefined ? '' : `{ tenantParam: '${tenantParam}' }`
  const define = router.route
  function route(path: string): ReturnType<Router['route']> {
    const made = define.call(router, path)
    for (const method of ['all', ...METHODS.map((name) => name.toLowerCase())]) {
      const add: unknown = Reflect.get(made, method)
      if (typeof add !== 'function') continue
      Reflect.set(made, method, (...handlers: readonly unknown[]) => {
        add.apply(made, handlers)
        const open = auditRouter(routerOf(router), tenantParam, made).find(
          ({ guarded }) => !guarded,
        )
        if (open === undefined) return made
        throw new ConfigurationError(
          'option_invalid',
          `${open.method} ${open.path} names a tenant and has no guard before its first handler ` +
            '(a parser counts as one: mount it with app.use). Begin with ' +
            `guard.requireTenant(${options}), or with guard.requireRole and the like.`,
        )
      })
    }
    return made
  }
  return Object.assign(router, { route })
}

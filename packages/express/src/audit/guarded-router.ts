/** A router on which a route with a tenant and without a guard cannot be defined. */
import { METHODS } from 'node:http'
import { ConfigurationError } from '@tenantry/core'
import type { Router } from 'express'
import { auditStack, stackOf } from './audit-routes.ts'

/** Makes a router so. All of its methods define routes by way of `route`. */
export function guardedRouter(router: Router, tenantParam: string): Router {
  const define = router.route
  function route(path: string): ReturnType<Router['route']> {
    const made = define.call(router, path)
    for (const method of ['all', ...METHODS.map((name) => name.toLowerCase())]) {
      const add: unknown = Reflect.get(made, method)
      if (typeof add !== 'function') continue
      Reflect.set(made, method, (...handlers: readonly unknown[]) => {
        add.apply(made, handlers)
        const open = auditStack(stackOf(router), tenantParam, made).find(({ guarded }) => !guarded)
        if (open === undefined) return made
        throw new ConfigurationError(
          'option_invalid',
          `${open.method} ${open.path} names a tenant and has no guard. Put guard.requireTenant() ` +
            'or guard.requireRole(...) before its handler.',
        )
      })
    }
    return made
  }
  return Object.assign(router, { route })
}

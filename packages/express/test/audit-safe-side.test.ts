/** Where a guard only seems to stand before a route, the audit says so; and the request shows it. */
import { auditRoutes, createGuard, type Guard } from '@tenantry/express'
import type { ErrorRequestHandler, Express, RequestHandler, Router } from 'express'
import { describe, expect, test } from 'vitest'
import { versions } from './support/express-versions.ts'
import { serve } from './support/serve.ts'
import { tokenOf, verifier } from './support/tokens.ts'

type Build = (app: Express, guard: Guard, router: () => Router) => void

const handler: RequestHandler = (_req, res) => {
  res.end('reached')
}
const goOn: ErrorRequestHandler = (_error, _req, _res, next) => next()
const leave: RequestHandler = (_req, _res, next) => next('router')
const fail: RequestHandler = (_req, _res, next) => next(new Error('no refusal of a guard'))

/** What is built, and the request that gets to a handler without a token. */
const holes: readonly (readonly [string, string, Build, 'Express 4' | 'Express 5' | 'both'])[] = [
  [
    'a wildcard before the tenant takes more than the parameter of the guard',
    '/api/a/b/tenants/evil/x',
    (app, guard) => {
      app.use('/api/:v/tenants/:tenantId', guard.requireTenant())
      app.get('/api/*v/tenants/:tenantId/x', handler)
    },
    'Express 5',
  ],
  [
    'a wildcard before the tenant takes more than the parameter of the guard',
    '/api/a/b/tenants/evil/x',
    (app, guard) => {
      app.use('/api/:v/tenants/:tenantId', guard.requireTenant())
      app.get('/api/*/tenants/:tenantId/x', handler)
    },
    'Express 4',
  ],
  [
    'a repeated parameter before the tenant does, too',
    '/api/a/b/tenants/evil/x',
    (app, guard) => {
      app.use('/api/:v/tenants/:tenantId', guard.requireTenant())
      app.get('/api/:v+/tenants/:tenantId/x', handler)
    },
    'Express 4',
  ],
  [
    'a wildcard behind the tenant takes more than the parameter of a guard on a route',
    '/tenants/evil/a/b',
    (app, guard) => {
      app.all('/tenants/:tenantId/:page', guard.requireTenant())
      app.get('/tenants/:tenantId/*rest', handler)
    },
    'Express 5',
  ],
  [
    'a wildcard behind the tenant takes more than the parameter of a guard on a route',
    '/tenants/evil/a/b',
    (app, guard) => {
      app.all('/tenants/:tenantId/:page', guard.requireTenant())
      app.get('/tenants/:tenantId/*', handler)
    },
    'Express 4',
  ],
  [
    'a wildcard takes nothing, too',
    '/tenants/evil/',
    (app, guard) => {
      app.use('/tenants/:tenantId/:page', guard.requireTenant())
      app.get('/tenants/:tenantId/*', handler)
    },
    'Express 4',
  ],
  [
    'a pattern sees the path before it is decoded',
    '/t/ev%69l/x',
    (app, guard) => {
      app.use('/t/:tenantId([\\w.~-]+)', guard.requireTenant())
      app.get('/t/:tenantId/x', handler)
    },
    'Express 4',
  ],
  [
    'a pattern of another parameter does not take all of it',
    '/eu:1/evil',
    (app, guard) => {
      app.use('/:region(\\w+)/:tenantId', guard.requireTenant())
      app.get('/:region/:tenantId', handler)
    },
    'Express 4',
  ],
  [
    'a regular expression leaves something out',
    '/tenants/internal/x',
    (app, guard) => {
      app.use(/^\/tenants\/(?<tenantId>(?!internal)[^/:]+)/, guard.requireTenant())
      app.get('/tenants/:tenantId/x', handler)
    },
    'both',
  ],
  [
    'a router is left before its guard',
    '/tenants/evil/x',
    (app, guard, router) => {
      const guards = router()
      guards.use(leave, guard.requireTenant())
      app.use('/tenants/:tenantId', guards)
      app.get('/tenants/:tenantId/x', handler)
    },
    'both',
  ],
  [
    'a route leaves the router before its guard',
    '/tenants/evil/y',
    (app, guard, router) => {
      const guards = router()
      guards.get('/y', leave)
      guards.use(guard.requireTenant())
      app.use('/tenants/:tenantId', guards)
      app.get('/tenants/:tenantId/y', handler)
    },
    'both',
  ],
  [
    'a parameter of a router leaves it before its guard',
    '/tenants/evil/x',
    (app, guard, router) => {
      const guards = router()
      guards.param('page', (_req, _res, next) => next('router'))
      guards.use('/:page', guard.requireTenant())
      app.use('/tenants/:tenantId', guards)
      app.get('/tenants/:tenantId/:page', handler)
    },
    'both',
  ],
  [
    'a parameter passes over the guard, and not over a router whose path does not name it',
    '/tenants/evil',
    (app, guard, router) => {
      app.param('tenantId', (_req, _res, next) => next('route'))
      app.use('/tenants/:tenantId', guard.requireTenant())
      const routes = router()
      routes.get('/:tenantId', handler)
      app.use('/tenants', routes)
    },
    'both',
  ],
  [
    'an error handler goes on with whom the guard has refused',
    '/tenants/evil/x',
    (app, guard) => {
      app.use('/tenants/:tenantId', guard.requireTenant())
      app.use(goOn)
      app.get('/tenants/:tenantId/x', handler)
      app.use(guard.errorHandler())
    },
    'both',
  ],
  [
    'an error handler on the route itself does so',
    '/tenants/evil/x',
    (app, guard) => {
      app.get('/tenants/:tenantId/x', guard.requireTenant(), goOn, handler)
      app.use(guard.errorHandler())
    },
    'both',
  ],
  [
    'an error handler on the route of the guard does so',
    '/tenants/evil/x',
    (app, guard) => {
      app.all('/tenants/:tenantId/x', guard.requireTenant(), goOn)
      app.get('/tenants/:tenantId/x', handler)
      app.use(guard.errorHandler())
    },
    'both',
  ],
  [
    'an error handler in the router of the guard does so',
    '/tenants/evil/x',
    (app, guard, router) => {
      const guards = router()
      guards.use(guard.requireTenant(), goOn)
      app.use('/tenants/:tenantId', guards)
      app.get('/tenants/:tenantId/x', handler)
      app.use(guard.errorHandler())
    },
    'both',
  ],
  [
    'an error before the guard of a router, and a handler that goes on behind it',
    '/tenants/evil/x',
    (app, guard, router) => {
      const guards = router()
      guards.use(fail, guard.requireTenant())
      app.use('/tenants/:tenantId', guards)
      app.use(goOn)
      app.get('/tenants/:tenantId/x', handler)
    },
    'both',
  ],
]

describe.each(versions)('$name', ({ name, express }) => {
  function build(steps: Build) {
    const app = express()
    const guard = createGuard({ verifier })
    steps(app, guard, () => express.Router({ mergeParams: true }))
    const findings = auditRoutes(app).map(({ path, guarded }) => `${path}: ${guarded}`)
    return { app, findings }
  }

  test.each(holes.filter(([, , , only]) => only === 'both' || only === name))(
    '%s: %s',
    async (_, path, steps) => {
      const { app, findings } = build(steps)
      expect(findings.at(-1)).toMatch(/: false$/)
      expect(await (await serve(app)).get(path)).toMatchObject({ status: 200, text: 'reached' })
    },
  )

  // Express 5 has no such parameters.
  if (name === 'Express 4') {
    test('a parameter that is repeated names another tenant than the guard has checked', async () => {
      const { app, findings } = build((on, guard) => {
        on.use('/t/:tenantId', guard.requireTenant())
        on.get('/t/:tenantId+', (req, res) => {
          res.end(Reflect.get(req.params, 'tenantId'))
        })
      })
      expect(findings).toEqual(['/t/:tenantId+: false'])
      const { get } = await serve(app)
      expect((await get('/t/acme/evil', await tokenOf({ acme: [] }))).text).toBe('evil')
    })
  }

  test('a HEAD request that the route of the guard lets by is a GET request to the next', async () => {
    const { app, findings } = build((on, guard) => {
      on.route('/t/:tenantId')
        .head((_req, _res, next) => next())
        .get(guard.requireTenant())
      on.get('/t/:tenantId', handler)
    })
    expect(findings.at(-1)).toBe('/t/:tenantId: false')
    expect((await (await serve(app)).get('/t/evil', undefined, { method: 'HEAD' })).status).toBe(
      200,
    )
  })

  test('what stands where it can refuse everybody counts', async () => {
    const rest = name === 'Express 4' ? '*' : '*rest'
    const { app, findings } = build((on, guard, router) => {
      on.use(goOn)
      on.use('/used/:tenantId', guard.requireAuth(), guard.requireTenant())
      on.get('/used/:tenantId', handler)
      on.get(`/used/:tenantId/${rest}`, handler)
      on.all(`/below/:tenantId/${rest}`, guard.requireTenant())
      on.get('/below/:tenantId/a/:b', handler)
      const guards = router()
      guards.use(guard.requireAuth(), guard.requireTenant(), (_req, _res, next) => next())
      on.use('/router/:tenantId', guards)
      const routes = router()
      routes.get('/x', handler)
      on.use('/router/:tenantId', routes)
      on.param('tenantId', (_req, _res, next) => next())
      on.get('/own/:tenantId', guard.requireTenant(), handler, goOn)
      if (name === 'Express 4') {
        on.use('/id/:tenantId([0-9a-f]{24})', guard.requireTenant())
        on.get('/id/:tenantId([0-9a-f]{24})/x', handler)
      }
      on.use(goOn)
    })
    expect(findings.filter((finding) => !finding.endsWith(': true'))).toEqual([])
    const { get } = await serve(app)
    const paths = ['/used/a', '/used/a/b/c', '/below/a/a/b', '/router/a/x', '/own/a']
    for (const path of paths) expect(`${path} ${(await get(path)).status}`).toBe(`${path} 401`)
  })
})

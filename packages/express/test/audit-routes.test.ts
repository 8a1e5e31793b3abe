/** Which routes with a tenant are found to have a guard. */
import { createServer } from 'node:http'
import { auditRoutes, createGuard } from '@tenantry/express'
import express5, { type RequestHandler } from 'express'
import { describe, expect, test } from 'vitest'
import { versions } from './support/express-versions.ts'
import { verifier } from './support/tokens.ts'

const handler: RequestHandler = (_req, res) => {
  res.end()
}

describe.each(versions)('$name', ({ name, express }) => {
  const guard = createGuard({ verifier })

  /** The findings in the form `GET /path: true`. */
  function findings(app: object): string[] {
    return auditRoutes(app).map(({ method, path, guarded }) => `${method} ${path}: ${guarded}`)
  }

  test('an application without routes has none', () => {
    expect(auditRoutes(express())).toEqual([])
    expect(auditRoutes(express.Router())).toEqual([])
  })

  test('what is no application is refused, and not found to be without open routes', () => {
    const app = express()
    app.get('/t/:tenantId', handler)
    const odd = [createServer(app), {}, { stack: 1 }, { stack: [] }, express, express.Router]
    for (const value of [...odd, undefined, null, 'app', () => undefined]) {
      expect(() => Reflect.apply(auditRoutes, undefined, [value])).toThrow(
        expect.objectContaining({
          code: 'option_invalid',
          message: expect.stringContaining('the application that express() returned or a router'),
        }),
      )
    }
  })

  test('a mistake in the options is refused, and does not look for another parameter', () => {
    const odd = [
      { tenantParm: 'org' },
      { tenantParam: undefined },
      { tenantParam: ':org' },
      { tenantParam: '' },
      { tenantParam: 7 },
      null,
      'org',
    ]
    for (const options of odd) {
      expect(() => Reflect.apply(auditRoutes, undefined, [express(), options])).toThrow(
        expect.objectContaining({ code: 'option_invalid' }),
      )
    }
    expect(auditRoutes(express(), {})).toEqual([])
  })

  test('routes with the parameter are listed, with their methods', () => {
    const app = express()
    app.get('/tenants/:tenantId', guard.requireTenant(), handler)
    app.post('/tenants/:tenantId', handler)
    app.all('/any/:tenantId', guard.requireRole('admin'), handler)
    app.get(['/a/:tenantId', '/b/:tenantId', '/c'], handler)
    app.get('/tenants', handler)
    app.get('/tenants/:tenantIdentity', handler)
    app.route('/r/:tenantId').get(guard.requireTenant(), handler).put(handler)
    expect(findings(app)).toEqual([
      'GET /tenants/:tenantId: true',
      'POST /tenants/:tenantId: false',
      'ALL /any/:tenantId: true',
      'GET /a/:tenantId: false',
      'GET /b/:tenantId: false',
      'GET /r/:tenantId: true',
      'PUT /r/:tenantId: false',
    ])
  })

  test('another name of the parameter is asked for', () => {
    const app = express()
    app.get('/orgs/:org', handler)
    expect(auditRoutes(app, { tenantParam: 'org' })).toHaveLength(1)
    expect(auditRoutes(app)).toHaveLength(0)
  })

  test('a handler that use puts on a path is no route, and is not seen', () => {
    const app = express()
    app.use('/tenants/:tenantId/files', handler)
    expect(auditRoutes(app)).toEqual([])
    const router = createGuard({ verifier, strict: true }).router(express.Router())
    expect(() => router.use('/tenants/:tenantId/files', handler)).not.toThrow()
  })

  test('what does not check the tenant does not count', () => {
    const app = express()
    app.use(guard.requireAuth())
    app.get('/a/:tenantId', guard.requireAuth(), handler)
    app.get('/b/:tenantId', guard.optionalAuth(), handler)
    app.get('/c/:tenantId', guard.requireAuth(), guard.requirePermission('widgets:read'), handler)
    expect(findings(app)).toEqual([
      'GET /a/:tenantId: false',
      'GET /b/:tenantId: false',
      'GET /c/:tenantId: true',
    ])
  })

  test('a guard behind another handler comes too late', () => {
    const app = express()
    app.get('/a/:tenantId', handler, guard.requireTenant())
    app.get('/b/:tenantId', handler, guard.requireTenant(), handler)
    app.get('/c/:tenantId', guard.requireTenant())
    expect(findings(app)).toEqual([
      'GET /a/:tenantId: false',
      'GET /b/:tenantId: false',
      'GET /c/:tenantId: true',
    ])
  })

  test('a guard on a path counts for what it covers and what comes after it', () => {
    const app = express()
    app.get('/t/:tenantId/early', handler)
    app.use('/t/:tenantId', guard.requireTenant())
    app.get('/t/:tenantId', handler)
    app.get('/t/:tenantId/widgets/:id', handler)
    app.get('/T/:tenantId/loud', handler)
    app.get('/tt/:tenantId', handler)
    app.use('/u/:tenantId/admin', guard.requireRole('admin'))
    app.get('/u/:tenantId/admin/x', handler)
    app.get('/u/:tenantId/:page', handler)
    app.use('/v/acme', guard.requireTenant())
    app.get('/v/:tenantId', handler)
    expect(findings(app)).toEqual([
      'GET /t/:tenantId/early: false',
      'GET /t/:tenantId: true',
      'GET /t/:tenantId/widgets/:id: true',
      'GET /T/:tenantId/loud: true',
      'GET /tt/:tenantId: false',
      'GET /u/:tenantId/admin/x: true',
      'GET /u/:tenantId/:page: false',
      'GET /v/:tenantId: false',
    ])
  })

  test('a guard that minds the case does not cover a route that does not', () => {
    const strictCase = express.Router({ caseSensitive: true })
    strictCase.use('/t/:tenantId', guard.requireTenant())
    const app = express()
    app.use(strictCase)
    app.get('/t/:tenantId', handler)
    expect(findings(app)).toEqual(['GET /t/:tenantId: false'])
  })

  test('routers are looked into, with the guards around them and in them', () => {
    const inner = express.Router({ mergeParams: true })
    inner.get('/open', handler)
    inner.use(guard.requireTenant())
    inner.get('/', handler)
    inner.get('/closed', handler)
    const covered = express.Router({ mergeParams: true })
    covered.get('/x', handler)
    const outer = express.Router()
    outer.use('/tenants/:tenantId', inner)
    outer.use('/covered/:tenantId', guard.requireTenant(), covered)
    const app = express()
    app.use('/api', outer)
    expect(findings(app)).toEqual([
      'GET /api/tenants/:tenantId/open: false',
      'GET /api/tenants/:tenantId: true',
      'GET /api/tenants/:tenantId/closed: true',
      'GET /api/covered/:tenantId/x: true',
    ])
  })

  test('a router of guards, and a route of guards, count for what comes after', () => {
    const guards = express.Router({ mergeParams: true })
    guards.use(guard.requireTenant())
    const app = express()
    app.use('/a/:tenantId', guards)
    app.get('/a/:tenantId/x', handler)
    app.all('/b/:tenantId', guard.requireTenant())
    app.get('/b/:tenantId', handler)
    app.get('/c/:tenantId', guard.requireTenant())
    app.post('/c/:tenantId', handler)
    app.get('/d/:tenantId', (_req, _res, next) => next('route'), guard.requireTenant())
    app.get('/d/:tenantId', handler)
    expect(findings(app)).toEqual([
      'GET /a/:tenantId/x: true',
      'ALL /b/:tenantId: true',
      'GET /b/:tenantId: true',
      'GET /c/:tenantId: true',
      'POST /c/:tenantId: false',
      'GET /d/:tenantId: false',
      'GET /d/:tenantId: false',
    ])
  })

  test('a guard counts for the parameter that it reads', () => {
    const byHeader = createGuard({ verifier, getTenantId: () => 't1' })
    const app = express()
    app.get('/two/:tenantId/o/:orgId', guard.requireTenant({ tenantParam: 'orgId' }), handler)
    app.get('/fixed/:tenantId', byHeader.requireTenant(), handler)
    app.get('/both/:tenantId', byHeader.requireTenant(), guard.requireTenant(), handler)
    app.use('/u/:tenantId', guard.requireTenant({ getTenantId: () => 't1' }))
    app.get('/u/:tenantId', handler)
    expect(findings(app)).toEqual([
      'GET /two/:tenantId/o/:orgId: false',
      'GET /fixed/:tenantId: false',
      'GET /both/:tenantId: true',
      'GET /u/:tenantId: false',
    ])
    expect(auditRoutes(app, { tenantParam: 'orgId' })).toEqual([
      { method: 'GET', path: '/two/:tenantId/o/:orgId', guarded: true },
    ])
    const strict = createGuard({ verifier, strict: true }).router(express.Router())
    expect(() =>
      strict.get('/:tenantId/:orgId', guard.requireTenant({ tenantParam: 'orgId' }), handler),
    ).toThrow(/no guard/)
  })

  test('a guard counts for the segment that it checks', () => {
    const app = express()
    const nested = express.Router({ mergeParams: true })
    nested.get('/sub/:tenantId', handler)
    app.use('/nest/:tenantId', guard.requireTenant(), nested)
    app.use('/orgs/:tenantId', guard.requireTenant())
    app.get('/orgs/:org/x/:tenantId', handler)
    app.get('/orgs/:tenantId/x/:org', handler)
    const apart = express.Router()
    apart.get('/x', handler)
    app.use('/apart/:tenantId', guard.requireTenant(), apart)
    const merged = express.Router({ mergeParams: true })
    merged.use(guard.requireTenant())
    merged.get('/own/:tenantId', handler)
    app.use('/m', merged)
    expect(findings(app)).toEqual([
      'GET /nest/:tenantId/sub/:tenantId: false',
      'GET /orgs/:org/x/:tenantId: false',
      'GET /orgs/:tenantId/x/:org: true',
      'GET /apart/:tenantId/x: true',
      'GET /m/own/:tenantId: false',
    ])
  })

  test('a guard that minds the slash at the end does not cover a route that does not', () => {
    const router = express.Router({ strict: true })
    router.all('/t/:tenantId', guard.requireTenant())
    const app = express()
    app.use(router)
    app.get('/t/:tenantId', handler)
    expect(findings(app)).toEqual(['ALL /t/:tenantId: true', 'GET /t/:tenantId: false'])
  })

  test('a slash at the end changes nothing', () => {
    const router = express.Router({ mergeParams: true })
    router.get('/', handler)
    router.get('/x/', handler)
    const app = express()
    app.use('/t/:tenantId/', guard.requireTenant())
    app.use('/t/:tenantId/', router)
    expect(findings(app)).toEqual(['GET /t/:tenantId: true', 'GET /t/:tenantId/x: true'])
  })

  test('a guard on a pattern covers what keeps to the pattern, and no more', () => {
    const app = express()
    if (name === 'Express 4') {
      app.use('/t/:tenantId(\\d+)', guard.requireTenant())
      app.get('/t/:tenantId(\\d+)/widgets', handler)
    } else {
      app.use(/^\/t\/\d+/, guard.requireTenant())
    }
    app.get('/t/:tenantId/widgets', handler)
    expect(findings(app).at(-1)).toBe('GET /t/:tenantId/widgets: false')
    expect(findings(app).slice(0, -1)).toEqual(
      name === 'Express 4' ? ['GET /t/:tenantId(\\d+)/widgets: true'] : [],
    )
  })

  test('optional parts are guarded with and without them, or not', () => {
    const path = name === 'Express 4' ? '/t/:tenantId/:page?' : '/t/:tenantId{/:page}'
    const app = express()
    app.use('/t/:tenantId/:page', guard.requireTenant())
    app.get(path, handler)
    app.use('/t/:tenantId', guard.requireTenant())
    app.post(path, handler)
    expect(findings(app)).toEqual([`GET ${path}: false`, `POST ${path}: true`])
  })

  test('behind a regular expression only a guard on the route counts', () => {
    const app = express()
    const mounted = express.Router({ mergeParams: true })
    mounted.get('/x/:tenantId', handler)
    app.use('/t/:tenantId', guard.requireTenant())
    app.get(/^\/t\/(?<tenantId>\w+)\/a$/, handler)
    app.get(/^\/t\/(?<tenantId>\w+)\/b$/, guard.requireTenant(), handler)
    app.use(/^\/m/, mounted)
    app.use(createGuard({ verifier, getTenantId: (req) => req.get('x-tenant') }).requireTenant())
    app.get(/^\/t\/(?<tenantId>\w+)\/c$/, handler)
    expect(auditRoutes(app).map(({ guarded }) => guarded)).toEqual([false, true, false, false])
  })
})

test('Express 5 before 5.3 does not say where a router is: what cannot be known is not guarded', () => {
  const guard = createGuard({ verifier })
  const router = express5.Router({ mergeParams: true })
  router.get('/open', handler)
  router.get('/closed', guard.requireTenant(), handler)
  const app = express5()
  app.use('/t/:tenantId', guard.requireTenant(), router)
  for (const layer of app.router.stack) Reflect.deleteProperty(layer, 'rawPath')
  expect(auditRoutes(app)).toEqual([
    { method: 'GET', path: '(unknown)/open', guarded: false },
    { method: 'GET', path: '(unknown)/closed', guarded: true },
  ])
})

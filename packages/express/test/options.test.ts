/** A mistake in the options shows where the guard is made. */
import { bearer, createGuard } from '@tenantry/express'
import type { ErrorRequestHandler } from 'express'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { versions } from './support/express-versions.ts'
import { serve } from './support/serve.ts'
import { tokenOf, verifier } from './support/tokens.ts'

/** As JavaScript without types calls it. */
function call(target: object, method: string, ...given: readonly unknown[]): unknown {
  return Reflect.apply(Reflect.get(target, method), target, given)
}

describe('createGuard', () => {
  test.each([
    ['verifier', { verifier: undefined }],
    ['verifier', { verifier: {} }],
    ['credentials', { credentials: [] }],
    ['credentials', { credentials: [bearer] }],
    ['tenantParam', { tenantParam: '' }],
    ['tenantParam', { tenantParam: ':tenantId' }],
    ['tenantParam', { tenantParam: 'tenant id' }],
    ['getTenantId', { getTenantId: 'x-tenant' }],
    ['getTenantId', { getTenantId: () => 'a', tenantParam: 'b' }],
    ['tenantIdPattern', { tenantIdPattern: /a/g }],
    ['hideTenants', { hideTenants: 'yes' }],
    ['forbiddenStatus', { forbiddenStatus: 404 }],
    ['realm', { realm: 'a"b' }],
    ['strict', { strict: 'yes' }],
    ['requestProperty', { requestProperty: '' }],
    ['requestProperty', { requestProperty: 'params' }],
    ['requestProperty', { requestProperty: 'headers' }],
    ['requestProperty', { requestProperty: '__proto__' }],
    ['maxTokenAge', { maxTokenAge: 60 }],
    ['hideTenant', { hideTenant: true }],
    ['realm', { realm: undefined }],
  ])('names the option "%s"', (option, given) => {
    expect(() => call({ createGuard }, 'createGuard', { verifier, ...given })).toThrow(
      expect.objectContaining({
        code: 'option_invalid',
        message: expect.stringContaining(`"${option}"`),
      }),
    )
  })
})

test('a verifier in the place of the options is told from them', () => {
  expect(() => call({ createGuard }, 'createGuard', verifier)).toThrow(
    expect.objectContaining({
      code: 'option_invalid',
      message: expect.stringContaining('pass { verifier }'),
    }),
  )
})

describe('a guard', () => {
  const guard = createGuard({ verifier })

  test.each([
    ['requireAnyRole', [['admin', 'viewer']], "one by one: requireAnyRole('admin', 'viewer')"],
    ['requireAllRoles', [['admin', 'viewer']], "one by one: requireAllRoles('admin', 'viewer')"],
    ['requireRole', ['admin', 'viewer'], 'for several roles use requireAnyRole or requireAllRoles'],
    ['requireRole', [['admin', 'viewer']], 'for several roles use requireAnyRole'],
  ])('%s(%j) says how several roles are written', (method, given, message) => {
    expect(() => call(guard, method, ...given)).toThrow(message)
  })

  test.each([
    ['requireAnyRole', [], 'requirement_invalid'],
    ['requireAllRoles', [], 'requirement_invalid'],
    ['requireAnyRole', [{ maxTokenAge: 1 }], 'requirement_invalid'],
    ['requireAnyRole', [['admin']], 'requirement_invalid'],
    ['requireAnyRole', ['admin', undefined], 'requirement_invalid'],
    ['requireRole', [], 'requirement_invalid'],
    ['requireRole', [''], 'requirement_invalid'],
    ['requireRole', [['admin']], 'requirement_invalid'],
    ['requireRole', ['admni'], 'role_unknown'],
    ['requireAllRoles', ['admin', 'admni'], 'role_unknown'],
    ['requirePermission', [], 'requirement_invalid'],
    ['require', [], 'requirement_invalid'],
    ['require', [{ any: [] }], 'requirement_invalid'],
    ['require', [{ role: 'admin' }], 'requirement_invalid'],
    ['requireAuth', [{ maxTokenAge: -1 }], 'option_invalid'],
    ['requireTenant', [{ realm: 'x' }], 'option_invalid'],
    ['requireRole', ['admin', { maxTokenAgee: 1 }], 'option_invalid'],
    ['requireRole', ['admin', { maxTokenAge: undefined }], 'option_invalid'],
    ['requireRole', ['admin', null], 'option_invalid'],
    ['requireRole', ['admin', 'viewer'], 'option_invalid'],
  ])('%s(%j) is %s', (method, given, code) => {
    expect(() => call(guard, method, ...given)).toThrow(expect.objectContaining({ code }))
  })

  test('its last argument is for it alone', () => {
    expect(() => guard.requireAnyRole('admin', 'viewer', { maxTokenAge: 60 })).not.toThrow()
    expect(() => guard.requireAllRoles('admin', { tenantParam: 'org' })).not.toThrow()
  })
})

test.each(versions)('$name: a property that cannot be set lets nobody in', async ({ express }) => {
  const guard = createGuard({ verifier, requestProperty: 'ip' })
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
  const app = express()
  app.get('/a', guard.requireAuth(), (_req, res) => res.json('open'))
  app.get('/b', guard.optionalAuth(), (_req, res) => res.json('open'))
  app.use(guard.errorHandler())
  const { get } = await serve(app)
  for (const [path, token] of [['/a', await tokenOf({})], ['/b']] as const) {
    const { status, code } = await get(path, token)
    expect({ status, code }).toEqual({ status: 500, code: 'option_invalid' })
  }
  const message = expect.stringMatching(/"requestProperty" is a property that cannot be set/)
  const told = { type: 'TenantryWarning', code: 'option_invalid' }
  expect(warn.mock.calls).toEqual([
    [message, told],
    [message, told],
  ])
})

describe.each(versions)('$name: what makes a guard, in the place of one', ({ express }) => {
  const guard = createGuard({ verifier })
  const makers = {
    requireAuth: 'guard.requireAuth()',
    optionalAuth: 'guard.optionalAuth()',
    requireTenant: 'guard.requireTenant()',
    requireRole: "guard.requireRole('admin')",
    requireAnyRole: "guard.requireAnyRole('admin', 'viewer')",
    requireAllRoles: "guard.requireAllRoles('admin', 'viewer')",
    requirePermission: "guard.requirePermission('widgets:read')",
    require: "guard.require({ exactly: 'admin' })",
    errorHandler: 'app.use(guard.errorHandler())',
  }

  test.each(Object.entries(makers))(
    '%s lets nobody in, and says how it is called',
    async (name, fix) => {
      const app = express()
      app.use('/t/:tenantId', Reflect.get(guard, name))
      app.use('/t/:tenantId', (_req, res) => res.json('reached'))
      const told: ErrorRequestHandler = (error, _req, res, _next) => {
        res.status(500).json({ code: error.code, message: error.message })
      }
      app.use(told)
      const { status, text } = await (await serve(app)).get('/t/acme', await tokenOf({ acme: [] }))
      expect(status).toBe(500)
      expect(JSON.parse(text)).toEqual({
        code: 'option_invalid',
        message: expect.stringMatching(new RegExp(`^${name} makes the .*: `)),
      })
      expect(JSON.parse(text).message).toContain(fix)
    },
  )

  test('an error handler that is not called does not take refusals over', async () => {
    const own = createGuard({ verifier })
    expect(() => call(own, 'errorHandler', {})).toThrow()
    const app = express()
    app.get('/', own.requireAuth(), (_req, res) => res.json('reached'))
    expect((await (await serve(app)).get('/')).code).toBe('credentials_missing')
  })
})

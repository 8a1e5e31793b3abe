/** The caller, for handlers: whatever the property is, and never a caller that was not checked. */
import { createGuard, getAuth, getOptionalAuth } from '@tenantry/express'
import type { ErrorRequestHandler } from 'express'
import { describe, expect, test } from 'vitest'
import { versions } from './support/express-versions.ts'
import { serve } from './support/serve.ts'
import { tokenOf, verifier } from './support/tokens.ts'

describe.each(versions)('$name', ({ express }) => {
  const told: ErrorRequestHandler = (error, _req, res, _next) => {
    res.status(error.status).json({ code: error.code, message: error.message })
  }

  test('it is found whatever the property is', async () => {
    const guard = createGuard({ verifier, requestProperty: 'caller' })
    const app = express()
    app.get('/t/:tenantId', guard.requireTenant(), (req, res) => {
      const same = Reflect.get(req, 'caller') === getAuth(req)
      const { tenantId, userId } = getAuth(req)
      res.json({ same, tenantId, userId, auth: req.auth, frozen: Object.isFrozen(getAuth(req)) })
    })
    const answer = await (await serve(app)).get('/t/acme', await tokenOf({ acme: [] }))
    expect(JSON.parse(answer.text)).toEqual({
      same: true,
      tenantId: 'acme',
      userId: 7,
      frozen: true,
    })
  })

  test('what somebody else puts into the property is not believed', async () => {
    const app = express()
    app.get('/', createGuard({ verifier }).requireAuth(), (req, res) => {
      Reflect.set(req, 'auth', { userId: 'somebody else' })
      res.json(getAuth(req).userId)
    })
    expect((await (await serve(app)).get('/', await tokenOf({}))).text).toBe('7')
  })

  test('can asks about the tenant that was checked', async () => {
    const app = express()
    app.get('/t/:tenantId', createGuard({ verifier }).requireTenant(), (req, res) => {
      res.json([getAuth(req).can('viewer'), getAuth(req).can('billing')])
    })
    const token = await tokenOf({ acme: ['admin'], other: ['billing'] })
    expect((await (await serve(app)).get('/t/acme', token)).text).toBe('[true,false]')
  })

  test('without a guard the error says what to add', async () => {
    const app = express()
    app.get('/', (req, res) => res.json(getAuth(req)))
    app.get('/optional', (req, res) => res.json(getOptionalAuth(req)))
    app.use(told)
    const { get } = await serve(app)
    for (const path of ['/', '/optional']) {
      const answer = await get(path, await tokenOf({}))
      expect([answer.status, answer.code]).toEqual([500, 'option_invalid'])
      expect(answer.text).toContain('const guard = createGuard({ verifier })')
      expect(answer.text).toContain(
        "app.get('/tenants/:tenantId/widgets', guard.requireRole('admin'), handler)",
      )
      expect(answer.text).not.toContain('guard.requireAuth()')
      expect(answer.text).toMatch(/requireAuth\(\) lets in .* checks no tenant/)
    }
  })

  test('somebody anonymous is undefined where that is allowed, and an error where it is not', async () => {
    const app = express()
    app.use(createGuard({ verifier }).optionalAuth())
    app.get('/', (req, res) => res.json(getAuth(req)))
    app.get('/optional', (req, res) => res.json({ known: getOptionalAuth(req) !== undefined }))
    app.use(told)
    const { get } = await serve(app)
    expect((await get('/optional')).text).toBe('{"known":false}')
    expect((await get('/optional', await tokenOf({}))).text).toBe('{"known":true}')
    const answer = await get('/')
    expect(answer.status).toBe(500)
    expect(answer.text).toContain(
      'Ask with getOptionalAuth(req), or put another guard on its route',
    )
    expect(answer.text).toContain("guard.requireRole('admin')")
    expect(answer.text).toMatch(/requireAuth\(\) lets in .* checks no tenant/)
  })
})

/** What is particular about Express: the application's own error handler. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGuard } from '@tenantry/express'
import express from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { createWorld, get, tokenFor, verifier } from './world.ts'

it('refuses a middleware that nobody has called, in the answer and not by hanging', async () => {
  const { databases } = createWorld()
  const { middleware } = databases
  expect(() => Reflect.apply(middleware, databases, [{}, {}, () => undefined])).toThrow(
    /call it, databases.middleware\(\)/,
  )
})

it('hands refusals to guard.errorHandler() where there is one', async () => {
  const { databases } = createWorld()
  const guard = createGuard({ verifier, realm: 'shop' })
  const app = express()
  app.get('/t/:tenantId', guard.requireTenant(), databases.middleware(), (_req, res) => {
    res.json({})
  })
  const seen: unknown[] = []
  app.use(((error, _req, _res, next) => {
    seen.push(error.code)
    next(error)
  }) satisfies express.ErrorRequestHandler)
  app.use(guard.errorHandler())
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  await databases.suspend('acme')
  const { port } = server.address() as AddressInfo
  const { code, headers } = await get(`http://127.0.0.1:${port}/t/acme`, await tokenFor('acme'))
  expect([code, seen]).toEqual(['tenant_suspended', ['tenant_suspended']])
  expect(headers.get('www-authenticate')).toContain('realm="shop"')
})
